"""The independent check: reads the databases and Temporal, shares no code with the services, and lists what
must not be."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import asyncpg

from cli.stranded import find_stranded
from language.events.base import Fact
from language.events.casework import TaskHandedOver
from language.events.intake import DossierClosed, DossierFiled, RequestAccepted
from language.events.payout import AwardAssessed
from language.events.review import (
    ScoreSheetSubmitted,
    StageDecided,
    StageMoved,
    StageOpenedAnew,
    StageWithdrawn,
)
from rehearsal import succession_checks
from rehearsal.mails import caught_mails, mailed_twice
from rehearsal.run_checks import check_workflows

_FINAL = ("REQUEST_REJECTED", "RECOGNISED", "REFUSED", "WITHDRAWN")

_SERVICES = ("intake", "review", "payout")


def _said(fact: type[Fact]) -> str:
    """The kind of an event as SQL text."""
    return f"'{fact.__name__}'"


def _in_every_schema(query: str) -> str:
    """The rows of a query in the schema of every service with cases."""
    return " union all ".join(query.format(schema=schema) for schema in _SERVICES)


STUCK = "a filed dossier has no final state"
PAYOUT_STUCK = "an award is neither paid nor refused"
VIOLATIONS = {
    STUCK: """
        select d.code || ' ' || d.state || coalesce(' waits for ' || (select string_agg(t.kind || ' ' ||
        t.state, ', ' order by t.kind) from (
          select subject_id, kind, state from intake.tasks union all select subject_id, kind, state
          from review.tasks) t
          where t.subject_id = d.id and t.state in ('WAITING', 'OPEN')), '')
        from intake.dossiers d where d.filed_at is not null and d.state <> all($1)""",
    PAYOUT_STUCK: """
        select dossier_code || ' ' || level || ' ' || state from payout.awards
        where state not in ('PAID', 'REJECTED', 'REVERSED')""",
    "two dossiers have the same code": "select code from intake.dossiers where code is not null "
    "group by code having count(*) > 1",
    "an open stage has no responsible reachable person": """
        select s.dossier_code || ' ' || s.level from review.stages s where s.state = 'OPEN' and not exists (
          select 1 from review.tasks t join organisation.accounts a on a.person_id = t.assignee_id
          where t.about_id = s.id and t.state = 'OPEN')""",
    "a filed dossier under check has no responsible reachable person": """
        select d.code from intake.dossiers d where d.state in ('FILED', 'SUPPLEMENT_REQUESTED')
        and not exists (
          select 1 from intake.tasks t join organisation.accounts a on a.person_id = t.assignee_id
          where t.subject_id = d.id and t.state = 'OPEN')""",
    "a rung fired twice": f"""
        select about_id || ' ' || rung_id from (
          {_in_every_schema("select about_id, rung_id from {schema}.rungs_fired")}) r
        group by about_id, rung_id having count(*) > 1""",
    "a recognition with money has no award": """
        select s.dossier_code || ' ' || s.level from review.stages s
        where s.outcome = 'RECOGNISED' and (s.plan ->> 'award_dong')::bigint > 0
          and not exists (select 1 from payout.awards a where a.dossier_id = s.dossier_id
          and a.level = s.level)""",
    "an award has no recognition": """
        select a.dossier_code || ' ' || a.level from payout.awards a
        where not exists (select 1 from review.stages s where s.dossier_id = a.dossier_id
        and s.level = a.level and s.outcome = 'RECOGNISED')""",
    "an award is not what the frozen rate says": """
        select a.dossier_code || ' ' || a.level from payout.awards a
        join review.stages s on s.dossier_id = a.dossier_id and s.level = a.level
        where s.outcome = 'RECOGNISED' and a.amount_dong <> (s.plan ->> 'award_dong')::bigint""",
    "shares do not sum to the award": """
        select a.dossier_code || ' ' || a.level from payout.awards a
        where a.amount_dong <> (select coalesce(sum(s.amount_dong), 0) from payout.award_shares s
        where s.award_id = a.id)""",
    "the ledger of an award does not balance": """
        select a.dossier_code || ' ' || a.level from payout.awards a
        where (select coalesce(sum(debit_dong) - sum(credit_dong), 0) from payout.ledger_entries l
        where l.award_id = a.id) <> 0""",
    "a paid award was not booked in full": """
        select a.dossier_code || ' ' || a.level from payout.awards a where a.state = 'PAID'
        and a.amount_dong <> (
          select coalesce(sum(credit_dong), 0) from payout.ledger_entries l where l.award_id = a.id
          and l.account = 'TREASURY')""",
    "somebody marked their own dossier": """
        select s.dossier_code || ' ' || s.level from review.score_sheets m
        join review.stages s on s.id = m.stage_id
        join intake.dossier_authors a on a.dossier_id = s.dossier_id and a.person_id = m.person_id""",
    "an author decided their own dossier": """
        select s.dossier_code || ' ' || s.level from review.stages s
        join intake.dossier_authors a on a.dossier_id = s.dossier_id and a.person_id = s.decider_id
        where s.outcome is not null""",
    "one person verified and approved an award": "select dossier_code || ' ' || level from payout.awards "
    "where verified_by = approved_by",
    "a filed dossier has an incomplete history": f"""
        select d.code from intake.dossiers d where d.filed_at is not null and not (
          exists (select 1 from intake.events e where e.subject_id = d.id and e.kind = {_said(DossierFiled)})
          and (d.closed_at is null or exists (select 1 from intake.events e where e.subject_id = d.id
          and e.kind = {_said(DossierClosed)})))""",
    "a decided stage has an incomplete history": f"""
        select s.dossier_code || ' ' || s.level from review.stages s where s.state <> 'OPEN' and not exists (
          select 1 from review.events e where e.subject_id = s.dossier_id
          and e.kind in ({_said(StageDecided)}, {_said(StageWithdrawn)}, {_said(StageMoved)},
            {_said(StageOpenedAnew)}))""",
    "an award has an incomplete history": f"""
        select a.dossier_code || ' ' || a.level from payout.awards a where not exists (
          select 1 from payout.events e where e.subject_id = a.dossier_id
          and e.kind = {_said(AwardAssessed)})""",
    "open work is with an author of the dossier": """
        select t.subject_code || ' ' || t.kind from (
          select subject_id, subject_code, kind, assignee_id from review.tasks where state in ('WAITING',
          'OPEN')
          union all select subject_id, subject_code, kind, assignee_id from payout.tasks
          where state in ('WAITING', 'OPEN')
          union all select subject_id, subject_code, kind, assignee_id from intake.tasks
          where state in ('WAITING', 'OPEN') and post_id is not null) t
        join intake.dossier_authors a on a.dossier_id = t.subject_id and a.person_id = t.assignee_id""",
    "the history of an act for somebody else does not say for whom": f"""
        select t.subject_code || ' ' || t.kind from review.tasks t
        where t.kind = 'MARK' and t.state = 'DONE' and t.on_behalf_of is not null and not exists (
          select 1 from review.events e where e.subject_id = t.subject_id
          and e.kind = {_said(ScoreSheetSubmitted)} and e.actor_id = t.assignee_id
            and e.on_behalf_of = t.on_behalf_of and e.post_id = t.post_id)
        union all select s.dossier_code || ' ' || s.level from review.stages s
        where s.state = 'DECIDED' and s.decider_on_behalf_of is not null and not exists (
          select 1 from review.events e where e.subject_id = s.dossier_id and e.kind = {_said(StageDecided)}
          and e.actor_id = s.decider_id
            and e.on_behalf_of = s.decider_on_behalf_of)""",
    "a message to a workflow was not delivered": """
        select workflow_id || ' ' || name from (
          select workflow_id, name from intake.outbox where delivered_at is null
          union all select workflow_id, name from organisation.outbox where delivered_at is null
          union all select workflow_id, name from rulebook.outbox where delivered_at is null
          union all select workflow_id, name from review.outbox where delivered_at is null
          union all select workflow_id, name from payout.outbox where delivered_at is null) o""",
    "a notice did not reach the postroom": """
        select n.subject_code || ' ' || n.kind from (
          select id, subject_code, kind from organisation.notices
          union all select id, subject_code, kind from rulebook.notices
          union all select id, subject_code, kind from intake.notices
          union all select id, subject_code, kind from review.notices
          union all select id, subject_code, kind from payout.notices
          union all select id, subject_code, kind from postroom.notices) n
        where not exists (select 1 from postroom.received_notices r where r.id = n.id)""",
    "a person was told twice of one fact": """
        select kind || ' ' || event_id from postroom.received_notices group by event_id, person_id,
        kind having count(*) > 1""",
    "a notice was put into two mails": "select notice_id::text from postroom.mail_notices "
    "group by notice_id having count(*) > 1",
    "a mail was given up": "select id || ' ' || coalesce(outcome, '') from postroom.mails "
    "where state = 'FAILED'",
    "an author was not told of a decision": """
        select s.dossier_code || ' ' || s.level from review.stages s
        join review.stage_authors a on a.stage_id = s.id
        where s.state = 'DECIDED' and not exists (
          select 1 from postroom.received_notices r where r.person_id = a.person_id
          and r.event_id = s.decision_event_id)
        and not exists (select 1 from intake.dossier_authors o where o.dossier_id = s.dossier_id
          and o.person_id = a.person_id and o.outside)""",
    "the clock of something that is over still runs": """
        select subject_code || ' ' || kind from (
          select c.subject_code, c.kind from review.clocks c join review.stages s on s.id = c.about_id
          where s.state <> 'OPEN' and c.closed_at is null
          union all select c.subject_code, c.kind from intake.clocks c
          join intake.dossiers d on d.id = c.subject_id
            where d.closed_at is not null and c.closed_at is null
          union all select c.subject_code, c.kind from payout.clocks c
          join payout.awards a on a.id = c.about_id
            where a.state not in ('ASSESSED', 'VERIFIED') and c.closed_at is null
          union all select c.subject_code, c.kind from payout.clocks c join payout.payment_lists l
            on l.id = c.about_id where l.state not in ('DRAFT', 'SENT') and c.closed_at is null
          union all select c.subject_code, c.kind from payout.clocks c
          join payout.awaited_lists w on w.id = c.about_id
            where w.closed_at is not null and c.closed_at is null) o""",
    "approved awards wait for a list, and nobody is to make one": """
        select dossier_code from payout.awards a where state = 'APPROVED' and not exists (
          select 1 from payout.awaited_lists w where w.unit_id = a.unit_id and w.closed_at is null)""",
    "an open payment list is with a payee, or is to be sent by its maker": """
        select t.subject_code || ' ' || t.kind from payout.tasks t
        join payout.payment_lists l on l.id = t.about_id
        where t.state in ('WAITING', 'OPEN') and ((t.kind = 'SEND_LIST' and t.assignee_id = l.made_by)
          or exists (select 1 from payout.payment_list_items i where i.list_id = l.id
            and i.person_id = t.assignee_id and i.removed_at is null))""",
    "a payment list was not paid": """
        select 'DSCT ' || number || '/' || year from payout.payment_lists where state in ('DRAFT', 'SENT')""",
    "a change of rules did not come to its end": "select to_pack from rulebook.transitions "
    "where state not in ('DONE', 'REVERTED', "
    "'CANCELLED')",
    "a change of rules left a dossier without an answer": """
        select code from rulebook.transition_dossiers where told_at is not null and answered_at is null""",
    "a change of rules knew no next step for a dossier": """
        select d.code || ' ' || d.reason from rulebook.transition_dossiers d
        join rulebook.transitions t on t.id = d.transition_id
        where d.class in ('BLOCKED', 'NEEDS_CHOICE') and d.choice is null and t.reverses is null""",
    "a dossier is at a level that ended": """
        select s.dossier_code || ' ' || s.level from review.stages s
        join rulebook.transitions t on t.state = 'DONE' and t.reverses is null
          cross join lateral jsonb_array_elements(t.level_moves) m
        where m ->> 'from_level' = s.level and s.unit_id in (select id from organisation.units
        where valid_to is not null)
          and (s.state = 'OPEN' or s.opened_at > t.done_at or s.decided_at > t.done_at)""",
    "marks of a stage that was moved count": """
        select s.dossier_code || ' ' || s.level from review.stages s
        join review.score_sheets m on m.stage_id = s.id
        where s.state = 'MOVED' and m.state <> 'VOID'""",
    "a closed dossier still has tasks": """
        select d.code from intake.dossiers d where d.state = any($1) and (
          exists (select 1 from review.tasks t where t.subject_id = d.id and t.state in ('WAITING', 'OPEN'))
          or exists (select 1 from intake.tasks t where t.subject_id = d.id and t.state in ('WAITING',
          'OPEN')))""",
}
"""Sentence of the violation → query for the cases. $1 is the list of final states."""
_ALL = VIOLATIONS | succession_checks.VIOLATIONS
AT_ANY_TIME = (
    "a rung fired twice",
    "somebody marked their own dossier",
    "an author decided their own dossier",
    "shares do not sum to the award",
    "the ledger of an award does not balance",
    "two dossiers have the same code",
    "open work is with an author of the dossier",
)
"""What must hold also in the middle of a season, while words are still on their way."""
OUTCOMES = (
    "select level, outcome, count(*)::int as count from review.stages where outcome is not null group by "
    "level, outcome"
)
CHECK_OUTCOMES = f"""
select case when state = 'REQUEST_REJECTED' then state when exists (
    select 1 from intake.events e where e.subject_id = d.id and e.kind = {_said(RequestAccepted)}
  ) then 'ACCEPTED' else state end as outcome,
  count(*)::int as count
