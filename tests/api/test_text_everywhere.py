"""Every text, number and day that any service takes is read in the one place: a walk over all endpoints."""

import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

import pytest
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError, create_model
from pydantic.fields import FieldInfo

from kit.http.models import In
from packs.form import Strict
from tests.conftest import ServiceOpener
from tests.service_cases import SERVICES, Opened, opened

STEERED = "a\u202eb\x1b[31mc\u200bd\u2066"
APART = unicodedata.normalize("NFD", "Đổi mới")
INVISIBLE = ("\u200b\u200b", "\u3164", "\u202e")
VERBATIM = {
    ("AccountIn", "password"),
    ("ImportPerson", "password"),
    ("OwnPasswordIn", "old"),
    ("OwnPasswordIn", "new"),
    ("AccountProposalIn", "password"),
    ("AccountProposalIn", "issuer"),
    ("AccountProposalIn", "subject"),
    ("CodeIn", "one_time_code"),
    ("OwnPasswordShown", "password"),
    ("IdentityIn", "issuer"),
    ("IdentityIn", "subject"),
    ("WebhookIn", "url"),
}
"""What is compared letter by letter with what others keep: passwords, and names that programs give."""


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models_in(field.annotation)
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _leaves(annotation: Any) -> set[type]:
    """The types of the values that it holds, but for the names in a mapping."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _leaves(inner[0])
    if get_origin(annotation) is dict:
        return _leaves(inner[1])
    if inner:
        return set().union(*(_leaves(one) for one in inner))
    return {annotation} if isinstance(annotation, type) else set()


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as service:
        yield service


def _all(routes: Iterable[object]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (included := getattr(route, "original_router", None)) is not None:
            yield from _all(included.routes)


def _routes(found: Opened) -> list[APIRoute]:
    routes = [route for route in _all(found.service.app.routes) if route.path.startswith("/v1/")]
    described = {path for path in found.service.app.openapi()["paths"] if path.startswith("/v1/")}
    assert {route.path for route in routes} == described
    return routes


def _body_fields(found: Opened) -> list[tuple[type[BaseModel], str, FieldInfo]]:
    """Every field of every body, also of what lies in it."""
    models = {
        model
        for route in _routes(found)
        if route.body_field is not None
        for model in _models_in(route.body_field.field_info.annotation)
    }
    return [(model, name, field) for model in models for name, field in model.model_fields.items()]


def _read(model: type[BaseModel], name: str, value: Any) -> Any:
    """What the field keeps of a value; None where it is refused."""
    base = next(base for base in (In, Strict, BaseModel) if issubclass(model, base))
    field: Any = (model.model_fields[name].annotation, model.model_fields[name])
    alone = create_model("Alone", __base__=base, **{name: field})
    try:
        return getattr(alone.model_validate({model.model_fields[name].alias or name: value}), name)
    except ValidationError:
        return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []


def _faults(read: Any) -> list[str]:
    """What is wrong with how a text is read."""
    faults = []
    if any("\u202e" in text or "\x1b" in text or "\u200b" in text for text in _texts(read(STEERED))):
        faults.append("keeps what steers")
    if any(text != unicodedata.normalize("NFC", text) for text in _texts(read(APART))):
        faults.append("keeps letters apart")
    if any(_texts(read(nothing)) for nothing in INVISIBLE):
        faults.append("takes what nobody sees")
    return faults


def _in_shape(annotation: Any, value: Any) -> Any:
    """The value in a list or a mapping, where the field wants one."""
    text = str(annotation)
    if "dict[" in text:
        return {"code": value}
    return [value] if "list[" in text or "tuple[" in text else value


async def test_every_text_in_a_body_is_cleaned_or_refused(found: Opened) -> None:
    faults = {}
    for model, name, field in _body_fields(found):
        if str in _leaves(field.annotation) and (model.__name__, name) not in VERBATIM:
            wrong = _faults(
                lambda value, m=model, n=name, f=field: _read(m, n, _in_shape(f.annotation, value))
            )
            if wrong:
                faults[f"{model.__name__}.{name}"] = wrong
    assert faults == {}


def _otherwise_written(leaves: set[type]) -> list[Any]:
    """What is no number, day or moment for a field of these types, though it could be taken for one."""
    if str in leaves:
        return []
    if Decimal in leaves:
        return ["1E+2", "1_0", "NaN", "５", True]
    if leaves & {datetime, AwareDatetime}:
        return [1764028800, "1764028800", 20000.0]
    if date in leaves:
        return [1764028800, "1764028800", 20000.0, "2025-11-25T00:00:00"]
    return [True] if int in leaves else []


async def test_every_number_and_day_in_a_body_is_written_in_one_way(found: Opened) -> None:
    faults = []
    for model, name, field in _body_fields(found):
        leaves = _leaves(field.annotation)
        for value in _otherwise_written(leaves):
            kept = _read(model, name, _in_shape(field.annotation, value))
            if kept not in (None, [], {}):
                faults.append(f"{model.__name__}.{name}: {value!r} is {kept!r}")
        zero = _read(model, name, _in_shape(field.annotation, "-0")) if Decimal in leaves else None
        if "-" in str(zero):
            faults.append(f"{model.__name__}.{name}: {zero}")
    assert faults == []


async def test_no_day_or_moment_in_a_body_lies_where_time_ends(found: Opened) -> None:
    # Of packs the last day is only compared, and those that were published are read for ever.
    faults = []
    for model, name, field in _body_fields(found):
        leaves = _leaves(field.annotation)
        ends = ["9999-12-31T20:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"]
        said = ends if leaves & {datetime, AwareDatetime} else ["9999-12-31"] if date in leaves else []
        for value in said if issubclass(model, In) else []:
            kept = _read(model, name, _in_shape(field.annotation, value))
            if kept not in (None, [], {}):
                faults.append(f"{model.__name__}.{name}: {value!r} is {kept!r}")
    assert faults == []


def _asked(dependant: Dependant) -> Iterator[ModelField]:
    """The query parameters of a route, also those that what it depends on takes."""
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _asked(inner)


async def test_every_text_and_day_in_an_address_is_read_alike(found: Opened) -> None:
    faults = {}
    for route in _routes(found):
        for parameter in _asked(route.dependant):
            info = parameter.field_info
            # A cursor, a pack and an order are compared with those that there are.
            if parameter.name in {"after", "other", "sort"}:
                continue
            reader: TypeAdapter[Any] = TypeAdapter(info.annotation if not info.metadata else _with(info))
            leaves = _leaves(info.annotation)

            def read(value: Any, reader: TypeAdapter[Any] = reader) -> Any:
                try:
                    return reader.validate_python(value)
                except ValidationError:
                    return None

            wrong = _faults(read) if str in leaves else []
            if {date, datetime, AwareDatetime} & leaves and read("1764028800") is not None:
                wrong.append("takes a number for a day")
            if wrong:
                faults[f"{route.path}?{parameter.name}"] = wrong
    assert faults == {}


async def test_every_number_in_an_address_is_written_in_digits(found: Opened) -> None:
    faults = []
    for route in _routes(found):
        for parameter in (*_asked(route.dependant), *route.dependant.path_params):
            info = parameter.field_info
            if not {int, Decimal} & _leaves(info.annotation):
                continue
            reader: TypeAdapter[Any] = TypeAdapter(info.annotation if not info.metadata else _with(info))
            for written in ("1_0", "+5", " 5", "5.0", "５", "٣", "1e1", "0x5"):
                try:
                    faults.append(
                        f"{route.path} {parameter.name}: {written!r} is {reader.validate_python(written)}"
                    )
                except ValidationError:
                    continue
    assert faults == []


def _with(info: FieldInfo) -> Any:
    return Annotated[(info.annotation, *info.metadata)]
