"""What a payout workflow asks: assess the award, climb the rungs of its approval."""

from typing import Any
from uuid import UUID

from services.kit import rungs, tasks
from services.kit.db import Tx
from services.kit.ids import new_id
from services.kit.tasks import NewTask, TaskState
from services.payout.domain.refusals import AwardNotAssessable
from services.payout.domain.splitting import split
from services.payout.operations.moving import APPROVE_AWARD, VERIFY_AWARD, Occasion, award_as_it_stands, note
from services.payout.store import awards
from services.payout.store.awards import Award, AwardShare
from workflows.contracts.directory import PostHolder, PostsResolved
from workflows.contracts.payout import AssessAward, AwardMoved, ClimbPayoutRung, PayoutRungClimbed
from workflows.contracts.plan import PostKind, RungAction
from workflows.contracts.refusals import NotFound
from workflows.contracts.rung import RungClimb, RungFinding

_WHOLE = 100


async def assess_award(tx: Tx, command: AssessAward) -> AwardMoved:
    """Split the frozen amount, give it to accountant and approver. A repeat finds what the first call made."""
    start, posts = command.start, command.posts
    if start.award_dong <= 0 or sum(author.percent for author in start.authors) != _WHOLE:
        raise AwardNotAssessable
    award_id = new_id()
    due_at = posts.clock.due_at if posts.clock else tx.now
    if await awards.insert_award(tx, award_id, start, posts.unit_path, due_at):
        amounts = split(start.award_dong, [author.percent for author in start.authors])
        shares = [
            AwardShare(person_id=author.person_id, percent=author.percent, amount_dong=amount)
            for author, amount in zip(start.authors, amounts, strict=True)
        ]
        await awards.insert_shares(tx, award_id, shares)
        award = await awards.get_award(tx, award_id)
        signers = await _give_tasks(tx, award, command)
        detail = {"amount_dong": award.amount_dong, "decision_number": award.decision_number, **signers}
        await note(tx, award, Occasion(kind="AwardAssessed", rule=start.award_basis.rule, detail=detail))
    found = await awards.find_award(tx, start.dossier_id, start.level)
    if found is None:
        raise NotFound
    return award_as_it_stands(found)


async def _give_tasks(tx: Tx, award: Award, command: AssessAward) -> dict[str, Any]:
    """The verifier is the one with the least to do; the approver is somebody else. An empty post falls to the head above."""
    plan, posts = command.start.plan, command.posts
    payees: set[UUID] = {author.person_id for author in command.start.authors}
    verifier = await _choose(tx, posts, plan.verifier, payees)
    approver = await _choose(tx, posts, plan.approver, payees | ({verifier.person_id} if verifier else set()))
    if verifier:
        await tasks.open_task(tx, _task(award, VERIFY_AWARD, verifier, TaskState.OPEN))
    if approver:
        await tasks.open_task(tx, _task(award, APPROVE_AWARD, approver, TaskState.WAITING))
    return {"verifier_id": verifier.person_id if verifier else None, "approver_id": approver.person_id if approver else None}


async def _choose(tx: Tx, posts: PostsResolved, kind: PostKind, taken: set[UUID]) -> PostHolder | None:
    able = [holder for holder in posts.holders if holder.kind is kind and holder.person_id not in taken]
    if not able:
        return next((holder for holder in posts.superiors if holder.person_id not in taken), None)
    busy = await tasks.count_pending(tx, [holder.person_id for holder in able])
    return min(able, key=lambda holder: busy.get(holder.person_id, 0))


def _task(award: Award, kind: str, holder: PostHolder, state: TaskState) -> NewTask:
    return NewTask(
        kind=kind, subject_id=award.dossier_id, subject_code=award.dossier_code, about_id=award.id, level=award.level, unit_id=award.unit_id,
        unit_path=award.unit_path, assignee_id=holder.person_id, on_behalf_of=holder.on_behalf_of, due_at=award.due_at, state=state,
    )  # fmt: skip


async def climb_rung(tx: Tx, command: ClimbPayoutRung) -> PayoutRungClimbed:
    """Look under the lock first: once approved or rejected, nothing happens."""
    award = await awards.get_award(tx, command.award_id, lock=True)
    finding = await _climb(tx, award, command.climb)
    return PayoutRungClimbed(finding=finding, award=award_as_it_stands(award))


async def _climb(tx: Tx, award: Award, climb: RungClimb) -> RungFinding:
    if await rungs.has_fired(tx, award.id, climb.rung):
        return RungFinding.ALREADY_FIRED
    if award.state.is_approved:
        return RungFinding.TOO_LATE
    finding, detail = await _act(tx, award, climb)
    await rungs.mark_fired(tx, award.id, climb.rung, finding)
    detail |= {"rung": climb.rung.id, "action": climb.rung.action, "finding": finding, "planned_at": climb.rung.at}
    await note(tx, award, Occasion(kind="RungFired", rule=climb.rung.rule, detail=detail))
    return finding


async def _act(tx: Tx, award: Award, climb: RungClimb) -> tuple[RungFinding, dict[str, Any]]:
    signers = {kind: [task.assignee_id for task in await tasks.pending_tasks(tx, award.id, kind)] for kind in (VERIFY_AWARD, APPROVE_AWARD)}
    awaited = VERIFY_AWARD if award.verified_by is None else APPROVE_AWARD
    involved = {award.verified_by, *signers[VERIFY_AWARD], *signers[APPROVE_AWARD]}
    superior = next((holder for holder in climb.posts.superiors if holder.person_id not in involved), None)
    if not signers[awaited] and superior:
        await tasks.open_task(tx, _task(award, awaited, superior, TaskState.OPEN))
        return RungFinding.FIRED, {"from": [], "to": superior.person_id}
    match climb.rung.action:
        case RungAction.REMIND if signers[awaited]:
            return RungFinding.FIRED, {"reminded": signers[awaited]}
        case RungAction.TELL_SUPERIOR if superior:
            return RungFinding.FIRED, {"told": superior.person_id, "silent": signers[awaited]}
        case RungAction.HAND_UP if superior:
            await tasks.cancel_tasks(tx, award.id, awaited)
            await tasks.open_task(tx, _task(award, awaited, superior, TaskState.OPEN))
            return RungFinding.FIRED, {"from": signers[awaited], "to": superior.person_id}
        case _:
            return RungFinding.NOTHING_TO_DO, {"silent": signers[awaited]}
