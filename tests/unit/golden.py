"""`python -m tests.unit.golden`: writes one JSON example of every message that has none yet.

An example stands for messages in the histories of dossiers under way, so it is never written again.
"""

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

from temporalio.api.common.v1 import Payload

from kit.wire import data_converter
from language.messages import versions
from language.messages.case import CaseActivities
from language.messages.intake import IntakeActivities
from language.messages.payout import PayoutActivities
from language.messages.review import ReviewActivities
from language.messages.transition import TransitionActivities
from workflows.case import CaseWorkflow
from workflows.initiative import InitiativeWorkflow
from workflows.transition import TransitionWorkflow

EXAMPLES = Path(__file__).parent / "messages"
PORTS = (TransitionActivities, IntakeActivities, ReviewActivities, PayoutActivities, CaseActivities)

_CONVERTER = data_converter().payload_converter
_PLAIN: dict[type, Any] = {
    bool: True,
    int: 7,
    float: 2.5,
    Decimal: Decimal("33.34"),
    date: date(2026, 9, 2),
    datetime: datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC),
    timedelta: timedelta(minutes=4, seconds=2.5),
}


def messages() -> dict[str, type]:
    """Every type that a workflow or an activity takes or gives."""
    found: dict[str, type] = {}
    for owner in (*PORTS, InitiativeWorkflow, CaseWorkflow, TransitionWorkflow):
        for name, method in vars(owner).items():
            if callable(method) and (not name.startswith("_") or name == "__init__"):
                found |= {
                    hint.__name__: hint
                    for hint in get_type_hints(method).values()
                    if dataclasses.is_dataclass(hint)
                }
    return found


def _items(hint: Any, name: str) -> Iterator[Any]:
    yield example(get_args(hint)[0], name)


def example(hint: Any, name: str) -> Any:
    """A value of this type; strings bear the field's name, every optional value is there."""
    if isinstance(hint, NewType):
        return example(hint.__supertype__, name)
    if get_origin(hint) in {Union, UnionType}:
        return example(next(arg for arg in get_args(hint) if arg is not NoneType), name)
    if get_origin(hint) in {tuple, frozenset}:
        return get_origin(hint)(_items(hint, name))
    if dataclasses.is_dataclass(hint):
        values = {field: example(inner, field) for field, inner in get_type_hints(hint).items()}
        return hint(**values | _own_version(hint))  # type: ignore[operator]
    if issubclass(hint, Enum):
        return next(iter(hint))
    return _scalar(hint, name)


def _own_version(kind: Any) -> dict[str, int]:
    """A message that bears a version bears its own."""
    own = next((one.default for one in dataclasses.fields(kind) if one.name == versions.FIELD), None)
    return {versions.FIELD: own} if isinstance(own, int) else {}


def _scalar(hint: Any, name: str) -> Any:
    if hint is str:
        return f"{name} ằ"
    return uuid5(NAMESPACE_URL, name) if hint is UUID else _PLAIN[hint]


def encode(message: object) -> Any:
    """The JSON that travels."""
    return json.loads(_CONVERTER.to_payload(message).data)


def decode(written: Any, hint: type) -> Any:
    """What a worker makes of it."""
    return _CONVERTER.from_payload(
        Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(written).encode()), hint
    )


def write_missing() -> None:
    """An example of each message that has none."""
    EXAMPLES.mkdir(exist_ok=True)
    for name, hint in messages().items():
        file = EXAMPLES / f"{name}.json"
        if not file.exists():
            file.write_text(
                json.dumps(encode(example(hint, name)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )


if __name__ == "__main__":
    write_missing()
