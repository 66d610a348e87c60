"""A complaint about the rejection of a request was upheld: the request is checked again, by the rules of the
dossier, with a clock and a task of its own, and its journey goes on there."""

from typing import Final

from casework.calendars import start_clock
from casework.plans import plan_named
from casework.watching import Watched
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import resume_workflow
from language.events.intake import RequestReopened
from language.ids import EventId
from language.names import Signal
from language.time_scale import TimeScale
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.operations.moving import record_of
from services.intake.operations.opening import open_check
from services.intake.operations.starting_anew import start_anew
from services.intake.store import dossiers
from services.intake.store.upheld_complaints import UpheldComplaint, waiting

_NAME: Final = "upheld complaints"


class CheckAgain:
    """Also starts the journey of what is checked again, on the time scale of the service."""

    def __init__(self, scale: TimeScale | None) -> None:
        self._scale = scale

    async def __call__(self, tx: Tx, upheld: UpheldComplaint) -> None:
        """Under the lock of the dossier; a repeat finds it done."""
        dossier = await dossiers.lock_dossier(tx, upheld.dossier_id)
        if (
            dossier.state is DossierState.REQUEST_REJECTED
            and dossier.closed_at is not None
            and dossier.check_revision == upheld.check_revision
        ):
            await self._check_again(tx, dossier, upheld)

    async def _check_again(self, tx: Tx, dossier: Dossier, upheld: UpheldComplaint) -> None:
        if dossier.plan_hash is None:
            raise AssertionError("a dossier that was filed keeps its rules")
        plan = (await plan_named(tx, dossier.plan_hash)).formal_check
        started = await start_clock(tx, dossier.unit_path, plan.check, plan.ladder, tx.now)
        check_id = new_id()
        await dossiers.check_again(tx, dossier.id, check_id, started.due_at, plan)
        again = await dossiers.get_dossier(tx, dossier.id)
        fact = RequestReopened(complaint_id=upheld.id, check_id=check_id, due_at=started.due_at)
        event_id = EventId(await record_of(tx, again, fact))
        await open_check(tx, again, plan, started)
        start = await start_anew(tx, dossier.id, event_id, self._scale)
        await resume_workflow(tx, start, Signal.REOPENED)


def upheld_complaints(scale: TimeScale | None) -> Watched[UpheldComplaint]:
    """What intake follows of them."""
    return Watched(name=_NAME, waiting=waiting, follow=CheckAgain(scale))
