"""The rows of `bench lists`, as SQL over a range of dossiers ($1 to $2): each is a row of the model dossier
with other ids, people, days and states, so its shape and size are those of life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from language.names import TaskQueue

_RANGE = "lists_seed.dossiers($1, $2) d cross join lists_seed.facts f"
_UP = "cross join generate_series(0, 1) up"
_STAGE, _AWARD = "lists_seed.uid(6, d.n * 2 + up)", "lists_seed.uid(13, d.n)"
_PEOPLE = "case up when 0 then d.people else d.up_people end"
_SEAT = f"({_PEOPLE}) + 3 + seat"
_UNMARKED = "d.is_open and not d.is_the_heads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Rows of a table: for each row of `source` the model row `t` that `model` finds, but for these
    columns."""

    table: str
    model: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def statement(self, columns: list[str]) -> str:
        """The insert, over all of the table's columns."""
        values = ", ".join(self.columns.get(column, f"t.{column}") for column in columns)
        before, _, given = self.source.partition(" where ")
        return (
            f"insert into {self.table} ({', '.join(columns)}) select {values} from {before} "
            f"cross join lateral (select * from {self.table} t where {self.model}) t "
            f"where {given or 'true'}"
        )


_CLOCK = {
    "subject_id": "d.id",
    "subject_code": "d.code",
    "workflow_id": "'initiative:' || d.id",
    "opened_at": "d.filed_at",
    "due_at": "d.due_at",
    "closed_at": "null",
    "unit_id": "d.unit_id",
    "unit_path": "d.unit_path",
}
_CHECK_CLOCKS = f"{_RANGE} where d.fate = 'CHECK'"
_STAGE_CLOCKS = f"{_RANGE} cross join (values (0)) v (up) where d.fate = 'REVIEW'"


def _rungs(service: str, about: str, source: str, model: str) -> str:
    """The rungs ahead of clocks that were copied: triggers do not run while seeding."""
    before, _, given = source.partition(" where ")
    return f"""
insert into {service}.rungs_ahead (about_id, rung_id, at, unit_path)
select {about}, rung ->> 'id', d.due_at + interval '1 day' * (place - 3), d.unit_path
from {before} cross join lateral (
  select rungs from {service}.clocks t where {model}) c
cross join lateral jsonb_array_elements(c.rungs) with ordinality r (rung, place)
where {given} and place <= 3
"""


