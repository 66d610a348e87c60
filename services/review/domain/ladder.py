"""What a rung of a council's ladder does as things stand. The climb, the forecast and the look back all ask
here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Final, assert_never

from language.deadline.waiting import waits
from language.events.base import Change
from language.events.rungs import (
    ChairFreed,
    Did,
    HandedUp,
    MembersReplaced,
    QuorumLowered,
    Reminded,
    Replacement,
    RungEffect,
    SeatsFilled,
    SilenceReported,
    SuperiorTold,
    WorkGiven,
)
from language.ids import PersonId, PostId
from language.plan.review_plan import RungAction, Share
from language.plan.rule_kinds import SeatRole
from language.posts.holders import PostHolder
from language.posts.kinds import PostTask
from services.review.domain.council import (
    choose_substitutes,
    choose_superior,
    fill_vacant_seats,
    new_seat,
    replaceable,
    without_holder,
)
from services.review.domain.stage import (
    EMPTY_SEAT,
    ScoreSheet,
    Seat,
    Stage,
    active_seats,
    in_draft,
    submitted,
)

LOOKS_AT_POSTS: Final = (
    RungAction.TELL_SUPERIOR,
    RungAction.REPLACE_SILENT,
    RungAction.HAND_UP,
    RungAction.LOOK_AGAIN,
)
"""The actions that look at who is in the posts. The others look at the council alone, so that nobody need be
looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RungContext:
    """What a rung looks at: the stage, its sheets, who is in the posts, since when each is waited for, how
    much each has to do, and which posts have had the decision; `numbered` seats were added in the same
    moment."""

    stage: Stage
    sheets: Sequence[ScoreSheet]
    holders: Sequence[PostHolder]
    superiors: Sequence[PostHolder]
    waited_since: Mapping[PersonId, datetime] = field(default_factory=dict)
    numbered: int = 0
    pending: Mapping[PersonId, int] = field(default_factory=dict)
    asked: Collection[PostId] = ()

    @property
    def awaited(self) -> tuple[PersonId, ...]:
        """Who is silent: the members who owe a sheet; once none does, the decider."""
        silent = tuple(sheet.person_id for sheet in in_draft(self.sheets))
        return silent or ((self.stage.decider_id,) if self.stage.decider_id else ())

    def since(self, person: PersonId) -> datetime:
        """A member since their task came; the decider, once no sheet is missing, since the last came in."""
        marked = [sheet.submitted_at for sheet in submitted(self.sheets) if sheet.submitted_at]
        if marked and not in_draft(self.sheets):
            return max(marked)
        return self.waited_since.get(person, self.stage.opened_at)

    @property
    def chair(self) -> PersonId | None:
        """The seated chair, if the decision is the chair's."""
        seats = active_seats(self.sheets)
        return next(
            (
                seat.person_id
                for seat in seats
                if seat.role is SeatRole.CHAIR and seat.person_id == self.stage.decider_id
            ),
            None,
        )

    @property
    def secretary(self) -> PersonId | None:
        """The council's secretary, if it has one."""
        return next(
            (seat.person_id for seat in active_seats(self.sheets) if seat.role is SeatRole.SECRETARY), None
        )

    @property
    def superior(self) -> PostHolder | None:
        """The nearest head above whom the decision has not been with."""
        stage = self.stage
        above = [head for head in self.superiors if head.post_id not in self.asked]
        return choose_superior(above, stage.decider_id, stage.left_out)

    @property
    def waits_for_members(self) -> bool:
        """Sheets are missing, and nothing has yet said that the decision need not wait for them."""
        return bool(in_draft(self.sheets)) and not self.stage.eased.waives_quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilEffect(RungEffect):
    """Also the changes to the stage: seats that are taken, seats that change hands, who decides, and what is
    allowed from now on."""

    seated: tuple[Seat, ...] = ()
    replaced: tuple[tuple[ScoreSheet, Seat], ...] = ()
    decider: Seat | PostHolder | None = None
    opens_decision: bool = False
    hands_up: bool = False
    quorum: Share | None = None
    lets_chair_alone: bool = False


NOTHING: Final = CouncilEffect()


