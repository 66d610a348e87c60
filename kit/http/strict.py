"""Nothing is ignored: what an endpoint does not know, or is told twice, is refused by its name."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from kit.http.refusals import BodyNotTaken, FieldRepeated, ParameterRepeated, ParameterUnknown
from language.refusals import cut

API: Final = "/v1/"
"""Where our own addresses begin. Those of OpenID Connect pass over what they do not know, as it demands."""
_EMPTY: Final = frozenset({b"", b"{}"})
_NAMED: Final = 5


class StrictRoute(APIRoute):
    """A route that knows what it takes."""

    @cached_property
    def parameters(self) -> dict[str, bool]:
        """Its query parameters, and whether each may come more than once."""
        return {
            field.alias: "list" in str(field.field_info.annotation)
            for part in _parts(self.dependant)
            for field in part.query_params
        }

    @property
    def takes_body(self) -> bool:
        """It reads one."""
        return self.body_field is not None or "requestBody" in (self.openapi_extra or {})


async def refuse_unknown(request: Request) -> None:
    """Refuse a query parameter that the route does not have or takes once only, a body where none is taken,
    and one that has a field twice. A dependency of every route."""
    route = request.scope.get("route")
    if not isinstance(route, StrictRoute) or not request.url.path.startswith(API):
        return
    known = route.parameters
    given = Counter(name for name, _ in request.query_params.multi_items())
    if unknown := [name for name in given if name not in known]:
        raise ParameterUnknown(names=_listed(unknown), known=", ".join(sorted(known)) or "–")
    if repeated := [name for name, count in given.items() if count > 1 and not known[name]]:
        raise ParameterRepeated(names=_listed(repeated))
    if request.method in {"GET", "HEAD"}:
        return
    if not route.takes_body:
        await _refuse_body(request)
    elif route.body_field is not None:
        _refuse_repeated(await request.body())


def _parts(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _parts(inner)


async def _refuse_body(request: Request) -> None:
    # An empty object says nothing; some clients cannot send a command without one.
    if (await request.body()).strip() not in _EMPTY:
        raise BodyNotTaken


def _refuse_repeated(body: bytes) -> None:
    repeated: dict[str, None] = {}

    def look(pairs: list[tuple[str, Any]]) -> None:
        counted = Counter(name for name, _ in pairs)
        repeated.update(dict.fromkeys(name for name, count in counted.items() if count > 1))

    try:
        json.loads(body, object_pairs_hook=look)
    except ValueError:
        # No JSON, or none that can be read: whoever reads the body says so.
        return
    if repeated:
        names = [name.encode("utf-8", "replace").decode() for name in repeated]
        raise FieldRepeated(names=_listed(names))


def _listed(names: list[str]) -> str:
    return ", ".join(cut(name) for name in names[:_NAMED])
