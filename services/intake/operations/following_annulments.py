"""What a decision that no longer stands makes of its dossier: a refusal is examined again, a recognition that
was cancelled is none any more."""

from casework.annulments import Annulment
from kit.db import Tx
from kit.outbox import resume_workflow
from language.events.intake import DossierReopened, RecognitionEnded
from language.ids import EventId
from language.names import Signal
from language.plan.rule_kinds import DecisionActKind
from language.time_scale import TimeScale
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.operations.moving import record_of
from services.intake.operations.starting_anew import start_anew
from services.intake.store import dossiers, stages


class FollowAnnulments:
    """Also starts the journey of what is examined again, on the time scale of the service."""

    def __init__(self, scale: TimeScale | None) -> None:
        self._scale = scale

    async def __call__(self, tx: Tx, annulment: Annulment) -> bool:
        """While the journey goes on it takes what follows by itself, and is asked again when it is closed."""
        dossier = await dossiers.lock_dossier(tx, annulment.dossier_id)
        if dossier.closed_at is None:
            return False
        if annulment.kind is DecisionActKind.REOPENING:
            await self._reopen(tx, dossier, annulment)
        elif dossier.state is DossierState.RECOGNISED and not await stages.is_recognised(tx, dossier.id):
            await dossiers.cancel_recognition(tx, dossier.id)
            fact = RecognitionEnded(level=annulment.level, decision_number=annulment.decision_number)
            await record_of(tx, dossier, fact)
        return True

    async def _reopen(self, tx: Tx, dossier: Dossier, annulment: Annulment) -> None:
        """The run of the dossier may be over, or wait for an award of another level: it is told where the
        dossier goes on, or starts there."""
        if annulment.new_stage_id is None:
            raise AssertionError("what is examined again has its stage")
        await dossiers.reopen(tx, dossier.id)
        fact = DossierReopened(
            level=annulment.level,
            new_stage_id=annulment.new_stage_id,
            decision_number=annulment.decision_number,
        )
        event_id = EventId(await record_of(tx, dossier, fact))
        start = await start_anew(tx, dossier.id, event_id, self._scale)
        await resume_workflow(tx, start, Signal.REOPENED)
