"""What stands under the record of a person that was joined to another: authors, seats, decisions."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from casework import tasks
from casework.history.record import record
from casework.joined import Joined
from casework.joining_watch import PersonColumn
from kit.db import Tx
from language.events.actor import CLOCK_ACTED
from language.events.casework import StandsUnderKept
from language.ids import PersonId, StageId
from language.joined import JoinedAs
from language.plan.rule_kinds import VotingMethod
from language.posts.kinds import PostTask
from services.review.domain.joining import join_seats
from services.review.domain.stage import AnyStage, OpenStage, ScoreSheet, SheetState
from services.review.operations.examination import EXAMINATION
from services.review.operations.second_thoughts import Why, seated, stay_out
from services.review.store import joined_records, score_sheets, stages

SEATED: Final = (PostTask.MARK,)
"""A task to mark goes with its seat and sheet."""
_IS_AUTHOR: Final = "Sau khi gộp hai bản ghi của một người: người này là tác giả của hồ sơ."


class Councils:
    """Stages that name the joined record."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """See the base."""
        return await joined_records.stages_of(tx, joined.joined_id)

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """Author, seat and decision under the kept record. One seat in an open council is enough; and an
        author neither marks nor decides, from now on under neither record."""
        stage = await stages.lock_stage(tx, thing_id)
        kept_id, joined_id = joined.kept_id, joined.joined_id
        sheets = {sheet.person_id: sheet for sheet in await score_sheets.list_sheets(tx, stage.id)}
        own, others = sheets.get(PersonId(kept_id)), sheets.get(PersonId(joined_id))
        is_left_out = await joined_records.is_newly_left_out(tx, stage.id, kept_id, joined_id)
        await joined_records.pass_authorship(tx, stage.id, kept_id, joined_id)
        await joined_records.pass_decision(tx, stage.id, kept_id, joined_id)
        is_seated = False
        if others and own is None:
            await joined_records.pass_seat(tx, stage.id, joined_id, kept_id)
            is_seated = True
        elif others and own and isinstance(stage, OpenStage):
            is_seated = await _take_one(tx, stage, own, others)
        roles = _roles(stage, joined_id, is_seated=is_seated)
        if roles or is_left_out:
            fact = StandsUnderKept(
                kept_id=kept_id,
                joined_id=joined_id,
                about_id=stage.id,
                level=stage.level,
                joined_as=roles,
                was_both=own is not None and others is not None,
            )
            event_id = await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version)
            if is_left_out:
                await joined_records.keep_out(tx, stage.id, kept_id, joined_id, event_id)
        await _leave_as_author(tx, stage.id, PersonId(kept_id))


def _roles(stage: AnyStage, joined_id: UUID, *, is_seated: bool) -> tuple[JoinedAs, ...]:
    found = [JoinedAs.AUTHOR] if joined_id in stage.author_ids else []
    found += [JoinedAs.MEMBER] if is_seated else []
    found += [JoinedAs.DECIDER] if stage.decider_id == joined_id else []
    return tuple(found)


async def _take_one(tx: Tx, stage: OpenStage, kept: ScoreSheet, joined: ScoreSheet) -> bool:
    """The person's seat is under the kept record; the other one, if it is owed a sheet, goes to a
    substitute. False when all stays as it was."""
    after = join_seats(kept, joined)
    if after.own is joined:
        await joined_records.swap_seats(tx, stage.id, kept.person_id, joined.person_id)
    if not after.leaves:
        return after.own is joined
    for task in await tasks.given_about(tx, [stage.id]):
        if task.kind is PostTask.MARK and task.assignee_id == joined.person_id:
            await EXAMINATION.leave_out(tx, task)
    return True


async def _leave_as_author(tx: Tx, stage_id: StageId, person: PersonId) -> None:
    """Whoever is known as an author now leaves seat and decision; only a secret ballot that was cast stands,
    for nobody knows which it was."""
    stage, sheets = await stages.get_stage(tx, stage_id), await score_sheets.list_sheets(tx, stage_id)
    own = seated(sheets, person)
    if not isinstance(stage, OpenStage) or person not in stage.author_ids:
        return
    is_secret = stage.plan.voting.method is VotingMethod.SECRET_BALLOT
    if own and own.state is SheetState.SUBMITTED and is_secret:
        sheets, own = [sheet for sheet in sheets if sheet is not own], None
    if own or stage.decider_id == person:
        await stay_out(tx, stage, sheets, person, Why(reason=_IS_AUTHOR, actor=CLOCK_ACTED))


COLUMNS: Final = (
    PersonColumn(table="complaints", column="complainant_id"),
    PersonColumn(table="complaints_barred", column="person_id"),
    PersonColumn(table="complaints", column="ended_by"),
)
"""Who complained takes that back, and who decided does not settle it, under whichever record."""
FOLLOWERS: Final = (Councils(),)
