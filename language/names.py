"""Every name that Temporal sees: workflow types and ids, task queues, signals, search attributes. None holds
a person's name."""

from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from temporalio.common import SearchAttributeKey

from language.cases import CaseType
from language.ids import DossierId, StageId, TransitionId

INITIATIVE_WORKFLOW: Final = "InitiativeWorkflow"
TRANSITION_WORKFLOW: Final = "TransitionWorkflow"
CASE_WORKFLOW: Final = "CaseWorkflow"


class TaskQueue(StrEnum):
    """A task queue bears its owner's name."""

    WORKFLOWS = "workflows"
    ORGANISATION = "organisation"
    RULEBOOK = "rulebook"
    INTAKE = "intake"
    REVIEW = "review"
    PAYOUT = "payout"
    POSTROOM = "postroom"


SERVICES: Final = tuple(queue for queue in TaskQueue if queue is not TaskQueue.WORKFLOWS)
"""Every service, in the order in which their schemas come up: what is published before who reads it. A
service's name is its schema, its task queue, and what its role and its process are called by."""

PORTAL: Final = "portal"
"""The pages for people: no service, for nothing is theirs but who is signed in. Their schema, role and
process are called by this name."""
SCHEMAS: Final = (*SERVICES, PORTAL)
"""Everything with a schema and a role of its own."""


class Signal(StrEnum):
    """Facts that a service has accepted and the workflow is told of."""

    FORMAL_CHECK_MOVED = "formal_check_moved"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    STAGE_DECIDED = "stage_decided"
    AWARD_MOVED = "award_moved"
    CLOCK_MOVED = "clock_moved"
    RULES_CHANGED = "rules_changed"
    TRANSITION_SETTLED = "transition_settled"
    CASE_ENDED = "case_ended"
    REOPENED = "reopened"
    STAGE_OPENED_ANEW = "stage_opened_anew"


DOSSIER_STATE: Final = SearchAttributeKey.for_keyword("DossierState")
REVIEW_LEVEL: Final = SearchAttributeKey.for_keyword("ReviewLevel")
RECOGNISING_UNIT: Final = SearchAttributeKey.for_keyword("RecognisingUnit")
SEASON: Final = SearchAttributeKey.for_keyword("Season")
STAGE_DUE_AT: Final = SearchAttributeKey.for_datetime("StageDueAt")
SEARCH_ATTRIBUTES: Final = (DOSSIER_STATE, REVIEW_LEVEL, RECOGNISING_UNIT, SEASON, STAGE_DUE_AT)

_STAGES: Final = UUID("5a1a9e0c-7d0e-5b0a-9a55-0c2f6f1f7e11")


INITIATIVE_PREFIX: Final = "initiative:"
TRANSITION_PREFIX: Final = "transition:"


def initiative_workflow_id(dossier_id: DossierId) -> str:
    """The one workflow of a dossier."""
    return f"{INITIATIVE_PREFIX}{dossier_id}"


def case_workflow_prefix(case: CaseType) -> str:
    """How the ids of workflows of this type of case begin."""
    return f"case:{case.lower()}:"


def case_workflow_id(case: CaseType, about_id: UUID) -> str:
    """The one workflow of a case that lies in no dossier."""
    return f"{case_workflow_prefix(case)}{about_id}"


def transition_workflow_id(transition_id: TransitionId) -> str:
    """The one workflow of a transition."""
    return f"{TRANSITION_PREFIX}{transition_id}"


def stage_id(dossier_id: DossierId, level: str, transition_id: TransitionId | None = None) -> StageId:
    """The same stage has the same id however often its opening is repeated. What opens after a change of
    rules is another stage."""
    changed = f":{transition_id}" if transition_id else ""
    return StageId(uuid5(_STAGES, f"{dossier_id}:{level}{changed}"))
