"""What is written here as two records become one: every row of the organisation that says who it is now."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.posts.substitution import Delegation
from services.organisation.domain.joining import HeldDays, HoldingsAfter
from services.organisation.domain.person import Leave

LOCK_BOTH = "select id from people where id = any($1) order by id for update"


async def lock_records(tx: Tx, person_ids: Sequence[UUID]) -> None:
    """Nobody writes anything under these records meanwhile."""
    await tx.conn.execute(LOCK_BOTH, list(person_ids))


STAND_FOR = """
update people set joined_into = $1, version = version + 1 where id = $2 or joined_into = $2
"""


async def stand_for(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """The kept record stands for the joined one, and for all that this one stood for."""
    await tx.conn.execute(STAND_FOR, kept_id, joined_id)


CARRY_HOLDING = "update holdings set person_id = $2 where id = $1"
CHANGE_DAYS = "update holdings set held_from = $2, held_to = $3, acting = $4 where id = $1"
MERGE_HOLDING = "update holdings set merged_into = $2 where id = $1"


async def save_holdings(tx: Tx, kept_id: UUID, before: Sequence[HeldDays], after: HoldingsAfter) -> None:
    """The posts that the person holds. A holding that is a part of another stays with its record."""
    was = {holding.id: holding for holding in before}
    for holding, into_id in after.merged:
        await tx.conn.execute(MERGE_HOLDING, holding.id, into_id)
    for holding in after.kept:
        if holding != was[holding.id]:
            await tx.conn.execute(CHANGE_DAYS, holding.id, holding.held_from, holding.held_to, holding.acting)
    for holding in after.passed:
        await tx.conn.execute(CARRY_HOLDING, holding.id, kept_id)


CARRY_LEAVES = """
update leaves set person_id = $1 where person_id = $2 and cancelled_at is null
returning id, person_id, starts_on, ends_on
"""


async def pass_leaves(tx: Tx, kept_id: UUID, joined_id: UUID) -> list[Leave]:
    """Days on which the person is away."""
    return read_all(Leave, await tx.conn.fetch(CARRY_LEAVES, kept_id, joined_id))


_DELEGATION = (
    "id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id, units_below, reason"
)
END_BETWEEN = f"""
update delegations set cancelled_at = $3
where cancelled_at is null and (grantor_id, delegate_id) in (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))
returning {_DELEGATION}
"""
CARRY_DELEGATIONS = f"""
update delegations set grantor_id = case grantor_id when $2 then $1 else grantor_id end,
  delegate_id = case delegate_id when $2 then $1 else delegate_id end
where cancelled_at is null and (grantor_id = $2 or delegate_id = $2) returning {_DELEGATION}
"""


async def pass_delegations(
    tx: Tx, kept_id: UUID, joined_id: UUID
) -> tuple[list[Delegation], list[Delegation]]:
    """Those between the two end, for nobody passes work on to themselves; the others go on. The ended, and
    those that go on."""
    ended = read_all(Delegation, await tx.conn.fetch(END_BETWEEN, kept_id, joined_id, tx.now))
    passed = read_all(Delegation, await tx.conn.fetch(CARRY_DELEGATIONS, kept_id, joined_id))
    return ended, passed


DROP_PROPOSALS = """
update administrator_proposals set closed_at = $3
where closed_at is null and ((proposed_by = $1 and person_id = $2) or (proposed_by = $2 and person_id = $1))
"""
# The password of a proposal is kept no longer than the proposal.
DROP_ACCOUNT_PROPOSALS = """
update account_proposals set closed_at = $3, password_hash = null
where closed_at is null
  and (person_id = $2 or (person_id = $1 and proposed_by = $2))
"""
WHO_SAID: Final = (
    "update account_proposals set proposed_by = $1 where proposed_by = $2 and closed_at is null",
    "update administrator_proposals set person_id = $1 where person_id = $2 and closed_at is null",
    "update administrator_proposals set proposed_by = $1 where proposed_by = $2 and closed_at is null",
    "update successions set drafted_by = $1 where drafted_by = $2 and state = 'DRAFT'",
    "update joinings set proposed_by = $1 where proposed_by = $2 and state = 'PROPOSED'",
    "update accounts set password_set_by = $1 where password_set_by = $2",
)
"""What waits for a second pair of eyes is still the first pair's own."""


async def pass_proposals(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """What the person has proposed or drafted, and is proposed for; what somebody would have proposed for
    themselves, or about an account that is no more, is dropped."""
    await tx.conn.execute(DROP_PROPOSALS, kept_id, joined_id, tx.now)
    await tx.conn.execute(DROP_ACCOUNT_PROPOSALS, kept_id, joined_id, tx.now)
    for statement in WHO_SAID:
        await tx.conn.execute(statement, kept_id, joined_id)


ACCOUNTS = "select person_id from accounts where person_id = any($1) for update"
DROP_CODES = "delete from authorization_codes where person_id = any($1)"
# Their secret is sealed for the one record, and is given to no other.
DROP_ONE_TIME_CODES = "delete from one_time_codes where person_id = $1"
DROP_LINKS = "delete from account_links where person_id = $1"
CLOSE = "update accounts set disabled_at = coalesce(disabled_at, $2) where person_id = $1"
MOVE = "update accounts set person_id = $1 where person_id = $2"
CARRY_IDENTITIES = "update identities set person_id = $1 where person_id = $2"


async def pass_sign_in(tx: Tx, kept_id: UUID, joined_id: UUID) -> None:
    """One account stays: the kept record's, or where it has none, the joined one's, whose holder sets up
    one-time codes anew. The other is closed for good. Accounts elsewhere are the person's."""
    with_account = {row["person_id"] for row in await tx.conn.fetch(ACCOUNTS, [kept_id, joined_id])}
    await tx.conn.execute(DROP_CODES, [joined_id])
    await tx.conn.execute(DROP_ONE_TIME_CODES, joined_id)
    await tx.conn.execute(DROP_LINKS, joined_id)
    if kept_id in with_account:
        await tx.conn.execute(CLOSE, joined_id, tx.now)
    else:
        # Tokens that are out speak of the joined record, which has no account any more.
        await tx.conn.execute(MOVE, kept_id, joined_id)
    await tx.conn.execute(CARRY_IDENTITIES, kept_id, joined_id)
