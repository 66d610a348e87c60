"""Seats and their score sheets: one sheet a seat, read together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read
from language.cases import Vote
from language.ids import PersonId, StageId
from language.plan.rule_kinds import SeatRole
from services.review.domain.stage import ScoreSheet, Seat, SeatState, SheetContent, SheetState

_ALL = """
select sheet.id, stage_id, sheet.state, scores, vote, remark, remarks, total, submitted_at, version,
  seat_no, role, person_id, post_id, on_behalf_of, seat.state as seat_state, replaced_by
from seats seat join score_sheets sheet using (stage_id, person_id)
"""
LIST = f"{_ALL} where stage_id = $1 order by seat_no"
LIST_OF_SOME = f"{_ALL} where stage_id = any($1) order by stage_id, seat_no"


def _sheet(row: Row) -> ScoreSheet:
    values = dict(row)
    seat = read(Seat, values, state=values["seat_state"])
    return read(ScoreSheet, values, seat=seat, content=read(SheetContent, values))


INSERT_SEAT = Insert("seats", "stage_id, seat_no, role, person_id, post_id, on_behalf_of")
INSERT_SHEET = "insert into score_sheets (id, stage_id, person_id) values ($1, $2, $3)"


async def insert_seats(tx: Tx, stage_id: StageId, seats: Sequence[Seat]) -> None:
    """Seat these members, each with an empty sheet."""
    rows = [INSERT_SEAT.row(seat, stage_id=stage_id) for seat in seats]
    await tx.conn.executemany(INSERT_SEAT.statement, rows)
    await tx.conn.executemany(INSERT_SHEET, [(new_id(), stage_id, seat.person_id) for seat in seats])


async def list_sheets(tx: Tx, stage_id: UUID) -> list[ScoreSheet]:
    """Every sheet of the stage with its seat, also replaced ones, by seat number."""
    return [_sheet(row) for row in await tx.conn.fetch(LIST, stage_id)]


async def sheets_of(tx: Tx, stage_ids: Sequence[UUID]) -> dict[UUID, list[ScoreSheet]]:
    """The sheets of several stages, by stage."""
    found: dict[UUID, list[ScoreSheet]] = {}
    for row in await tx.conn.fetch(LIST_OF_SOME, list(stage_ids)):
        found.setdefault(row["stage_id"], []).append(_sheet(row))
    return found


SAVE = """
update score_sheets
set state = $2, scores = $3, vote = $4, remark = $5, remarks = $6, total = $7, submitted_at = $8,
  version = $9, vote_is_secret = $10
where id = $1
"""


async def save_sheet(tx: Tx, sheet: ScoreSheet) -> None:
    """Write content, state and version. A submitted sheet without a vote is one whose ballot was secret."""
    content = sheet.content
    is_secret = sheet.state is SheetState.SUBMITTED and content.vote is None
    await tx.conn.execute(
        SAVE,
        sheet.id,
        sheet.state,
        content.scores,
        content.vote,
        content.remark,
        content.remarks,
        sheet.total,
        sheet.submitted_at,
        sheet.version,
        is_secret,
    )


CAST_BALLOT = """
insert into ballots (stage_id, vote, cast_count) select $1, kind, (kind = $2)::int
  from unnest($3::text[]) kind
on conflict (stage_id, vote) do update set cast_count = ballots.cast_count + excluded.cast_count
"""


async def cast_ballot(tx: Tx, stage_id: StageId, vote: Vote) -> None:
    """Count a secret vote. All rows are written, so that none bears the transaction of one kind of vote:
    nothing says whose it was."""
    await tx.conn.execute(CAST_BALLOT, stage_id, vote, list(Vote))


BALLOTS = "select vote, cast_count from ballots where stage_id = $1"


async def count_ballots(tx: Tx, stage_id: StageId) -> Mapping[Vote, int]:
    """How many secret votes of each kind were cast."""
    return {Vote(row["vote"]): row["cast_count"] for row in await tx.conn.fetch(BALLOTS, stage_id)}


SEATED = "select stage_id, person_id from seats where stage_id = any($1)"


async def seated_in(tx: Tx, stage_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who sits, or has sat, in the council of each of these stages."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(SEATED, list(stage_ids)):
        found.setdefault(row["stage_id"], []).append(row["person_id"])
    return found


REPLACE_SEAT = "update seats set state = 'REPLACED', replaced_by = $3 where stage_id = $1 and person_id = $2"
VOID = "update score_sheets set state = 'VOID', version = version + 1 where id = $1"


async def replace_seat(tx: Tx, sheet: ScoreSheet, substitute: PersonId) -> None:
    """The seat goes to the substitute; the sheet is void."""
    await tx.conn.execute(REPLACE_SEAT, sheet.stage_id, sheet.person_id, substitute)
    await tx.conn.execute(VOID, sheet.id)


SEAT_ANOTHER = (
    "update seats set person_id = $3, on_behalf_of = $4, state = 'ACTIVE' "
    "where stage_id = $1 and person_id = $2"
)
EMPTY = """
update score_sheets set scores = '{}', vote = null, remark = null, version = version + 1
  where stage_id = $1 and person_id = $2 and state = 'DRAFT'
"""


async def pass_seat(
    tx: Tx, stage_id: StageId, member: UUID, person_id: PersonId, on_behalf_of: PersonId | None
) -> None:
    """The seat and its sheet go from the member to a person acting for the holder of the post (or back to the
    holder), the sheet emptied."""
    await tx.conn.execute(SEAT_ANOTHER, stage_id, member, person_id, on_behalf_of)
    await tx.conn.execute(EMPTY, stage_id, person_id)


COUNT = """
update seats set state = $4 where stage_id = $1 and person_id = $2 and state = $3 returning role
"""


async def count_seat(tx: Tx, stage_id: StageId, person_id: UUID, *, counts: bool) -> SeatRole | None:
    """The seat is out of the council's count, or in it again: its role; None if it was so already."""
    was, will_be = (SeatState.VACANT, SeatState.ACTIVE) if counts else (SeatState.ACTIVE, SeatState.VACANT)
    role = await tx.conn.fetchval(COUNT, stage_id, person_id, was, will_be)
    return SeatRole(role) if role else None


RECUSE = "update seats set state = 'RECUSED' where stage_id = $1 and person_id = $2"


async def recuse_seat(tx: Tx, sheet: ScoreSheet) -> None:
    """Nobody sits there for now; the sheet is void."""
    await tx.conn.execute(RECUSE, sheet.stage_id, sheet.person_id)
    await tx.conn.execute(VOID, sheet.id)


VOID_DRAFTS = (
    "update score_sheets set state = 'VOID', version = version + 1 where stage_id = $1 and state = 'DRAFT'"
)


async def void_drafts(tx: Tx, stage_id: StageId) -> None:
    """The stage is over: sheets that were not submitted no longer count."""
    await tx.conn.execute(VOID_DRAFTS, stage_id)


VOID_ALL = (
    "update score_sheets set state = 'VOID', version = version + 1 where stage_id = $1 and state in "
    "('DRAFT', 'SUBMITTED')"
)


async def void_all(tx: Tx, stage_id: StageId) -> None:
    """The stage goes on elsewhere: its marks no longer count, but stay to be read."""
    await tx.conn.execute(VOID_ALL, stage_id)
