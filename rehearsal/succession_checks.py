"""What must hold after units have been rearranged: read from the tables, shares no code with the services."""

from datetime import date

import asyncpg

from language.events.intake import DossierFiled
from language.events.payout import PaymentListMade
from language.events.review import StageDecided

_SERVICES = ("intake", "review", "payout")
_PLACED = {
    "intake": ("dossiers", "tasks", "clocks", "alarms"),
    "review": ("stages", "tasks", "clocks", "alarms"),
    "payout": ("awards", "payment_lists", "awaited_lists", "tasks", "clocks", "alarms"),
}
"""The tables whose rows lie in a unit."""
_ONE_OF_A_KIND = "('UNIT_HEAD', 'COUNCIL_CHAIR', 'COUNCIL_SECRETARY', 'CHIEF_ACCOUNTANT')"


def _day(column: str) -> str:
    """The local day of an instant as SQL."""
    return f"({column} at time zone 'Asia/Ho_Chi_Minh')::date"


def _after_its_end(what: str, table: str, instant: str, condition: str = "true") -> str:
    """Rows of a unit that was succeeded, that were made after its last day."""
    return f"""
        select {what} || ' ' || u.code from {table} t join organisation.units u on u.id = t.unit_id
        where u.successor_id is not null and {_day(f"t.{instant}")} > u.valid_to and {condition}"""


def _gaps(numbers: str) -> str:
    """Series of a unit and year, out of rows (unit_id, year, number), that do not count from 1 without gap or
    double."""
    return f"""
        select u.code || ' ' || n.year || ': ' || max(n.number) || ' of ' || count(*) from ({numbers}) n
        join organisation.units u on u.id = n.unit_id group by u.code, n.year
        having max(n.number) <> count(*) or count(distinct n.number) <> count(*)"""


