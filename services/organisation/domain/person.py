"""People and their leave."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. `code` is the office's own (staff number). `mail_address` is where the office knows the
    person to be reached; birth dates leave this service only through its API. `joined_into`: another record
    of the same person, which stands for this one."""

    id: UUID
    code: str
    full_name: str
    date_of_birth: date | None
    mail_address: str | None = None
    joined_into: UUID | None = None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days on which a person is away, both included."""

    id: UUID
    person_id: UUID
    starts_on: date
    ends_on: date