_TASK = (
    "insert into {service}.tasks (id, kind, subject_id, subject_code, about_id, level, unit_id, unit_path, "
    "assignee_id, state, opened_at, due_at, closed_at, post_id, post_kind, unreachable_since, "
    "season_id) select "
)
_CHECK_TASKS = (
    _TASK.format(service="intake")
    + f"""lists_seed.uid(8, d.n * 16), 'FORMAL_CHECK', d.id, d.code, d.id, null, d.unit_id, d.unit_path,
  lists_seed.uid(2, d.people + 2),
  case d.state when 'FILED' then 'OPEN' when 'SUPPLEMENT_REQUESTED' then 'WAITING' else 'DONE' end,
  d.filed_at, d.due_at, case when d.fate <> 'CHECK' then d.filed_at + interval '2 days' end,
  lists_seed.uid(3, d.people + 2), 'INTAKE_OFFICER',
  case when d.fate = 'CHECK' and d.n % 97 = 0 then d.filed_at end, d.season_id
from {_RANGE}"""
)
_MARK_TASKS = (
    _TASK.format(service="review")
    + f"""lists_seed.uid(8, d.n * 16 + up * 4 + seat), 'MARK', d.id, d.code, {_STAGE},
  case up when 0 then 'UNIT' else 'COMMUNE' end, case up when 0 then d.unit_id else d.up_id end,
  case up when 0 then d.unit_path else d.up_path end, lists_seed.uid(2, {_SEAT}),
  case when d.is_open and not d.is_the_heads then 'OPEN' else 'DONE' end, d.filed_at, d.due_at,
  case when not d.is_open or d.is_the_heads then d.filed_at + interval '9 days' end,
  lists_seed.uid(3, {_SEAT}), null, case when d.is_open and d.n % 97 = 0 then d.filed_at end, d.season_id
from {_RANGE} {_UP} cross join generate_series(0, 2) seat
where d.has_stage and (up = 0 or d.goes_up) and (d.is_open or seat < 2)"""
)
_DECIDE_TASKS = (
    _TASK.format(service="review")
    + f"""lists_seed.uid(8, d.n * 16 + up * 4 + 3), 'DECIDE', d.id, d.code, {_STAGE},
  case up when 0 then 'UNIT' else 'COMMUNE' end, case up when 0 then d.unit_id else d.up_id end,
  case up when 0 then d.unit_path else d.up_path end, lists_seed.uid(2, {_PEOPLE}),
  case when d.is_the_heads then 'OPEN' when d.is_open then 'WAITING' else 'DONE' end, d.filed_at, d.due_at,
  d.closed_at, lists_seed.uid(3, {_PEOPLE}), null, null, d.season_id
from {_RANGE} {_UP} where d.has_stage and (up = 0 or d.goes_up)"""
)
_MONEY_TASKS = (
    _TASK.format(service="payout")
    + f"""lists_seed.uid(8, d.n * 16 + 8 + step), (array['VERIFY_AWARD', 'APPROVE_AWARD'])[step + 1], d.id,
  d.code, {_AWARD}, 'UNIT', d.unit_id, d.unit_path, lists_seed.uid(2, d.people + 6 + step),
  case when d.award_state = (array['ASSESSED', 'VERIFIED'])[step + 1] then 'OPEN' else 'DONE' end,
  d.closed_at, d.closed_at + interval '90 days',
  case when d.award_state <> (array['ASSESSED', 'VERIFIED'])[step + 1] then d.closed_at end,
  lists_seed.uid(3, d.people + 6 + step), (array['ACCOUNTANT', 'CHIEF_ACCOUNTANT'])[step + 1], null,
  d.season_id
from {_RANGE} cross join generate_series(0, 1) step
where d.award_state is not null and (step = 0 or d.award_state <> 'ASSESSED')"""
)
_IS_OWED = "d.award_state in ('APPROVED', 'PAID', 'REVERSED')"
_BOOKED = f"""
insert into payout.ledger_entries (journal_id, award_id, unit_id, account, person_id, debit_dong, credit_dong,
  booked_at)
select lists_seed.uid(16, d.n * 4 + paid), {_AWARD}, d.unit_id,
  (array['AWARD_EXPENSE', 'AUTHORS_PAYABLE', 'TREASURY'])[paid + line + 1],
  case when paid + line = 1 then d.author_id end, case line when 0 then 500000 else 0 end,
  case line when 0 then 0 else 500000 end, d.closed_at + interval '1 day' * paid
from {_RANGE} cross join generate_series(0, 1) paid cross join generate_series(0, 1) line
where {_IS_OWED} and (paid = 0 or d.award_state = 'PAID') order by d.n, paid, line
"""
_ITEMS = f"""
insert into payout.payment_list_items (list_id, award_id, person_id, amount_dong)
select d.list_id, {_AWARD}, d.author_id, 500000 from {_RANGE} where d.award_state = 'PAID'
"""
_NOTICE = (
    "insert into postroom.received_notices (id, service, event_id, person_id, kind, subject_id, "
    "subject_code, level, due_at, detail, happened_at, read_at) select "
)
_AUTHORS_NOTICES = (
    _NOTICE
    + f"""lists_seed.uid(15, d.n * 4), 'intake', lists_seed.uid(9, d.n * 8 + 1), d.author_id,
  'REQUEST_ACCEPTED', d.id, d.code, null, null, null, d.filed_at, case when not d.is_open then d.filed_at end
from {_RANGE} where d.fate <> 'CHECK'"""
)
_OFFICERS_NOTICES = (
    _NOTICE
    + f"""lists_seed.uid(15, d.n * 4 + 1), 'intake', lists_seed.uid(9, d.n * 8),
  lists_seed.uid(2, d.people + 2), 'TASK_OPENED', d.id, d.code, null, d.due_at, 'FORMAL_CHECK', d.filed_at,
  case when d.fate <> 'CHECK' then d.filed_at end
from {_RANGE}"""
)
LISTS: Final = """
insert into payout.payment_lists (id, number, year, unit_id, unit_path, state, total_dong, made_by, made_at,
  due_at, rule_version, sent_at, confirmed_at)
select a.payment_list_id, row_number() over (partition by unit_id order by min(assessed_at)), 2026, unit_id,
  unit_path, 'CONFIRMED', sum(amount_dong), gen_random_uuid(), max(assessed_at), max(assessed_at),
  min(rule_version), max(assessed_at), max(assessed_at)
from payout.awards a where a.payment_list_id is not null and a.id >= lists_seed.uid(13, 0)
  and a.id < lists_seed.uid(14, 0)
group by a.payment_list_id, unit_id, unit_path
"""