VIOLATIONS = {
    "an act about units did not come into force": """
        select document || ' ' || state from organisation.successions where state in ('DRAFT', 'APPROVED')""",
    "an owner of work has not carried out an act about units": " union all ".join(
        f"""
        select '{service} ' || document from organisation.successions where state = 'IN_FORCE' and position >
          coalesce((select position from {service}.cursors where name = 'successions'), 0)"""
        for service in _SERVICES
    ),
    "a dossier was filed into a unit that had ended": _after_its_end("t.code", "intake.dossiers", "filed_at"),
    "a level was opened in a unit that had ended": _after_its_end(
        "t.dossier_code || ' ' || t.level", "review.stages", "opened_at"
    ),
    "a decision was made in a unit that had ended": _after_its_end(
        "t.dossier_code || ' ' || t.level", "review.stages", "decided_at", "t.state = 'DECIDED'"
    ),
    "an award was paid by a unit that had ended": _after_its_end(
        "t.dossier_code || ' ' || t.level", "payout.awards", "moved_at", "t.state = 'PAID'"
    ),
    "a payment list was made in a unit that had ended": _after_its_end(
        "t.number || '/' || t.year", "payout.payment_lists", "made_at"
    ),
    "a level was opened elsewhere than where the path leads": f"""
        select s.dossier_code || ' ' || s.level from review.stages s
        join intake.dossiers d on d.id = s.dossier_id join organisation.units u on u.id = d.unit_id
        where s.unit_id <> all(u.path) and exists (
          select 1 from organisation.successions a
          where a.state = 'IN_FORCE' and a.from_day <= {_day("s.opened_at")})""",
    "the register of a unit has a gap or a double": _gaps(
        "select unit_id, register_year as year, register_number as number from intake.dossiers "
        "where register_number is not null"
    ),
    "the decisions of a unit have a gap or a double": _gaps(
        "select unit_id, split_part(decision_number, '-', 2) as year, "
        "split_part(decision_number, '/', 1)::int as number from review.stages "
        "where decision_number is not null"
    ),
    "the payment lists of a unit have a gap or a double": _gaps(
        "select unit_id, year, number from payout.payment_lists"
    ),
    "a number that was given has changed": f"""
        select d.code || ' ' || d.register_number from intake.dossiers d join intake.events e
          on e.subject_id = d.id and e.kind = '{DossierFiled.__name__}'
        where (e.detail ->> 'code', (e.detail ->> 'register_number')::int) <> (d.code, d.register_number)
        union all
        select s.dossier_code || ' ' || s.decision_number from review.stages s join review.events e
          on e.subject_id = s.dossier_id and e.kind = '{StageDecided.__name__}'
          and e.detail ->> 'stage_id' = s.id::text
        where e.detail ->> 'decision_number' <> s.decision_number
        union all
        select l.number || '/' || l.year from payout.payment_lists l join payout.events e
          on e.subject_id = l.id and e.kind = '{PaymentListMade.__name__}'
        where (e.detail ->> 'unit_id', (e.detail ->> 'number')::int) <> (l.unit_id::text, l.number)""",
    "an award was paid twice": """
        select a.dossier_code || ' ' || a.level from payout.payment_list_items i
        join payout.payment_lists l on l.id = i.list_id and l.state = 'CONFIRMED'
        join payout.awards a on a.id = i.award_id
        where i.removed_at is null group by a.id, i.person_id having count(*) > 1""",
    "a level has recognised a dossier twice": """
        select dossier_code || ' ' || level from review.stages
        where outcome = 'RECOGNISED' and annulled_at is null
        group by dossier_id, dossier_code, level having count(*) > 1""",
    "somebody holds a post in a unit that has ended": """
        select u.code || ' ' || p.kind from organisation.holdings h
        join organisation.posts p on p.id = h.post_id join organisation.units u on u.id = p.unit_id
        where u.successor_id is not null and coalesce(h.held_to, 'infinity') > u.valid_to""",
    "a unit has two of a post of which it has one": f"""
        select u.code || ' ' || p.kind from organisation.posts p
        join organisation.units u on u.id = p.unit_id
        where p.kind in {_ONE_OF_A_KIND} and p.passed_to is null and exists (
          select 1 from organisation.holdings h where h.post_id = p.id and h.held_to is null)
        group by u.code, p.kind having count(*) > 1""",
    "a unit that has ended does not lie below its successor": """
        select code from organisation.units where successor_id is not null and parent_id <> successor_id""",
    "a row lies elsewhere than its unit": " union all ".join(
        f"""
        select '{service}.{table} ' || u.code from {service}.{table} t
        join organisation.units u on u.id = t.unit_id
        where t.unit_path <> u.path and exists (
          select 1 from organisation.successions a where a.state = 'IN_FORCE' and a.unit_ids && u.path)"""
        for service, tables in _PLACED.items()
        for table in tables
    ),
    "something is open in a unit that has ended": f"""
        select t.kind || ' ' || t.code || ' ' || u.code from (
          select 'STAGE' as kind, dossier_code as code, unit_id from review.stages where state = 'OPEN'
          union all select 'AWARD', dossier_code, unit_id from payout.awards
            where state not in ('PAID', 'REJECTED', 'REVERSED')
          union all select 'AWAITED_LIST', id::text, unit_id from payout.awaited_lists
            where closed_at is null
          union all {
        " union all ".join(
            f"select kind, subject_code, unit_id from {service}.clocks where closed_at is null"
            for service in _SERVICES
        )
    }) t join organisation.units u on u.id = t.unit_id where u.successor_id is not null""",
}
"""Sentence of the violation → query for the cases; without an act about units there is nothing to find."""
LEFT_BEHIND = " union all ".join(
    f"""
    select t.subject_code || ' ' || t.kind || ' ' || t.id from {service}.tasks t
    join organisation.units u on u.id = t.unit_id left join organisation.posts p on p.id = t.post_id
    where t.state in ('WAITING', 'OPEN')
      and ((u.successor_id is not null and u.valid_to < $1) or p.passed_to is not null)"""
    for service in _SERVICES
)


async def left_behind(admin_url: str, day: date) -> list[str]:
    """Open work in a unit that has ended, or of a post that ended with its unit."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    try:
        return [row[0] for row in await conn.fetch(LEFT_BEHIND, day)]
    finally:
        await conn.close()