def council_rung(
    action: RungAction, context: RungContext, at: datetime, quorum: Share | None = None
) -> CouncilEffect:
    """Whoever is there now for an empty seat, or for a decision that nobody has, gets it, whatever the rung;
    then the rung acts on those who were there before. `quorum` is the share of a LOWER_QUORUM rung."""
    filled = _fill(context)
    taken = {seat.person_id for seat in (*filled.seated, *(seat for _, seat in filled.replaced))}
    free = [one for one in context.holders if one.person_id not in taken]
    before = replace(context, holders=free, numbered=len(filled.replaced))
    acted = _act(action, before, at, quorum)
    if filled.decider and acted.decider:
        return filled
    return replace(
        acted,
        did=(*acted.did, *filled.did),
        seated=filled.seated,
        replaced=(*filled.replaced, *acted.replaced),
        decider=acted.decider or filled.decider,
        opens_decision=acted.opens_decision or filled.opens_decision,
    )


def is_too_small(context: RungContext, effect: CouncilEffect) -> bool:
    """The council cannot reach its quorum, or is nobody, and nothing has said that it need not."""
    stage = context.stage
    back = [sheet for sheet, _ in effect.replaced if sheet.seat.state in EMPTY_SEAT]
    members = len(active_seats(context.sheets)) + len(effect.seated) + len(back)
    if stage.eased.waives_quorum or effect.hands_up or effect.lets_chair_alone:
        return False
    return members == 0 or members < stage.with_quorum(effect.quorum).quorum.needed(members)


def _fill(context: RungContext) -> CouncilEffect:
    stage = context.stage
    seated = tuple(fill_vacant_seats(stage.plan, context.sheets, context.holders, _barred(stage)))
    did: list[Did] = [SeatsFilled(person_ids=tuple(seat.person_id for seat in seated))] if seated else []
    taken = {seat.person_id for seat in seated}
    rest = replace(context, holders=[one for one in context.holders if one.person_id not in taken])
    replaced = _substituted(rest, without_holder(context.sheets))
    if replaced:
        did.append(_replacement(replaced))
    decider = None if stage.decider else _first_decider(context, seated)
    if decider:
        did.append(WorkGiven(task=PostTask.DECIDE, to_id=decider.person_id))
    is_alone = decider is not None and not seated and not replaced and not active_seats(context.sheets)
    return CouncilEffect(
        did=tuple(did), seated=seated, replaced=replaced, decider=decider, opens_decision=is_alone
    )


def _barred(stage: Stage) -> list[PersonId]:
    return [*stage.left_out, *((stage.decider_id,) if stage.decider_id else ())]


def _first_decider(context: RungContext, seated: Sequence[Seat]) -> Seat | PostHolder | None:
    """As at an opening: the chair, else the nearest head above, else whoever sits there."""
    seats = [*active_seats(context.sheets), *seated]
    chair = next((seat for seat in seats if seat.role is SeatRole.CHAIR), None)
    return chair or context.superior or next(iter(seats), None)


def _act(  # noqa: C901, PLR0911 - a flat dispatch
    action: RungAction, context: RungContext, at: datetime, quorum: Share | None
) -> CouncilEffect:
    match action:
        case RungAction.REMIND:
            return _remind(context)
        case RungAction.DIGEST:
            return _digest(context, at)
        case RungAction.TELL_SUPERIOR:
            return _tell_superior(context)
        case RungAction.REPLACE_SILENT:
            return _replace_silent(context)
        case RungAction.LOWER_QUORUM:
            return _lower_quorum(context, quorum)
        case RungAction.DECIDE_ALONE:
            return _let_chair_alone(context)
        case RungAction.HAND_UP:
            return _hand_up(context)
        case RungAction.LOOK_AGAIN:
            return NOTHING
        case _:
            assert_never(action)


def _remind(context: RungContext) -> CouncilEffect:
    return CouncilEffect(did=(Reminded(person_ids=context.awaited),)) if context.awaited else NOTHING


def _digest(context: RungContext, at: datetime) -> CouncilEffect:
    """The council's secretary is told in one message who is silent and how long."""
    secretary = context.secretary
    if secretary is None or not context.awaited:
        return NOTHING
    since = {person: context.since(person) for person in context.awaited}
    report = SilenceReported(to_id=secretary, silent=waits(since, at), to_secretary=True)
    return CouncilEffect(did=(report,))


