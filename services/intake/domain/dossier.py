"""A dossier: the statutory request for recognition, its authors, and where it stands (Decree 13/2012, article 5; Circular 18/2013, article 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.intake.domain.formal_check import FormalCheck
from services.intake.domain.refusals import NotFiledYet
from workflows.contracts.ids import DossierId, PersonId, SeasonId, UnitId
from workflows.contracts.journey import AuthorShare


class DossierState(StrEnum):
    """The life of a dossier. ACCEPTED lasts through the examination at every level."""

    DRAFT = "DRAFT"
    FILED = "FILED"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    ACCEPTED = "ACCEPTED"
    REQUEST_REJECTED = "REQUEST_REJECTED"
    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class InitiativeKind(StrEnum):
    """The four kinds of solution (Decree 13/2012, article 3.1)."""

    TECHNICAL = "TECHNICAL"
    MANAGEMENT = "MANAGEMENT"
    OPERATIONAL = "OPERATIONAL"
    TECHNICAL_PROGRESS_APPLICATION = "TECHNICAL_PROGRESS_APPLICATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as the form asks; in a draft all but the person may still be missing."""

    person_id: PersonId
    full_name: str | None = None
    date_of_birth: date | None = None
    workplace: str | None = None
    job_title: str | None = None
    qualification: str | None = None
    contribution_percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who took part in organising the first application."""

    full_name: str
    date_of_birth: date | None = None
    workplace: str | None = None
    job_title: str | None = None
    qualification: str | None = None
    work_done: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRequest:
    """The form as far as it is written. `first_applied_on` is the first application or trial, whichever was earlier."""

    title: str | None = None
    application_field: str | None = None
    problem_solved: str | None = None
    kind: InitiativeKind | None = None
    first_applied_on: date | None = None
    description: str | None = None
    applicability: str | None = None
    conditions: str | None = None
    benefit_by_author: str | None = None
    benefit_by_others: str | None = None
    monetary_benefit_dong: int | None = None
    confidential_information: str | None = None
    investor: str | None = None
    declaration_of_truth: bool = False
    authors: tuple[Author, ...] = ()
    participants: tuple[Participant, ...] = ()

    @property
    def shares(self) -> tuple[AuthorShare, ...]:
        """Who contributed how much, for the journey."""
        return tuple(
            AuthorShare(person_id=author.person_id, percent=author.contribution_percent)
            for author in self.authors
            if author.contribution_percent is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What filing gives: the line in the unit's register of requests, and the day by which the answer comes."""

    code: str
    register_year: int
    register_number: int
    filed_at: datetime
    filed_on: date
    answer_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier with its request and, once filed, its receipt and formal check. `version` grows with every change."""

    id: DossierId
    state: DossierState
    unit_id: UnitId
    unit_path: tuple[UUID, ...]
    season_id: SeasonId
    lead_author_id: PersonId
    version: int
    created_at: datetime
    updated_at: datetime
    request: RecognitionRequest
    receipt: Receipt | None = None
    check: FormalCheck | None = None
    withdrawal_requested_at: datetime | None = None
    withdrawal_reason: str | None = None
    closed_at: datetime | None = None

    @property
    def author_ids(self) -> frozenset[PersonId]:
        """Everybody who is an author, the lead author included; none of them ever acts as an official on the dossier."""
        return frozenset({self.lead_author_id, *(author.person_id for author in self.request.authors)})

    @property
    def filed(self) -> tuple[Receipt, FormalCheck]:
        """What only a filed dossier has; `NotFiledYet` for a draft."""
        if self.receipt is None or self.check is None:
            raise NotFiledYet
        return self.receipt, self.check


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierLine:
    """A dossier in a list; no personal data."""

    id: DossierId
    code: str | None
    title: str | None
    kind: InitiativeKind | None
    state: DossierState
    unit_id: UnitId
    season_id: SeasonId
    lead_author_id: PersonId
    created_at: datetime
    filed_at: datetime | None
    withdrawal_requested_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A line of the register of requests that a unit keeps (Circular 18/2013, article 6.1)."""

    register_year: int
    register_number: int
    dossier_id: DossierId
    code: str
    title: str
    author_names: tuple[str, ...]
    state: DossierState
    filed_at: datetime
    answer_due_on: date