ROWS: Final[Mapping[str, tuple[Copies | str, ...]]] = {
    TaskQueue.INTAKE: (
        Copies(
            table="intake.dossiers",
            model="t.id = f.model",
            source=_RANGE,
            columns={
                "id": "d.id",
                "code": "d.code",
                "state": "d.state",
                "season_id": "d.season_id",
                "unit_id": "d.unit_id",
                "unit_path": "d.unit_path",
                "created_by": "d.author_id",
                "created_at": "d.filed_at",
                "content": "jsonb_set(jsonb_set(t.content, '{title}', to_jsonb(d.title)), "
                "'{authors,0,person_id}', to_jsonb(d.author_id))",
                "title": "d.title",
                "folded_title": "d.folded",
                "register_number": "d.n",
                "register_year": "d.year",
                "filed_at": "d.filed_at",
                "moved_at": "d.filed_at + interval '2 days'",
                "answer_due_on": "d.due_at::date",
                "check_due_at": "d.due_at",
                "closed_at": "d.closed_at",
                "levels": "case when d.is_open then null else t.levels end",
            },
        ),
        "insert into intake.dossier_authors (dossier_id, position, person_id, percent) "
        f"select d.id, 0, d.author_id, 100 from {_RANGE}",
        Copies(
            table="intake.clocks",
            model="t.about_id = f.model",
            source=_CHECK_CLOCKS,
            columns={**_CLOCK, "about_id": "d.id"},
        ),
        Copies(
            table="intake.posts_seen",
            model="t.about_id = f.model",
            source=_CHECK_CLOCKS,
            columns={"about_id": "d.id"},
        ),
        _rungs("intake", "d.id", _CHECK_CLOCKS, "t.about_id = f.model"),
        _CHECK_TASKS,
    ),
    TaskQueue.REVIEW: (
        Copies(
            table="review.stages",
            model="t.id = f.stage",
            source=f"{_RANGE} {_UP} where d.has_stage and (up = 0 or d.goes_up)",
            columns={
                "id": _STAGE,
                "dossier_id": "d.id",
                "dossier_code": "d.code",
                "opened_at": "d.filed_at + interval '3 days'",
                "due_at": "d.due_at",
                "level": "case up when 0 then 'UNIT' else 'COMMUNE' end",
                "unit_id": "case up when 0 then d.unit_id else d.up_id end",
                "unit_path": "case up when 0 then d.unit_path else d.up_path end",
                "state": "case when d.is_open then 'OPEN' else 'DECIDED' end",
                "decider_id": f"lists_seed.uid(2, {_PEOPLE})",
                "decider_post_id": f"lists_seed.uid(3, {_PEOPLE})",
                "decider_on_behalf_of": "null",
                "outcome": "case when not d.is_open then d.fate end",
                "decision_number": "case when not d.is_open then d.n || '/QĐ-SK' end",
                "reasons": "case when d.fate = 'REFUSED' then 'Chưa có tính mới.' end",
                "ground": "case when d.fate = 'REFUSED' then 'NOT_NOVEL' end",
                "proposed": "up = 0 and d.goes_up",
                "decision_event_id": "case when not d.is_open then lists_seed.uid(10, d.n * 8 + 2 + up) end",
                "decided_at": "d.closed_at - interval '1 day' * (1 - up)",
                "average_score": "case when not d.is_open then t.average_score end",
                "grade": "case when not d.is_open then t.grade end",
                "score_deviation": "case when not d.is_open then t.score_deviation end",
            },
        ),
        Copies(
            table="review.seats",
            model="t.stage_id = f.stage and t.seat_no = (select min(seat_no) from review.seats s "
            "where s.stage_id = f.stage)",
            source=f"{_RANGE} {_UP} cross join generate_series(0, 2) seat "
            "where d.has_stage and (up = 0 or d.goes_up) and (d.is_open or seat < 2)",
            columns={
                "stage_id": _STAGE,
                "seat_no": "t.seat_no + seat",
                "person_id": f"lists_seed.uid(2, {_SEAT})",
                "post_id": f"lists_seed.uid(3, {_SEAT})",
            },
        ),
        Copies(
            table="review.score_sheets",
            model="t.stage_id = f.stage order by id limit 1",
            source=f"{_RANGE} {_UP} cross join generate_series(0, 2) seat "
            "where d.has_stage and (up = 0 or d.goes_up) and (d.is_open or seat < 2)",
            columns={
                "id": "lists_seed.uid(12, d.n * 8 + up * 4 + seat)",
                "stage_id": _STAGE,
                "person_id": f"lists_seed.uid(2, {_SEAT})",
                "state": f"case when {_UNMARKED} then 'DRAFT' else t.state end",
                "scores": f"case when {_UNMARKED} then '{{}}' else t.scores end",
                "vote": f"case when {_UNMARKED} then null else t.vote end",
                "total": f"case when {_UNMARKED} then null else t.total end",
                "submitted_at": f"case when {_UNMARKED} then null else t.submitted_at end",
            },
        ),
        f"insert into review.stage_authors (stage_id, person_id) select {_STAGE}, d.author_id "
        f"from {_RANGE} {_UP} where d.has_stage and (up = 0 or d.goes_up)",
        Copies(
            table="review.clocks",
            model="t.about_id = f.stage",
            source=_STAGE_CLOCKS,
            columns={**_CLOCK, "about_id": _STAGE},
        ),
        Copies(
            table="review.posts_seen",
            model="t.about_id = f.stage",
            source=_STAGE_CLOCKS,
            columns={"about_id": _STAGE},
        ),
        _rungs("review", _STAGE, _STAGE_CLOCKS, "t.about_id = f.stage"),
        _MARK_TASKS,
        _DECIDE_TASKS,
    ),
    TaskQueue.PAYOUT: (
        Copies(
            table="payout.awards",
            model="t.id = f.award",
            source=f"{_RANGE} where d.award_state is not null",
            columns={
                "id": _AWARD,
                "dossier_id": "d.id",
                "dossier_code": "d.code",
                "season_id": "d.season_id",
                "unit_id": "d.unit_id",
                "unit_path": "d.unit_path",
                "decision_number": "d.n || '/QĐ-SK'",
                "amount_dong": "500000",
                "state": "d.award_state",
                "payment_list_id": "case when d.award_state = 'PAID' then d.list_id end",
                "assessed_at": "d.closed_at",
                "moved_at": "d.closed_at",
                "due_at": "d.closed_at + interval '90 days'",
            },
        ),
        "insert into payout.award_shares (award_id, position, person_id, percent, amount_dong) select "
        f"{_AWARD}, 0, d.author_id, 100, 500000 from {_RANGE} where d.award_state is not null",
        _MONEY_TASKS,
        _BOOKED,
        _ITEMS,
    ),
    TaskQueue.POSTROOM: (_AUTHORS_NOTICES, _OFFICERS_NOTICES),
}
"""What each service gets of a range of dossiers; `LISTS` once, at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Which events a dossier has in a service: of the model's the first, …, as many as `some` says."""

    subject_events: int
    kind: int
    some: str


