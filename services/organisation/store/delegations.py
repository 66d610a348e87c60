"""Delegations, and the picture of a day from which it is told who acts: posts, holders, who is away, what is
delegated."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from language.ids import PersonId, PostId
from language.posts.substitution import Delegation, Holding, Place, Roster

_COLUMNS = (
    "d.id, d.grantor_id, d.delegate_id, d.starts_on, d.ends_on, d.post_kinds, d.levels, d.tasks, "
    "d.unit_id, d.units_below, d.reason"
)


INSERT = """
insert into delegations (id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id,
  units_below, reason, made_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""


async def insert_delegation(tx: Tx, new: Delegation) -> None:
    """Write a delegation down."""
    await tx.conn.execute(
        INSERT,
        new.id,
        new.grantor_id,
        new.delegate_id,
        new.starts_on,
        new.ends_on,
        sorted(new.post_kinds),
        sorted(new.levels),
        sorted(new.tasks),
        new.unit_id,
        new.units_below,
        new.reason,
        tx.now,
    )


LIST = (
    f"select {_COLUMNS} from delegations d where grantor_id = $1 and cancelled_at is null order by "
    "starts_on, id limit 200"
)


async def list_delegations(tx: Tx, grantor_id: UUID) -> list[Delegation]:
    """What the person has delegated and not taken back."""
    return read_all(Delegation, await tx.conn.fetch(LIST, grantor_id))


CANCEL = (
    "update delegations d set cancelled_at = $3 where id = $1 and grantor_id = $2 and cancelled_at is null "
    f"returning {_COLUMNS}"
)


async def cancel_delegation(tx: Tx, delegation_id: UUID, grantor_id: UUID) -> Delegation | None:
    """The delegation that was taken back; None when there is none."""
    row = await tx.conn.fetchrow(CANCEL, delegation_id, grantor_id, tx.now)
    return read(Delegation, row) if row else None


UNITS_OF_POSTS = "select distinct unit_id from posts where id = any($1)"


async def units_of_posts(tx: Tx, post_ids: Collection[UUID]) -> list[UUID]:
    """The units these posts are in."""
    return [row["unit_id"] for row in await tx.conn.fetch(UNITS_OF_POSTS, list(post_ids))]


PLACES_ON = """
select p.id as post_id, p.kind, u.path as unit_path, h.person_id, h.acting
from posts p join units u on u.id = p.unit_id
left join holdings h on h.post_id = p.id and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
where p.unit_id = any($1) order by h.held_from, h.id, p.id
"""
PASSED_ON = f"""
with recursive reached (person_id) as (
  select unnest($1::uuid[])
  union
  select d.delegate_id from delegations d join reached r on d.grantor_id = r.person_id
  where d.cancelled_at is null and $2 between d.starts_on and d.ends_on
)
select {_COLUMNS} from delegations d join reached r on d.grantor_id = r.person_id
where d.cancelled_at is null and $2 between d.starts_on and d.ends_on order by d.made_at desc, d.id
"""
AWAY = (
    "select distinct person_id from leaves where person_id = any($1) and cancelled_at is null and $2 "
    "between starts_on and ends_on"
)


async def roster_on(tx: Tx, unit_ids: Sequence[UUID], day: date) -> Roster:
    """The posts of these units on the day, longest held first, with everybody to whom their holders' work may
    have been passed on."""
    places: dict[PostId, Place] = {}
    holdings: dict[PostId, list[Holding]] = {}
    for row in await tx.conn.fetch(PLACES_ON, list(unit_ids), day):
        place = places.setdefault(row["post_id"], read(Place, row))
        if row["person_id"]:
            holdings.setdefault(place.post_id, []).append(read(Holding, row))
    people = {holding.person_id for held in holdings.values() for holding in held}
    delegations: dict[PersonId, list[Delegation]] = {}
    for given in read_all(Delegation, await tx.conn.fetch(PASSED_ON, list(people), day)):
        delegations.setdefault(given.grantor_id, []).append(given)
        people.add(given.delegate_id)
    away = {row["person_id"] for row in await tx.conn.fetch(AWAY, list(people), day)}
    return Roster(places=places, holdings=holdings, away=away, delegations=delegations)
