"""Refusals as RFC 9457 problem+json, in both languages, and nothing of the inside in any answer."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from kit.connecting import to_json
from kit.correlating import current_request_id
from kit.http.faults import in_english, in_vietnamese, place_in_vietnamese
from kit.http.refusals import (
    BadRequest,
    BodyTooLarge,
    BodyTooSlow,
    FieldUnknown,
    MethodUnknown,
    RequestInvalid,
    RouteUnknown,
    ServiceBusy,
    TooManyAtOnce,
)
from kit.outages import OUTAGES, NoConnectionFree, reason_of
from kit.telemetry import Repeated
from language.refusals import ListRefused, Refusal, cut

log = structlog.get_logger()

_ERRORS_SHOWN = 20
_PARTS_SHOWN = 5_000
_ERRORS_SUMMED = 3
_RETRY_SECONDS = "2"


class FieldError(BaseModel):
    """One field and what is wrong with it: `message` in Vietnamese, `message_en` the same in English."""

    path: str
    message: str
    message_en: str
    type: str


class Problem(BaseModel):
    """An answer that says no (RFC 9457). `code` is stable; `detail` is Vietnamese, `detail_en` the same in
    English. `request_id` is what to name when one asks about it."""

    model_config = ConfigDict(json_schema_extra={"title": "Problem"})

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    code: str
    facts: dict[str, str] = Field(default_factory=dict)
    errors: list[FieldError] = Field(default_factory=list)
    request_id: str | None = None


PROBLEM_MEDIA = "application/problem+json"
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    family: {
        "description": text,
        "content": {PROBLEM_MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for family, text in (
        ("4XX", "Refused; `code` says why"),
        ("503", "Away for a moment; repeat with the same key"),
    )
}


def problem_of(refusal: Refusal, errors: list[FieldError] | None = None) -> Problem:
    """A refusal as it is answered."""
    return Problem(
        type=f"urn:sangkien:refusal:{refusal.code}",
        title=refusal.code,
        status=refusal.status,
        detail=refusal.detail_vi,
        detail_en=refusal.detail_en,
        code=refusal.code,
        facts=refusal.facts,
        errors=errors or [],
        request_id=current_request_id(),
    )


def problem_response(
    refusal: Refusal, errors: list[FieldError] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The answer for a refusal."""
    problem = problem_of(refusal, errors)
    extra = dict(headers or {})
    if refusal.status == 401:
        extra["WWW-Authenticate"] = 'Bearer realm="sangkien"'
    if refusal.passes_by_itself:
        extra["Retry-After"] = _RETRY_SECONDS
    return Response(to_json(problem), status_code=refusal.status, media_type=PROBLEM_MEDIA, headers=extra)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    if isinstance(error, ListRefused):
        faults = [
            FieldError(path=part.path, message=part.vi, message_en=part.en, type=part.code)
            for part in error.parts[:_PARTS_SHOWN]
        ]
        return problem_response(error, _printable(faults))
    return problem_response(error)


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    unknown = [found for found in error.errors() if found["type"] == "extra_forbidden"]
    all_found = unknown or error.errors()
    shown = [
        (cut(".".join(str(part) for part in found["loc"])), found) for found in all_found[:_ERRORS_SHOWN]
    ]
    errors = [
        FieldError(
            path=path,
            message=cut(in_vietnamese(found)),
            message_en=cut(in_english(found)),
            type=str(found["type"]),
        )
        for path, found in shown
    ]
    summed = [(found, place, one) for (place, found), one in zip(shown, errors, strict=True)][:_ERRORS_SUMMED]
    more = len(all_found) - len(summed)
    summary = "; ".join(f"{place}: {one.message_en}" for _, place, one in summed)
    summary_vi = "; ".join(f"{cut(place_in_vietnamese(found))}: {one.message}" for found, _, one in summed)
    kind = FieldUnknown if unknown else RequestInvalid
    refusal = kind(
        summary=f"{summary}; and {more} more" if more else summary,
        summary_vi=f"{summary_vi}; và {more} chỗ khác" if more else summary_vi,
    )
    return problem_response(refusal, _printable(errors))


def _printable(errors: list[FieldError]) -> list[FieldError]:
    # A field name may itself hold a lone surrogate, which JSON in UTF-8 cannot.
    return [
        FieldError.model_construct(**{k: v.encode("utf-8", "replace").decode() for k, v in error})
        for error in errors
    ]


async def _http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            return problem_response(RouteUnknown(), headers=headers)
        case 405:
            return problem_response(MethodUnknown(), headers=headers)
        case 408:
            return problem_response(BodyTooSlow(), headers={**headers, "Connection": "close"})
        case 413:
            return problem_response(BodyTooLarge(), headers=headers)
        case _:
            return problem_response(BadRequest(reason=error.detail), headers=headers)


def _away() -> Callable[[Request, Exception], Awaitable[Response]]:
    told = Repeated()

    async def answer(_: Request, error: Exception) -> Response:
        if told.is_due():
            log.warning("http.away", reason=reason_of(error))
        return problem_response(TooManyAtOnce() if isinstance(error, NoConnectionFree) else ServiceBusy())

    return answer


def add_problem_handlers(app: FastAPI) -> None:
    """Render every refusal, and every outage as 503."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    away = _away()
    for outage in OUTAGES:
        app.add_exception_handler(outage, away)
