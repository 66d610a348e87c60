"""Who sits in a council, who decides, and who takes the seat of a silent member."""

from collections.abc import Collection, Iterator, Sequence

from language.ids import PersonId
from language.plan.review_plan import LevelPlan
from language.plan.rule_kinds import SeatRole
from language.posts.holders import PostHolder, PostsResolved
from language.posts.kinds import PostKind
from services.review.domain.stage import ScoreSheet, Seat, in_draft, vacated


def posts_wanted(plan: LevelPlan) -> tuple[PostKind, ...]:
    """The kinds of post whose holders may sit in the council, in the order of the plan."""
    return tuple(dict.fromkeys([*(rule.post for rule in plan.seats), plan.substitutes]))


def fill_seats(
    plan: LevelPlan,
    holders: Sequence[PostHolder],
    author_ids: Collection[PersonId],
    known: Collection[int] = (),
) -> list[Seat]:
    """The council: holders by post in the order of the plan, then substitutes for seats left empty. One
    person, one seat; no author. The `known` seats are left out.

    A substitute never takes the chair: without a chair the approval comes from above.
    """
    wanted = [rule for rule in plan.seats for _ in range(rule.count)]
    empty = [(seat_no, rule) for seat_no, rule in enumerate(wanted, start=1) if seat_no not in known]
    taken: set[PersonId] = set(author_ids)
    seated: dict[int, PostHolder] = {}
    for seat_no, rule in empty:
        _seat(seated, taken, seat_no, (holder for holder in holders if holder.kind is rule.post))
    for seat_no, rule in empty:
        if seat_no not in seated and rule.role is not SeatRole.CHAIR:
            _seat(seated, taken, seat_no, (holder for holder in holders if holder.kind is plan.substitutes))
    return [new_seat(seat_no, wanted[seat_no - 1].role, seated[seat_no]) for seat_no in sorted(seated)]


def fill_vacant_seats(
    plan: LevelPlan,
    sheets: Sequence[ScoreSheet],
    holders: Sequence[PostHolder],
    barred: Collection[PersonId],
) -> list[Seat]:
    """Seats of the plan that nobody has ever sat in, with those who are there for them now."""
    seated = [person for sheet in sheets for person in (sheet.person_id, sheet.seat.on_behalf_of) if person]
    free = [holder for holder in holders if holder.person_id not in seated]
    known = {sheet.seat.seat_no for sheet in sheets}
    return fill_seats(plan, free, barred, known)


def _seat(
    seated: dict[int, PostHolder], taken: set[PersonId], seat_no: int, candidates: Iterator[PostHolder]
) -> None:
    free = next((holder for holder in candidates if holder.person_id not in taken), None)
    if free:
        seated[seat_no] = free
        taken.add(free.person_id)


def new_seat(seat_no: int, role: SeatRole, holder: PostHolder) -> Seat:
    """A seat taken by a post's holder."""
    return Seat(
        seat_no=seat_no,
        role=role,
        person_id=holder.person_id,
        post_id=holder.post_id,
        on_behalf_of=holder.on_behalf_of,
    )


def vacant_roles(plan: LevelPlan, seats: Collection[Seat]) -> list[SeatRole]:
    """The roles of the plan that nobody could be found for."""
    roles = [rule.role for rule in plan.seats for _ in range(rule.count)]
    filled = {seat.seat_no for seat in seats}
    return [role for seat_no, role in enumerate(roles, start=1) if seat_no not in filled]


def choose_decider(
    seats: Sequence[Seat], deciding: PostsResolved, author_ids: Collection[PersonId]
) -> Seat | PostHolder | None:
    """The chair; else the nearest superior (Decree 13/2012, Statute art. 7.2: approval from above); else the
    deputy chair, or any member.

    `deciding` says who acts when it comes to decisions: the chair may have delegated to mark, or to decide,
    only. None only when nobody at all is there."""
    by_role = {seat.role: seat for seat in reversed(seats)}
    chair = by_role.get(SeatRole.CHAIR)
    allowed = [holder for holder in deciding.holders if holder.person_id not in author_ids]
    of_the_chair = [holder for holder in allowed if chair and holder.post_id == chair.post_id]
    for_the_chair = next(
        (holder for holder in of_the_chair if chair and holder.person_id == chair.person_id),
        next(iter(of_the_chair), None),
    )
    superior = next((holder for holder in deciding.superiors if holder.person_id not in author_ids), None)
    member = by_role.get(SeatRole.DEPUTY_CHAIR) or next(iter(seats), None)
    return for_the_chair or superior or member


def choose_superior(
    superiors: Sequence[PostHolder], present_decider: PersonId | None, author_ids: Collection[PersonId]
) -> PostHolder | None:
    """The nearest superior who is not the one that has been waited for."""
    barred = {*author_ids, present_decider}
    return next((holder for holder in superiors if holder.person_id not in barred), None)


def is_complete(plan: LevelPlan, sheets: Sequence[ScoreSheet]) -> bool:
    """Every seat of the plan has been taken, and none has lost its holder."""
    return not vacant_roles(plan, [sheet.seat for sheet in sheets]) and not vacated(sheets)


def without_holder(sheets: Sequence[ScoreSheet]) -> list[ScoreSheet]:
    """The seats without a holder that a substitute may take. Nobody is a substitute for a chair."""
    return [sheet for sheet in vacated(sheets) if sheet.seat.role is not SeatRole.CHAIR]


def replaceable(sheets: Sequence[ScoreSheet], decider_id: PersonId | None) -> list[ScoreSheet]:
    """The silent members. The chair and the decider are not replaced but overtaken, by handing the decision
    up."""
    return [
        sheet
        for sheet in in_draft(sheets)
        if sheet.seat.role is not SeatRole.CHAIR and sheet.person_id != decider_id
    ]


def choose_substitutes(
    plan: LevelPlan,
    holders: Sequence[PostHolder],
    ever_seated: Collection[PersonId],
    author_ids: Collection[PersonId],
) -> list[PostHolder]:
    """Substitutes who have not sat in this council and are no authors, each person once, in the
    organisation's order."""
    barred = {*ever_seated, *author_ids}
    free: dict[PersonId, PostHolder] = {}
    for holder in holders:
        if holder.kind is plan.substitutes and holder.person_id not in barred:
            free.setdefault(holder.person_id, holder)
    return list(free.values())
