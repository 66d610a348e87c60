"""What a complaint is about, as it stands: the refusal of a stage, or the rejection of a request."""

from casework.plans import plan_named
from kit.db import Tx
from language.ids import PersonId
from services.review.domain.complaint import Complained
from services.review.domain.stage import DecidedStage
from services.review.store import rejected_requests
from services.review.store.rejected_requests import FiledRequest


def refusal_of(stage: DecidedStage) -> Complained:
    """The refusal of this stage. Who was stood in for has decided, too."""
    decider = stage.decider
    return Complained(
        stage_id=stage.id,
        check_revision=None,
        dossier_id=stage.dossier_id,
        dossier_code=stage.dossier_code,
        level=stage.level,
        unit_id=stage.unit_id,
        first_number=stage.ruling.decision_number,
        author_ids=stage.author_ids,
        interested=(),
        decided_by=[one for one in (decider.person_id, decider.on_behalf_of) if one] if decider else (),
        decided_at=stage.ruling.decided_at,
        plan=stage.plan,
        rule_version=stage.rule_version,
    )


async def rejection_of(tx: Tx, request: FiledRequest) -> Complained:
    """The rejection of this request, by the rules of the dossier."""
    plan = await plan_named(tx, request.plan_hash)
    return Complained(
        stage_id=None,
        check_revision=request.check_revision,
        dossier_id=request.id,
        dossier_code=request.code,
        level=None,
        unit_id=request.unit_id,
        first_number=None,
        author_ids=await rejected_requests.authors_of(tx, request),
        interested=[PersonId(person) for person in request.filers],
        decided_by=await rejected_requests.rejected_by(tx, request),
        decided_at=request.acted_at,
        plan=plan.formal_check,
        rule_version=plan.rule_version,
    )