HISTORIES: Final[Mapping[str, History]] = {
    TaskQueue.INTAKE: History(subject_events=4, kind=9, some="case d.fate when 'CHECK' then 2 else 3 end"),
    TaskQueue.REVIEW: History(
        subject_events=2, kind=10, some="case when not d.has_stage then 0 when d.is_open then 1 else 2 end"
    ),
    TaskQueue.PAYOUT: History(
        subject_events=1, kind=11, some="case when d.award_state is null then 0 else 1 end"
    ),
}


def history_statement(service: str) -> str:
    """Events of a range from position $3 on, with chain and links; the hashes are made up. The first events
    of all the dossiers come first: a dossier's own lie apart, as in life."""
    history = HISTORIES[service]
    return f"""
with model as (
  select row_number() over (order by seq) as k, e.* from {service}.events e
  where e.subject_id = (select model from lists_seed.facts) order by seq limit {history.subject_events}
),
fresh as materialized (
  select $3::bigint + row_number() over (order by m.k, d.n) as position, m.*, d.n, d.id as dossier_id,
    lists_seed.uid({history.kind}, d.n * 8 + m.k) as own_id, d.filed_at + interval '1 day' * m.k as at
  from model m cross join lists_seed.dossiers($1, $2) d where m.k <= {history.some}
),
written as (
  insert into {service}.events (seq, event_id, subject_id, kind, version, occurred_at, recorded_at, actor_id,
    on_behalf_of, post_id, through, rule_version, rule, detail, key_id, mac) overriding system value
  select position, own_id, dossier_id, kind, version, at, at, actor_id, on_behalf_of, post_id, through,
    rule_version, rule, detail, key_id, mac from fresh order by position
),
chained as (
  insert into {service}.chain (position, event_id, hash, key_id, mac)
  select position, own_id, sha256(uuid_send(own_id)), key_id, mac from fresh order by position
)
insert into {service}.links (subject_id, ordinal, event_id, position, bucket, hash)
select dossier_id, k, own_id, position,
  (get_byte(sha256(uuid_send(dossier_id)), 0) << 4) | (get_byte(sha256(uuid_send(dossier_id)), 1) >> 4),
  sha256(uuid_send(own_id)) from fresh order by position
"""