from intake.dossiers d where filed_at is not null group by 1
"""
RUNGS = """
select action, count(*)::int as count from (
  select action from intake.rungs_fired where finding = 'FIRED' union all select action
  from review.rungs_fired where finding = 'FIRED'
  union all select action from payout.rungs_fired where finding = 'FIRED') r group by action order by action
"""
AWARDS = (
    "select count(*)::int as count, coalesce(sum(amount_dong), 0)::bigint as net_dong from payout.awards "
    "where state = 'PAID'"
)
HANDED_OVER = f"""
select count(*)::int from (
  select kind from intake.events union all select kind from review.events union all select kind
  from payout.events) e where kind = {_said(TaskHandedOver)}
"""
LEFT_WITH_THE_ABSENT = """
select t.subject_code || ' ' || t.kind || ' ' || t.id from (
  select id, subject_code, kind, assignee_id, state, post_id, unreachable_since from intake.tasks
  union all select id, subject_code, kind, assignee_id, state, post_id, unreachable_since from review.tasks
  union all select id, subject_code, kind, assignee_id, state, post_id, unreachable_since from payout.tasks) t
where t.state in ('WAITING', 'OPEN') and t.post_id is not null and t.unreachable_since is null and exists (
  select 1 from organisation.leaves l where l.person_id = t.assignee_id and l.cancelled_at is null
  and $1 between l.starts_on and l.ends_on)