def _tell_superior(context: RungContext) -> CouncilEffect:
    superior = context.superior
    if superior is None:
        return NOTHING
    return CouncilEffect(did=(SuperiorTold(superior_id=superior.person_id, silent_ids=context.awaited),))


def _replace_silent(context: RungContext) -> CouncilEffect:
    silent = replaceable(context.sheets, context.stage.decider_id)
    if not silent:
        return NOTHING
    replaced = _substituted(context, silent)
    done = _replacement(replaced, kept=silent[len(replaced) :])
    return CouncilEffect(did=(done,), replaced=replaced)


def _substituted(context: RungContext, leaving: Sequence[ScoreSheet]) -> tuple[tuple[ScoreSheet, Seat], ...]:
    """Substitutes who are no authors and never sat here, those with the least to do first, in these seats."""
    if not leaving:
        return ()
    stage, sheets = context.stage, context.sheets
    seated = [person for sheet in sheets for person in (sheet.person_id, sheet.seat.on_behalf_of) if person]
    fitting = choose_substitutes(stage.plan, context.holders, seated, _barred(stage))
    freest = sorted(fitting, key=lambda holder: context.pending.get(holder.person_id, 0))
    # Numbers up to the last of the plan's seats are theirs, also while nobody sits there.
    last = max(stage.quorum.seats, *(sheet.seat.seat_no for sheet in sheets)) + context.numbered
    return tuple(
        (sheet, new_seat(seat_no, sheet.seat.role, substitute))
        for seat_no, (sheet, substitute) in enumerate(zip(leaving, freest, strict=False), last + 1)
    )


def _replacement(
    replaced: Sequence[tuple[ScoreSheet, Seat]], kept: Sequence[ScoreSheet] = ()
) -> MembersReplaced:
    return MembersReplaced(
        replaced=tuple(
            Replacement(from_id=sheet.person_id, to_id=seat.person_id) for sheet, seat in replaced
        ),
        kept_ids=tuple(sheet.person_id for sheet in kept),
    )


def _lower_quorum(context: RungContext, quorum: Share | None) -> CouncilEffect:
    """Who decides and who counts must know what is enough now; where that opens the decision, its task tells
    who decides."""
    stage = context.stage
    if quorum is None or not context.waits_for_members:
        return NOTHING
    present = stage.quorum
    if Fraction(quorum.numerator, quorum.denominator) >= Fraction(
        present.share.numerator, present.share.denominator
    ):
        return NOTHING
    lowered = stage.with_quorum(quorum).quorum
    members, sheets = len(active_seats(context.sheets)), len(submitted(context.sheets))
    opens = lowered.met_by(sheets, members)
    told = dict.fromkeys(person for person in (stage.decider_id, context.secretary) if person)
    done = QuorumLowered(
        quorum=Change(old=str(present.share), new=str(quorum)),
        quorum_rule=quorum.basis.rule,
        needed=lowered.needed(members),
        sheets=sheets,
        decider_id=stage.decider_id,
        told_ids=tuple(person for person in told if not (opens and person == stage.decider_id)),
    )
    return CouncilEffect(did=(done,), quorum=quorum, opens_decision=opens)


def _let_chair_alone(context: RungContext) -> CouncilEffect:
    """Only a chair may: whoever else decides got the decision because there is no chair, or by a rung that
    waived the quorum."""
    chair = context.chair
    if chair is None or not context.waits_for_members:
        return NOTHING
    without = tuple(sheet.person_id for sheet in in_draft(context.sheets))
    done = ChairFreed(chair_id=chair, without_ids=without)
    return CouncilEffect(did=(done,), opens_decision=True, lets_chair_alone=True)


def _hand_up(context: RungContext) -> CouncilEffect:
    """Without another superior the decider keeps the decision, but need not wait for the silent any
    longer."""
    stage, superior = context.stage, context.superior
    to = superior.person_id if superior else stage.decider_id
    if to is None or (superior is None and stage.eased.handed_up):
        return NOTHING
    was = (stage.decider_id,) if stage.decider_id else ()
    done = HandedUp(task=PostTask.DECIDE, from_ids=was, to_id=to, waives_quorum=True)
    return CouncilEffect(did=(done,), decider=superior, opens_decision=superior is None, hands_up=True)
