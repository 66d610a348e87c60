"""Records are joined as their day begins: one leader looks for those that are due, and carries each out in
one transaction. The other services read on in what was joined (`casework/joining_watch.py`)."""

from datetime import date
from typing import Final

from casework.history.record import record
from kit.db import Database, Tx
from kit.leading import Lease, lead, still_leads
from language.deadline.arithmetic import local_day
from language.events.base import changed
from language.events.joining import HoldingJoined, RecordsJoined
from language.events.organisation import PersonChanged
from language.ids import PersonId, PostId
from language.joined import SignInAfter
from language.posts.reach import AbsenceChanged, Change, DelegationChanged, PostChanged
from language.text import fold
from services.organisation.domain.joining import (
    HeldDays,
    HoldingsAfter,
    Joining,
    join_holdings,
)
from services.organisation.domain.person import Person
from services.organisation.operations.joining import sign_in_after, tell
from services.organisation.operations.roster_changes import write_change
from services.organisation.store import joined_records, joinings, people, units

_POLL_SECONDS: Final = 1.0


class JoiningKeeper:
    """Carries out what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Until cancelled; one process at a time."""
        await lead(self._database, "joinings", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            async with self._database.reading() as tx:
                is_due = await joinings.is_any_due(tx, local_day(tx.now))
            if is_due:
                async with self._database.transaction() as tx:
                    await still_leads(tx, lease)
                    await carry_out_next(tx)
            else:
                await lease.pause(_POLL_SECONDS)


async def carry_out_next(tx: Tx) -> bool:
    """The next approved joining whose day has come; False when there was none."""
    await units.lock_imports(tx)
    joining = await joinings.lock_due(tx, local_day(tx.now))
    if joining is None:
        return False
    await _carry_out(tx, joining)
    return True


async def _carry_out(tx: Tx, joining: Joining) -> None:
    """Everything that the organisation knows under the joined record is the kept one's from now on."""
    kept_id, joined_id = joining.kept_id, joining.joined_id
    await joined_records.lock_records(tx, [kept_id, joined_id])
    sign_in = await sign_in_after(tx, joining)
    await _complete(tx, joining)
    before = await joinings.holdings_of(tx, kept_id)
    after = join_holdings(before, await joinings.holdings_of(tx, joined_id))
    await joined_records.save_holdings(tx, kept_id, before, after)
    leaves = await joined_records.pass_leaves(tx, kept_id, joined_id)
    ended, passed = await joined_records.pass_delegations(tx, kept_id, joined_id)
    await joined_records.pass_proposals(tx, kept_id, joined_id)
    await joined_records.pass_sign_in(tx, kept_id, joined_id)
    await joined_records.stand_for(tx, kept_id, joined_id)
    await joinings.set_in_force(tx, joining.id)
    fact = RecordsJoined(
        kept_id=kept_id,
        joined_id=joined_id,
        document=joining.document,
        joined_holdings=_said(before, after),
        delegations_ended=len(ended),
        sign_in=sign_in,
    )
    await tell(tx, await joinings.get_joining(tx, joining.id), fact)
    posts = {holding.post_id for holding in (*after.kept, *after.passed)}
    changes: list[Change] = [PostChanged(post_id=PostId(post)) for post in sorted(posts)]
    # An account that moves may be a closed one.
    is_absence = bool(leaves) or sign_in is SignInAfter.MOVED
    changes += [AbsenceChanged(person_id=PersonId(kept_id))] if is_absence else []
    changes += [DelegationChanged(delegation=one) for one in (*ended, *passed)]
    if changes:
        await write_change(tx, changes, min((local_day(tx.now), *_first_days(after))), None)


def _first_days(after: HoldingsAfter) -> list[date]:
    return [holding.held_from for holding in after.passed]


async def _complete(tx: Tx, joining: Joining) -> None:
    """What only the joined record says of the person, the kept one says from now on."""
    kept = await people.get_person(tx, joining.kept_id)
    joined = await people.get_person(tx, joining.joined_id)
    completed = Person(
        id=kept.id,
        code=kept.code,
        full_name=kept.full_name,
        date_of_birth=kept.date_of_birth or joined.date_of_birth,
        mail_address=kept.mail_address or joined.mail_address,
        version=kept.version + 1,
    )
    fact = PersonChanged(
        full_name=None,
        date_of_birth=changed(kept.date_of_birth, completed.date_of_birth),
        mail_address=changed(kept.mail_address, completed.mail_address),
    )
    if fact != PersonChanged(full_name=None, date_of_birth=None, mail_address=None):
        await people.update_person(tx, completed, fold(completed.full_name))
        await record(tx, fact, about=kept.id)


def _said(before: list[HeldDays], after: HoldingsAfter) -> tuple[HoldingJoined, ...]:
    """Each holding that went over, and each kept one whose days are others now."""
    was = {holding.id: holding for holding in before}
    passed = [
        HoldingJoined(
            joined_holding_id=holding.id,
            in_post_id=holding.post_id,
            part_of_id=None,
            held_from=None,
            held_to=None,
        )
        for holding in after.passed
    ]
    merged = [
        HoldingJoined(
            joined_holding_id=holding.id,
            in_post_id=holding.post_id,
            part_of_id=into_id,
            held_from=None,
            held_to=None,
        )
        for holding, into_id in after.merged
    ]
    longer = [
        HoldingJoined(
            joined_holding_id=holding.id,
            in_post_id=holding.post_id,
            part_of_id=None,
            held_from=changed(was[holding.id].held_from, holding.held_from),
            held_to=changed(was[holding.id].held_to, holding.held_to),
        )
        for holding in after.kept
        if holding != was[holding.id]
    ]
    return (*passed, *merged, *longer)