"""
FILED = """
select id, closed_at is not null as closed, closed_at is not null and not exists (
  select 1 from payout.awards a where a.dossier_id = d.id and a.state in ('ASSESSED', 'VERIFIED')
) as ended
from intake.dossiers d where filed_at is not null
"""


@dataclass(slots=True)
class Findings:
    """What the check found."""

    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)
    rungs_fired: dict[str, int] = field(default_factory=dict)
    award_count: int = 0
    award_dong: int = 0
    closed: int = 0
    handed_over: int = 0
    notices: int = 0
    mails: int = 0
    violations: list[str] = field(default_factory=list)


async def _cases(conn: "asyncpg.Connection[asyncpg.Record]", sentence: str) -> list[str]:
    query = _ALL[sentence]
    arguments = [list(_FINAL)] if "$1" in query else []
    return [f"{sentence}: {row[0]}" for row in await conn.fetch(query, *arguments)]


async def _stranded(admin_url: str) -> list[str]:
    return [f"an open case has no next step and no alarm: {case}" for case in await find_stranded(admin_url)]


async def check_midway(admin_url: str) -> list[str]:
    """The violations that may not even show for an instant."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    try:
        cases = [case for sentence in AT_ANY_TIME for case in await _cases(conn, sentence)]
        return cases + await _stranded(admin_url)
    finally:
        await conn.close()


