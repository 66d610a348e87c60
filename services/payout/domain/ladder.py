"""What a rung of an award's approval does as things stand. The climb and the forecast both ask here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from language.deadline.waiting import waits
from language.ids import PersonId
from language.plan.review_plan import RungAction
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind, PostTask

VERIFY_AWARD: Final = "VERIFY_AWARD"
APPROVE_AWARD: Final = "APPROVE_AWARD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a rung looks at: which signatures are wanted of which post, who has them since when, who may not
    sign, who is there."""

    is_verified: bool
    verifier_post: PostKind
    approver_post: PostKind
    barred: Collection[PersonId]
    signers: Mapping[str, Mapping[PersonId, datetime]]
    holders: Sequence[PostHolder]
    superiors: Sequence[PostHolder]
    pending: Mapping[PersonId, int] = field(default_factory=dict)

    @property
    def awaited(self) -> str:
        """The signature that comes next."""
        return APPROVE_AWARD if self.is_verified else VERIFY_AWARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a rung does: whom it speaks to, what the history says, who is given a signature nobody had, and
    who gets the awaited one."""

    told: tuple[PersonId, ...]
    detail: Mapping[str, object]
    seated: Mapping[str, PostHolder] = field(default_factory=dict)
    goes_to: PostHolder | None = None
    is_idle: bool = False


def fill_seats(standing: Standing) -> dict[str, PostHolder]:
    """A signature that nobody has goes to the holder of its post with the least to do; an empty post falls to
    the head above."""
    wanted = {VERIFY_AWARD: standing.verifier_post, APPROVE_AWARD: standing.approver_post}
    if standing.is_verified:
        del wanted[VERIFY_AWARD]
    taken = {*standing.barred, *(person for people in standing.signers.values() for person in people)}
    seated: dict[str, PostHolder] = {}
    for kind, post in wanted.items():
        chosen = None if standing.signers.get(kind) else _choose(standing, PostTask(kind), post, taken)
        if chosen:
            seated[kind] = chosen
            taken.add(chosen.person_id)
    return seated


def _choose(
    standing: Standing, task: PostTask, post: PostKind, taken: Collection[PersonId]
) -> PostHolder | None:
    able = [
        holder
        for holder in standing.holders
        if holder.kind is post and holder.may_do(task) and holder.person_id not in taken
    ]
    if not able:
        return _superior(standing, task, taken)
    return min(able, key=lambda holder: standing.pending.get(holder.person_id, 0))


def _superior(standing: Standing, task: PostTask, taken: Collection[PersonId]) -> PostHolder | None:
    return next(
        (holder for holder in standing.superiors if holder.may_do(task) and holder.person_id not in taken),
        None,
    )


def what_rung_does(action: RungAction, standing: Standing, at: datetime) -> Deed:
    """Empty seats are filled first: whoever just got the award is not silent yet. `is_idle` says that there
    was nothing to do."""
    seated = fill_seats(standing)
    new = tuple(holder.person_id for holder in seated.values())
    silent = list(standing.signers.get(standing.awaited, {}))
    if not silent:
        return Deed(told=new, detail={"seated": _ids(seated)}, seated=seated, is_idle=not seated)
    if action is RungAction.REMIND:
        return Deed(told=(*silent, *new), detail={"reminded": silent}, seated=seated)
    taken = {*standing.barred, *(person for people in standing.signers.values() for person in people), *new}
    superior = _superior(standing, PostTask(standing.awaited), taken)
    acted = _above(action, standing, superior, at) if superior else None
    detail, goes_to = acted or ({"silent": silent}, None)
    told = (superior.person_id, *new) if acted and superior else new
    return Deed(
        told=told, detail=detail, seated=seated, goes_to=goes_to, is_idle=acted is None and not seated
    )


def _above(
    action: RungAction, standing: Standing, superior: PostHolder, at: datetime
) -> tuple[dict[str, object], PostHolder | None] | None:
    """What a rung does by the head above; None for what only councils have."""
    waited = standing.signers[standing.awaited]
    match action:
        case RungAction.DIGEST:
            return {"told": superior.person_id, "silent": waits(waited, at)}, None
        case RungAction.TELL_SUPERIOR:
            return {"told": superior.person_id, "silent": list(waited)}, None
        case RungAction.HAND_UP:
            return {"from": list(waited), "to": superior.person_id}, superior
        case _:
            return None


def _ids(seated: Mapping[str, PostHolder]) -> dict[str, PersonId]:
    return {kind: holder.person_id for kind, holder in seated.items()}
