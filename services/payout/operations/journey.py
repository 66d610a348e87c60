"""What a payout workflow asks: assess the award, climb the rungs of its approval."""

from typing import Any
from uuid import UUID

from services.kit import rungs, tasks
from services.kit.clock_moves import too_early
from services.kit.clocks import NewClock, find_clock, open_clock
from services.kit.db import Tx
from services.kit.ids import new_id
from services.kit.notices import tell_of_rung
from services.kit.tasks import NewTask, TaskState
from services.payout.domain.splitting import split
from services.payout.operations.clock_owner import OWNER
from services.payout.operations.moving import APPROVE_AWARD, VERIFY_AWARD, Occasion, award_as_it_stands, matter_of, note
from services.payout.store import awards
from services.payout.store.awards import Award, AwardShare
from workflows.contracts.clock import ClockMoved, StageClock
from workflows.contracts.directory import PostHolder, PostsResolved
from workflows.contracts.hand_over import PostTask
from workflows.contracts.names import payout_workflow_id
from workflows.contracts.payout import AssessAward, AwardMoved, ClimbPayoutRung, PayoutRungClimbed, StartPayout
from workflows.contracts.plan import PostKind, RungAction
from workflows.contracts.refusals import NotFound
from workflows.contracts.rung import RungClimb, RungFinding


async def assess_award(tx: Tx, command: AssessAward) -> AwardMoved:
    """Split the frozen amount, give it to accountant and approver. A repeat finds what the first call made."""
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
        seated = await _fill_seats(tx, award, posts)
        signers = {"verifier_id": seated.get(VERIFY_AWARD), "approver_id": seated.get(APPROVE_AWARD)}
        detail = {"amount_dong": award.amount_dong, "decision_number": award.decision_number, **signers}
        await note(tx, award, Occasion(kind="AwardAssessed", rule=start.award_basis.rule, detail=detail))
    found = await awards.find_award(tx, start.dossier_id, start.level)
    if found is None:
        raise NotFound
    return award_as_it_stands(found)


def _clock_of(award: Award, start: StartPayout, started: StageClock) -> NewClock:
    plan = start.plan
    return NewClock(
        about_id=award.id, subject_id=award.dossier_id, subject_code=award.dossier_code, kind="AWARD_APPROVAL", level=award.level,
        unit_id=award.unit_id, unit_path=award.unit_path, workflow_id=payout_workflow_id(start.dossier_id, start.level),
        rule_version=award.rule_version, rule=plan.approval_basis.rule, budget=plan.approval, ladder=plan.ladder,
        extension=plan.extension, started=started,
    )  # fmt: skip


async def _signers(tx: Tx, award: Award) -> dict[str, list[UUID]]:
    """Who has which signature to give."""
    return {kind: [task.assignee_id for task in await tasks.pending_tasks(tx, award.id, kind)] for kind in (VERIFY_AWARD, APPROVE_AWARD)}


async def _barred(tx: Tx, award: Award) -> set[UUID | None]:
    """Payees never sign, and nobody signs twice."""
    signers = await _signers(tx, award)
    payees = [share.person_id for share in await awards.shares_of(tx, award.id)]
    return {*payees, award.verified_by, *signers[VERIFY_AWARD], *signers[APPROVE_AWARD]}


async def _fill_seats(tx: Tx, award: Award, posts: PostsResolved) -> dict[str, UUID]:
    """A signature that nobody has goes to the holder of its post with the least to do; an empty post falls to the head above."""
    signers, is_verified = await _signers(tx, award), award.verified_by is not None
    wanted = {APPROVE_AWARD: award.approver_post} if is_verified else {VERIFY_AWARD: award.verifier_post, APPROVE_AWARD: award.approver_post}
    seated: dict[str, UUID] = {}
    for kind, post in wanted.items():
        chosen = None if signers[kind] else await _choose(tx, posts.for_task(PostTask(kind)), post, await _barred(tx, award))
        if chosen:
            state = TaskState.OPEN if is_verified or kind == VERIFY_AWARD else TaskState.WAITING
            await tasks.open_task(tx, _task(award, kind, chosen, state))
            seated[kind] = chosen.person_id
    return seated


async def _choose(tx: Tx, posts: PostsResolved, kind: PostKind, taken: set[UUID | None]) -> PostHolder | None:
    able = [holder for holder in posts.holders if holder.kind is kind and holder.person_id not in taken]
    if not able:
        return next((holder for holder in posts.superiors if holder.person_id not in taken), None)
    busy = await tasks.count_pending(tx, [holder.person_id for holder in able])
    return min(able, key=lambda holder: busy.get(holder.person_id, 0))


def _task(award: Award, kind: str, holder: PostHolder, state: TaskState) -> NewTask:
    return NewTask(
        kind=kind, subject_id=award.dossier_id, subject_code=award.dossier_code, about_id=award.id, level=award.level, unit_id=award.unit_id,
        unit_path=award.unit_path, assignee_id=holder.person_id, on_behalf_of=holder.on_behalf_of, due_at=award.due_at, state=state,
        post_id=holder.post_id,
    )  # fmt: skip


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
    finding, detail = await _act(tx, award, climb)
    await rungs.mark_fired(tx, award.id, climb.rung, finding)
    detail |= {"rung": climb.rung.id, "action": climb.rung.action, "finding": finding, "planned_at": climb.rung.at}
    event_id = await note(tx, award, Occasion(kind="RungFired", rule=climb.rung.rule, detail=detail))
    await tell_of_rung(tx, event_id, detail, matter_of(award, award.due_at))
    return finding, None


async def _act(tx: Tx, award: Award, climb: RungClimb) -> tuple[RungFinding, dict[str, Any]]:
    """Empty seats are filled first: whoever just got the award is not silent yet."""
    awaited = VERIFY_AWARD if award.verified_by is None else APPROVE_AWARD
    silent = (await _signers(tx, award))[awaited]
    seated = await _fill_seats(tx, award, climb.posts)
    if not silent:
        return (RungFinding.FIRED if seated else RungFinding.NOTHING_TO_DO), {"seated": seated}
    barred = await _barred(tx, award)
    superior = next((holder for holder in climb.posts.for_task(PostTask(awaited)).superiors if holder.person_id not in barred), None)
    match climb.rung.action:
        case RungAction.REMIND:
            return RungFinding.FIRED, {"reminded": silent}
        case RungAction.TELL_SUPERIOR if superior:
            return RungFinding.FIRED, {"told": superior.person_id, "silent": silent}
        case RungAction.HAND_UP if superior:
            await tasks.cancel_tasks(tx, award.id, awaited)
            await tasks.open_task(tx, _task(award, awaited, superior, TaskState.OPEN))
            return RungFinding.FIRED, {"from": silent, "to": superior.person_id}
        case RungAction.REPLACE_SILENT | RungAction.TELL_SUPERIOR | RungAction.HAND_UP:
            return RungFinding.NOTHING_TO_DO, {"silent": silent}