async def left_with_the_absent(admin_url: str, day: date) -> list[str]:
    """Open work that is with somebody on leave, and on no alarm list."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    try:
        return [row[0] for row in await conn.fetch(LEFT_WITH_THE_ABSENT, day)]
    finally:
        await conn.close()


async def rungs_so_far(admin_url: str) -> dict[str, int]:
    """How many rungs of each kind have fired."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    try:
        return {row["action"]: row["count"] for row in await conn.fetch(RUNGS)}
    finally:
        await conn.close()


async def check_end(
    admin_url: str, temporal_address: str, mail_folder: Path, *, was_restored: bool = False
) -> Findings:
    """Everything, once the season is over. `was_restored`: runs may have been replaced, and those that had
    ended may be lost."""
    conn = await asyncpg.connect(admin_url)
    try:
        findings = Findings()
        for sentence in _ALL:
            findings.violations += await _cases(conn, sentence)
        findings.violations += await _stranded(admin_url)
        for row in await conn.fetch(OUTCOMES):
            findings.outcomes.setdefault(row["level"], {})[row["outcome"]] = row["count"]
        findings.outcomes["FORMAL_CHECK"] = {
            row["outcome"]: row["count"] for row in await conn.fetch(CHECK_OUTCOMES)
        }
        findings.rungs_fired = {row["action"]: row["count"] for row in await conn.fetch(RUNGS)}
        awards = await conn.fetchrow(AWARDS)
        if awards:
            findings.award_count, findings.award_dong = awards["count"], awards["net_dong"]
        findings.handed_over = await conn.fetchval(HANDED_OVER)
        filed = await conn.fetch(FILED)
        findings.closed = sum(row["closed"] for row in filed)
        findings.notices = await conn.fetchval("select count(*)::int from postroom.received_notices")
    finally:
        await conn.close()
    ended = {str(row["id"]): row["ended"] for row in filed}
    findings.violations += await check_workflows(temporal_address, ended, was_restored=was_restored)
    mails = caught_mails(mail_folder)
    findings.violations += mailed_twice(mails)
    findings.mails = mails.total()
    return findings


def outcomes_with_filing(findings: Findings, filed: int, refused: Counter[str]) -> dict[str, dict[str, int]]:
    """The outcomes with the first hurdle, at which a request never became a dossier."""
    return {"FILING": {"FILED": filed, **dict(refused)}, **findings.outcomes}
