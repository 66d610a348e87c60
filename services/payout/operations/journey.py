"""What a payout workflow asks: assess the award, climb the rungs of its approval."""

from collections.abc import Mapping
from dataclasses import replace

from casework import ladder as rungs
from casework import tasks
from casework.clocks.editions import catch_up
from casework.clocks.kept import NewClock, find_clock, open_clock
from casework.clocks.moves import too_early
from casework.notices import tell_of_rung
from casework.posts_seen import keep_posts
from casework.tasks import NewTask, TaskState
from kit.db import Tx
from kit.ids import new_id
from language.deadline.clock import ClockMoved, StageClock
from language.messages.organisation import PostsResolved
from language.messages.payout import AssessAward, AwardMoved, ClimbPayoutRung, PayoutRungClimbed, StartPayout
from language.messages.rung import RungClimb, RungFinding
from language.names import payout_workflow_id
from language.posts.holders import PostHolder
from language.refusals import NotFound
from services.payout.domain.ladder import APPROVE_AWARD, VERIFY_AWARD, fill_seats, what_rung_does
from services.payout.domain.splitting import split
from services.payout.operations.clock_owner import OWNER
from services.payout.operations.moving import Occasion, award_as_it_stands, matter_of, note
from services.payout.operations.standing import standing_of
from services.payout.store import awards
from services.payout.store.awards import Award, AwardShare

_SIGNERS = (("verifier_id", VERIFY_AWARD), ("approver_id", APPROVE_AWARD))


async def assess_award(tx: Tx, command: AssessAward) -> AwardMoved:
    """Split the frozen amount, give it to accountant and approver. A repeat finds what the first call
    made."""
    start, posts = command.start, command.posts
    amounts = split(start.award_dong, [author.percent for author in start.authors])
    award_id = new_id()
    due_at = posts.clock.due_at if posts.clock else tx.now
    if await awards.insert_award(tx, award_id, start, posts.unit_path, due_at):
        shares = [
            AwardShare(person_id=author.person_id, percent=author.percent, amount_dong=amount)
            for author, amount in zip(start.authors, amounts, strict=True)
        ]
        await awards.insert_shares(tx, award_id, shares)
        award = await awards.get_award(tx, award_id)
        if posts.clock:
            await open_clock(tx, _clock_of(award, start, posts.clock))
        await keep_posts(tx, award.id, posts)
        seated = fill_seats(await standing_of(tx, award, posts))
        await _seat(tx, award, seated, posts)
        signers = {name: seated[kind].person_id if kind in seated else None for name, kind in _SIGNERS}
        detail = {"amount_dong": award.amount_dong, "decision_number": award.decision_number, **signers}
        await note(tx, award, Occasion(kind="AwardAssessed", rule=start.award_basis.rule, detail=detail))
        if posts.clock:
            await catch_up(tx, OWNER, award.id)
    found = await awards.find_award(tx, start.dossier_id, start.level)
    if found is None:
        raise NotFound
    return award_as_it_stands(found)


def _clock_of(award: Award, start: StartPayout, started: StageClock) -> NewClock:
    plan = start.plan
    return NewClock(
        about_id=award.id,
        subject_id=award.dossier_id,
        subject_code=award.dossier_code,
        kind="AWARD_APPROVAL",
        level=award.level,
        unit_id=award.unit_id,
        unit_path=award.unit_path,
        workflow_id=payout_workflow_id(start.dossier_id, start.level),
        rule_version=award.rule_version,
        rule=plan.approval_basis.rule,
        budget=plan.approval,
        ladder=plan.ladder,
        extension=plan.extension,
        started=started,
    )


async def _seat(tx: Tx, award: Award, seated: Mapping[str, PostHolder], posts: PostsResolved) -> None:
    """Whoever is given a signature can give it at once, but the approval waits for the verification."""
    for kind, holder in seated.items():
        state = TaskState.OPEN if award.verified_by is not None or kind == VERIFY_AWARD else TaskState.WAITING
        await tasks.open_task(tx, replace(_task(award, kind, holder, posts), state=state))


def _task(award: Award, kind: str, holder: PostHolder, posts: PostsResolved) -> NewTask:
    return NewTask(
        kind=kind,
        subject_id=award.dossier_id,
        subject_code=award.dossier_code,
        about_id=award.id,
        level=award.level,
        unit_id=award.unit_id,
        unit_path=award.unit_path,
        assignee_id=holder.person_id,
        on_behalf_of=holder.on_behalf_of,
        due_at=award.due_at,
        post_id=holder.post_id,
        post_kind=tasks.office_of(holder, posts),
    )


async def climb_rung(tx: Tx, command: ClimbPayoutRung) -> PayoutRungClimbed:
    """Look under the lock first: once approved or rejected, nothing happens."""
    award = await awards.get_award(tx, command.award_id, lock=True)
    finding, clock = await _climb(tx, award, command.climb)
    return PayoutRungClimbed(finding=finding, award=award_as_it_stands(award), clock=clock)


async def _climb(tx: Tx, award: Award, climb: RungClimb) -> tuple[RungFinding, ClockMoved | None]:
    if await rungs.has_fired(tx, award.id, climb.rung):
        return RungFinding.ALREADY_FIRED, None
    if award.state.is_approved:
        return RungFinding.TOO_LATE, None
    clock = await too_early(tx, OWNER, await find_clock(tx, award.id), climb.rung)
    if clock:
        return RungFinding.NOT_YET, clock
    standing = await standing_of(tx, award, climb.posts)
    deed = what_rung_does(climb.rung.action, standing, tx.now)
    await _seat(tx, award, deed.seated, climb.posts)
    if deed.goes_to:
        await tasks.cancel_tasks(tx, award.id, standing.awaited)
        await tasks.open_task(tx, _task(award, standing.awaited, deed.goes_to, climb.posts))
    finding = RungFinding.NOTHING_TO_DO if deed.is_idle else RungFinding.FIRED
    await rungs.mark_fired(tx, award.id, climb.rung, finding)
    await keep_posts(tx, award.id, climb.posts)
    detail = {
        "rung": climb.rung.id,
        "action": climb.rung.action,
        "finding": finding,
        "planned_at": climb.rung.at,
        **deed.detail,
    }
    event_id = await note(tx, award, Occasion(kind="RungFired", rule=climb.rung.rule, detail=detail))
    await tell_of_rung(tx, event_id, detail, matter_of(award, award.due_at))
    return finding, None
