"""What holds people's data, asked of all services; and which declarations say what each holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from casework.history.looking import looking_at
from casework.joined import records_of, stand_for
from casework.personal.fate import NAMELESS
from casework.personal.held import PersonalData
from casework.personal.ties import TieKind
from casework.personal.whose import Bond
from embedded.errors import WrongSetting
from kit.rows import read
from kit.settings import SettingsUnfit, settings_of
from kit.terms import PersonTerms
from language.names import TaskQueue
from language.views import View
from services.intake.store.personal_data import PERSONAL_DATA as OF_INTAKE
from services.organisation.store.personal_data import PERSONAL_DATA as OF_ORGANISATION
from services.payout.store.personal_data import PERSONAL_DATA as OF_PAYOUT
from services.postroom.store.personal_data import PERSONAL_DATA as OF_POSTROOM
from services.review.store.personal_data import PERSONAL_DATA as OF_REVIEW
from services.rulebook.store.personal_data import PERSONAL_DATA as OF_RULEBOOK

HELD_BY: Final[Mapping[TaskQueue, PersonalData]] = {
    TaskQueue.ORGANISATION: OF_ORGANISATION,
    TaskQueue.RULEBOOK: OF_RULEBOOK,
    TaskQueue.INTAKE: OF_INTAKE,
    TaskQueue.REVIEW: OF_REVIEW,
    TaskQueue.PAYOUT: OF_PAYOUT,
    TaskQueue.POSTROOM: OF_POSTROOM,
}
WITH_A_NAME: Final = f"""
select p.id, array_agg(j.joined_id) filter (where j.joined_id is not null) as joined_ids
from people p left join {View.JOININGS} j on j.kept_id = p.id
where p.joined_into is null and p.full_name <> '{NAMELESS}' group by p.id order by p.id
"""
IS_KNOWN: Final = "select exists (select from people where id = $1)"


def years_kept() -> Mapping[TieKind, int]:
    """The terms, as the settings say; `WrongSetting` names the one that makes no sense."""
    try:
        terms = settings_of(PersonTerms, TaskQueue.ORGANISATION)
    except SettingsUnfit as unfit:
        raise WrongSetting(f"{unfit.detail_vi} ({unfit.detail_en})") from None
    return {
        TieKind.KNOWN: terms.post_kept_years,
        TieKind.POST: terms.post_kept_years,
        TieKind.CASE: terms.dossier_kept_years,
        TieKind.RECOGNITION: terms.recognition_kept_years,
        TieKind.MONEY: terms.payment_kept_years,
    }


async def records(database: str, person_id: UUID) -> Mapping[UUID, Sequence[UUID]]:
    """The record that stands for the person, with all that were joined to it; empty for nobody."""
    async with looking_at(database, TaskQueue.ORGANISATION.value) as tx:
        if not await tx.conn.fetchval(IS_KNOWN, person_id):
            return {}
        kept_id = (await stand_for(tx, [person_id]))[person_id]
        return {kept_id: sorted(await records_of(tx, kept_id))}


async def records_with_a_name(database: str) -> Mapping[UUID, Sequence[UUID]]:
    """The same of everybody who is not nameless yet."""
    async with looking_at(database, TaskQueue.ORGANISATION.value) as tx:
        rows = await tx.conn.fetch(WITH_A_NAME)
        return {row["id"]: sorted([row["id"], *(row["joined_ids"] or ())]) for row in rows}


async def bonds(database: str, record_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[Bond]]:
    """What holds each of these records."""
    ids = list(record_ids)
    found: dict[UUID, list[Bond]] = defaultdict(list)
    for service, data in HELD_BY.items():
        async with looking_at(database, service.value) as tx:
            for tie in data.ties:
                for row in await tx.conn.fetch(tie.statement, ids):
                    bond = read(Bond, row, kind=tie.kind)
                    found[bond.person_id].append(bond)
    return found
