"""What a rung of a council's ladder does as things stand. The climb, the forecast and the look back all ask
here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, assert_never

from language.deadline.waiting import waits
from language.ids import PersonId
from language.plan.review_plan import RungAction, SeatRole, Share
from language.posts.holders import PostHolder
from services.review.domain.council import choose_substitutes, choose_superior, replaceable
from services.review.domain.stage import ScoreSheet, Stage, active_seats, in_draft, submitted

LOOKS_AT_POSTS: Final = (RungAction.TELL_SUPERIOR, RungAction.REPLACE_SILENT, RungAction.HAND_UP)
"""The actions that look at who is in the posts. The others look at the council alone, so that nobody need be
asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a rung looks at: the stage, its sheets, who is in the posts, since when each is waited for, how
    much each has to do."""

    stage: Stage
    sheets: Sequence[ScoreSheet]
    holders: Sequence[PostHolder]
    superiors: Sequence[PostHolder]
    waited_since: Mapping[PersonId, datetime] = field(default_factory=dict)
    pending: Mapping[PersonId, int] = field(default_factory=dict)

    @property
    def awaited(self) -> list[PersonId]:
        """Who is silent: the members who owe a sheet; once none does, the decider."""
        silent = [sheet.person_id for sheet in in_draft(self.sheets)]
        return silent or ([self.stage.decider_id] if self.stage.decider_id else [])

    def since(self, person: PersonId) -> datetime:
        """A member since the own task came; the decider, once no sheet is missing, since the last came in."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a rung does. `told` are the people it speaks to, `detail` is what the history says; the rest are
    changes to the stage."""

    told: tuple[PersonId, ...]
    detail: Mapping[str, object]
    replaced: tuple[tuple[ScoreSheet, PostHolder], ...] = ()
    decider: PostHolder | None = None
    opens_decision: bool = False
    hands_up: bool = False
    quorum: Share | None = None
    lets_chair_alone: bool = False


def quorum_of_rung(stage: Stage, rung_id: str) -> Share | None:
    """The lower share that the frozen plan gives this rung."""
    return next((rule.quorum for rule in stage.plan.ladder if rule.id == rung_id), None)


def what_rung_does(
    action: RungAction, standing: Standing, at: datetime, quorum: Share | None = None
) -> Deed | None:
    """None when there is nothing to do. `quorum` is the share of a LOWER_QUORUM rung."""
    match action:
        case RungAction.REMIND | RungAction.TELL_SUPERIOR:
            return _remind(standing) if action is RungAction.REMIND else _tell_superior(standing)
        case RungAction.DIGEST:
            return _digest(standing, at)
        case RungAction.LOWER_QUORUM:
            return _lower_quorum(standing, quorum)
        case RungAction.REPLACE_SILENT:
            return _replace_silent(standing)
        case RungAction.DECIDE_ALONE | RungAction.HAND_UP:
            return _let_chair_alone(standing) if action is RungAction.DECIDE_ALONE else _hand_up(standing)
        case _:
            assert_never(action)


def _remind(standing: Standing) -> Deed | None:
    awaited = standing.awaited
    return Deed(told=tuple(awaited), detail={"reminded": awaited}) if awaited else None


def _digest(standing: Standing, at: datetime) -> Deed | None:
    """The council's secretary is told in one word who is silent and how long."""
    secretary = standing.secretary
    if secretary is None or not standing.awaited:
        return None
    since = {person: standing.since(person) for person in standing.awaited}
    return Deed(told=(secretary,), detail={"secretary_id": secretary, "silent": waits(since, at)})


def _tell_superior(standing: Standing) -> Deed | None:
    stage = standing.stage
    superior = choose_superior(standing.superiors, stage.decider_id, stage.author_ids)
    if superior is None:
        return None
    silent = [sheet.person_id for sheet in in_draft(standing.sheets)]
    detail = {"superior_id": superior.person_id, "silent": silent, "decider_id": stage.decider_id}
    return Deed(told=(superior.person_id,), detail=detail)


def _replace_silent(standing: Standing) -> Deed | None:
    """Substitutes who are no authors and never sat here, those with the least to do first."""
    stage, sheets = standing.stage, standing.sheets
    silent = replaceable(sheets, stage.decider_id)
    if not silent:
        return None
    seated = [person for sheet in sheets for person in (sheet.person_id, sheet.seat.on_behalf_of) if person]
    barred = seated + ([stage.decider_id] if stage.decider_id else [])
    fitting = choose_substitutes(stage.plan, standing.holders, barred, stage.author_ids)
    freest = sorted(fitting, key=lambda holder: standing.pending.get(holder.person_id, 0))
    replaced = tuple(zip(silent, freest, strict=False))
    detail = {
        "replaced": [
            {"person_id": sheet.person_id, "by": substitute.person_id} for sheet, substitute in replaced
        ],
        "kept_for_want_of_substitutes": [sheet.person_id for sheet in silent[len(replaced) :]],
    }
    told = tuple(
        person for sheet, substitute in replaced for person in (sheet.person_id, substitute.person_id)
    )
    return Deed(told=told, detail=detail, replaced=replaced)


def _waits_for_members(standing: Standing) -> bool:
    """Sheets are missing, and nothing has yet said that the decision need not wait for them."""
    stage = standing.stage
    return bool(in_draft(standing.sheets)) and not stage.handed_up and not stage.may_decide_alone


def _lower_quorum(standing: Standing, quorum: Share | None) -> Deed | None:
    """Who decides and who counts must know what is enough now; where that opens the decision, its task tells
    who decides."""
    stage = standing.stage
    if quorum is None or not _waits_for_members(standing):
        return None
    present = stage.quorum
    if Fraction(quorum.numerator, quorum.denominator) >= Fraction(present.numerator, present.denominator):
        return None
    needed, sheets = quorum.of(len(active_seats(standing.sheets))), len(submitted(standing.sheets))
    opens = sheets >= needed
    told = tuple(dict.fromkeys(person for person in (stage.decider_id, standing.secretary) if person))
    detail = {
        "quorum_from": str(present),
        "quorum_to": str(quorum),
        "quorum_rule": quorum.basis.rule,
        "needed": needed,
        "sheets": sheets,
        "told_of_quorum": [person for person in told if not (opens and person == stage.decider_id)],
    }
    return Deed(told=told, detail=detail, quorum=quorum, opens_decision=opens)


def _let_chair_alone(standing: Standing) -> Deed | None:
    """Only a chair may: whoever else decides got the decision because there is no chair, or by a rung that
    waived the quorum."""
    chair = standing.chair
    if chair is None or not _waits_for_members(standing):
        return None
    without = [sheet.person_id for sheet in in_draft(standing.sheets)]
    return Deed(
        told=(chair,),
        detail={"chair_id": chair, "without": without},
        opens_decision=True,
        lets_chair_alone=True,
    )


def _hand_up(standing: Standing) -> Deed | None:
    """Without another superior the decider keeps the decision, but need not wait for the silent any
    longer."""
    stage = standing.stage
    superior = choose_superior(standing.superiors, stage.decider_id, stage.author_ids)
    if superior is None and (stage.decider_id is None or stage.handed_up):
        return None
    to = superior.person_id if superior else stage.decider_id
    detail = {"from": stage.decider_id, "to": to, "quorum": "waived"}
    return Deed(
        told=(to,) if to else (),
        detail=detail,
        decider=superior,
        opens_decision=superior is None,
        hands_up=True,
    )
