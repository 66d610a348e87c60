"""The router of every API: its routes are whole, and an app takes them as they are."""

from fastapi import APIRouter, Depends

from kit.http.problems import PROBLEM_RESPONSES
from kit.http.strict import StrictRoute, refuse_unknown


class Router(APIRouter):
    """Routes that refuse in one manner and ignore nothing.

    An app takes `routes`. It does not include the router: FastAPI would then build every route a second time
    at the first request, and look for each request's route twice."""

    def __init__(self, *, tags: list[str], prefix: str = "", include_in_schema: bool = True) -> None:
        super().__init__(
            prefix=prefix,
            tags=[*tags],
            include_in_schema=include_in_schema,
            responses=PROBLEM_RESPONSES,
            dependencies=[Depends(refuse_unknown)],
            route_class=StrictRoute,
        )
