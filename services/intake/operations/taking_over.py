"""The filer left: a co-author or the unit's clerk goes on with the dossier, for all authors."""

from uuid import UUID

from casework import tasks
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.ladder import give_out
from casework.notices import notify_of
from casework.own_work import is_there, look_at_own
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.base import Change
from language.events.intake import DossierTakenOver
from language.posts.kinds import OwnTask, PostTask
from services.intake.domain.dossier import UNDER_CHECK, Dossier, DossierState
from services.intake.domain.refusals import FilerIsThere, WrongState
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.moving import matter_of, record_of
from services.intake.operations.reading import lock_readable, on_behalf_of_authors
from services.intake.store import dossiers

_GOES_ON = UNDER_CHECK | {DossierState.DRAFT, DossierState.ACCEPTED}


async def take_over(tx: Tx, caller: Principal, dossier_id: UUID, reason: str) -> Dossier:
    """From now on the caller files, supplements and withdraws. Only while the filer cannot: has no account or
    no post any more, or is away. What the clerk takes over somebody else checks."""
    dossier = await lock_readable(tx, caller, dossier_id)
    actor = await on_behalf_of_authors(tx, caller, dossier)
    if dossier.state not in _GOES_ON:
        raise WrongState(state=dossier.state)
    if caller.person_id == dossier.filer_id or await is_there(tx, dossier.filer_id):
        raise FilerIsThere
    await dossiers.take_over(tx, dossier.id, caller.person_id)
    fact = DossierTakenOver(filer=Change(old=dossier.filer_id, new=caller.person_id), reason=reason)
    event_id = await record_of(tx, dossier, fact, actor)
    concerned = {*dossier.told_ids, dossier.filer_id} - {caller.person_id}
    await notify_of(tx, event_id, fact, matter_of(dossier, dossier.supplement_due_at), sorted(concerned))
    for task in await tasks.pending_tasks(tx, dossier.id, OwnTask.SUPPLEMENT):
        await tasks.give_task(tx, task.id, caller.person_id, None)
    await look_at_own(tx, [caller.person_id])
    await _let_others_check(tx, caller, dossier)
    return await dossiers.get_dossier(tx, dossier.id)


async def _let_others_check(tx: Tx, caller: Principal, dossier: Dossier) -> None:
    """If the caller has the check, it goes to another officer, else to the head above; the clock stands as it
    stood."""
    given = await tasks.pending_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    if caller.person_id not in {task.assignee_id for task in given}:
        return
    await tasks.cancel_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    longer = (await give_out(tx, FORMAL_CHECK, dossier.check_id)).clock
    if dossier.state is DossierState.SUPPLEMENT_REQUESTED:
        await tasks.suspend_tasks(tx, dossier.check_id, PostTask.FORMAL_CHECK)
    if longer:
        await signal_moved(tx, new_id(), await kept_clock(tx, dossier.check_id))
