"""A clerk of the unit prepares a dossier for an author. The author corrects it and files it, or agrees to
its filing by the clerk; without the author it is not filed."""

from uuid import UUID

from casework import rights
from casework.notices import notify_of
from casework.units import require_open
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.intake import DraftBegun, FilingAgreed
from language.refusals import UnitUnknown
from services.intake.domain.dossier import Dossier, DossierContent, DossierState
from services.intake.domain.refusals import AuthorNotOfUnit, FilingNotAgreed, NothingToAgree, WrongState
from services.intake.operations.authors import confirm_own, tell_of_authors
from services.intake.operations.drafting import Place, begin_draft
from services.intake.operations.moving import matter_of, record_of
from services.intake.operations.reading import PREPARERS, author_of, lock_own
from services.intake.store import dossiers, people


async def prepare_draft(
    tx: Tx, caller: Principal, author_id: UUID, place: tuple[UUID, UUID], content: DossierContent
) -> Dossier:
    """A draft of this author, who can sign in and holds a post in the unit; `place` are unit and season. The
    author is told, and is the filer."""
    unit_id, season_id = place
    actor = await rights.require_in(tx, caller, PREPARERS, unit_id)
    path = await people.unit_path(tx, unit_id)
    if path is None:
        raise UnitUnknown
    await require_open(tx, unit_id)
    if not await people.can_agree_in(tx, author_id, unit_id, local_day(tx.now)):
        raise AuthorNotOfUnit
    belongs = Place(unit_id=unit_id, unit_path=path, season_id=season_id)
    dossier = await begin_draft(tx, author_id, belongs, content, prepared_by=caller.person_id)
    fact = DraftBegun(unit_id=unit_id, season_id=season_id, author_id=author_id)
    event_id = await record_of(tx, dossier, fact, actor)
    await notify_of(tx, event_id, fact, matter_of(dossier, None), [author_id])
    await tell_of_authors(tx, event_id, dossier, (), dossier.content.authors)
    return dossier


async def agree_to_filing(tx: Tx, caller: Principal, dossier_id: UUID, version: int) -> Dossier:
    """The author stands by what the clerk has prepared, in the version that was read: the clerk may file it,
    as long as nobody changes it."""
    dossier = await lock_own(tx, caller, dossier_id, version)
    if dossier.state is not DossierState.DRAFT:
        raise WrongState(state=dossier.state)
    if dossier.prepared_by is None:
        raise NothingToAgree
    await dossiers.save_agreement(tx, dossier_id, is_agreed=True)
    await confirm_own(tx, caller, dossier)
    fact = FilingAgreed()
    event_id = await record_of(tx, dossier, fact, author_of(caller))
    await notify_of(tx, event_id, fact, matter_of(dossier, None), {dossier.prepared_by} - {caller.person_id})
    return await dossiers.get_dossier(tx, dossier_id)


def require_agreed_filing(caller: Principal, dossier: Dossier) -> None:
    """Who files for the author files what the author agreed to."""
    if caller.person_id != dossier.filer_id and dossier.agreed_at is None:
        raise FilingNotAgreed
