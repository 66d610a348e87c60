"""Papers that arrive late: every act that somebody else was to do by what is known now is in question, and
no other than those whose right rests on what the paper says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from language.cases import DoubtCause
from language.ids import PersonId
from language.posts.doubt import Paper, PastAct, is_in_question
from language.posts.substitution import Case, Delegation, Place, Substitution, who_acts_for
from tests.roster_facts import (
    CASES,
    DAYS,
    EVER,
    PEOPLE,
    Facts,
    HeldDays,
    all_facts,
    away_days,
    delegations,
    held_days,
)

_DAY = timedelta(days=1)
A, B, C, D = PEOPLE[:4]


@dataclass(frozen=True)
class Late:
    """What was known when people acted, what is known now, and the papers that say so."""

    before: Facts
    after: Facts
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Done:
    """An act as it was done: the day, what is known of it, and by whom by what right."""

    day: date
    place: Place
    holder: PersonId | None
    case: Case
    acted: Substitution

    def past(self, facts: Facts) -> PastAct:
        """What its event tells of it."""
        used = next(one for one in facts.held if one.id == self.acted.through.holding_id)
        return PastAct(
            day=self.day,
            person_id=self.acted.person_id,
            on_behalf_of=self.acted.on_behalf_of,
            post_id=self.place.post_id,
            holding_id=used.id,
            delegation_id=self.acted.through.delegation_id,
            in_post=used.post_id == self.place.post_id,
            acting=used.acting,
            is_work=True,
        )


def _along(facts: Iterable[Delegation], start: PersonId, *, back: bool) -> frozenset[PersonId]:
    """Everybody from whom work may come, or to whom it may go."""
    links = [(one.grantor_id, one.delegate_id) for one in facts]
    pairs = [link[::-1] for link in links] if back else links
    found = {start}
    while more := {to for at, to in pairs if at in found} - found:
        found |= more
    return frozenset(found)


def paper_of(cause: DoubtCause, what: Delegation, all_given: Iterable[Delegation], facts: Facts) -> Paper:
    """What a delegation that was given or ended says."""
    there = [one for one in all_given if one.starts_on <= what.ends_on and one.ends_on >= what.starts_on]
    return Paper(
        cause=cause,
        first_day=what.starts_on,
        last_day=what.ends_on,
        person_id=what.grantor_id,
        delegation_id=what.id,
        delegate_id=what.delegate_id,
        post_ids=frozenset(
            place.post_id for place in facts.places if what.covers_post(place.kind, place.unit_path)
        ),
        from_ids=_along(there, what.grantor_id, back=True),
        to_ids=_along(there, what.delegate_id, back=False),
    )


def _holding_ended(facts: Facts, number: int, last: date) -> Late:
    held = facts.held[number % len(facts.held)]
    kept = max(last, held.first)
    ended = replace(held, last=min(kept, held.last))
    paper = _of_holding(DoubtCause.HOLDING_ENDED, held, ended.last + _DAY if ended.last < EVER else EVER)
    after = replace(facts, held=tuple(ended if one is held else one for one in facts.held))
    return Late(before=facts, after=after, papers=(paper,) if ended.last < held.last else ())


def _of_holding(cause: DoubtCause, held: HeldDays, first: date) -> Paper:
    return Paper(
        cause=cause,
        first_day=first,
        last_day=None if held.last == EVER else held.last,
        person_id=held.person_id,
        holding_id=held.id,
        post_id=held.post_id,
        acting=held.acting,
    )


def _holding_begun(facts: Facts, new: HeldDays) -> Late:
    """As the organisation appoints: who only acts in the post does so until the day before."""
    papers = [_of_holding(DoubtCause.HOLDING_BEGUN, new, new.first)]
    kept: list[HeldDays] = []
    for one in facts.held:
        if one.post_id == new.post_id and one.acting and not new.acting and one.last >= new.first:
            last = max(one.first, new.first - _DAY)
            kept.append(replace(one, last=last))
            papers.append(_of_holding(DoubtCause.HOLDING_ENDED, one, last + _DAY))
        else:
            kept.append(one)
    return Late(before=facts, after=replace(facts, held=(*kept, new)), papers=tuple(papers))


def _is_possible(facts: Facts, new: HeldDays) -> bool:
    """The organisation would take it: nobody holds a post twice, and nobody acts in one that is held."""
    along = [
        one
        for one in facts.held
        if one.post_id == new.post_id and one.first <= new.last and new.first <= one.last
    ]
    return all(one.person_id != new.person_id and (one.acting or not new.acting) for one in along)


NO_HOLDERS = {DoubtCause.CALENDAR_CHANGED, DoubtCause.UNIT_ENDED}
"""These say nothing of who is in a post."""


@st.composite
def lates(draw: st.DrawFn) -> Late:
    """Something becomes known of days that are over."""
    facts = draw(all_facts())
    cause = draw(st.sampled_from([cause for cause in DoubtCause if cause not in NO_HOLDERS]))
    if cause is DoubtCause.HOLDING_ENDED:
        return _holding_ended(facts, draw(st.integers(0, 20)), draw(st.sampled_from(DAYS)))
    if cause is DoubtCause.HOLDING_BEGUN:
        new = draw(held_days(facts.places).filter(lambda one: _is_possible(facts, one)))
        return _holding_begun(facts, new)
    if cause is DoubtCause.LEAVE_ADDED:
        away = draw(away_days())
        paper = Paper(cause=cause, first_day=away.first, last_day=away.last, person_id=away.person_id)
        return Late(before=facts, after=replace(facts, away=(*facts.away, away)), papers=(paper,))
    if cause is DoubtCause.WORK_DELEGATED:
        new_one = draw(delegations())
        given_now = (*facts.delegations, new_one)
        paper = paper_of(cause, new_one, given_now, facts)
        return Late(before=facts, after=replace(facts, delegations=given_now), papers=(paper,))
    ended = draw(st.sampled_from(facts.delegations))
    last = draw(st.sampled_from(DAYS))
    rest = [one for one in facts.delegations if one is not ended]
    kept = [replace(ended, ends_on=last)] if ended.starts_on <= last < ended.ends_on else []
    gone = replace(ended, starts_on=max(ended.starts_on, last + _DAY)) if kept else ended
    order = [kept[0] if one is ended else one for one in facts.delegations] if kept else rest
    paper = paper_of(cause, gone, facts.delegations, facts)
    return Late(before=facts, after=replace(facts, delegations=tuple(order)), papers=(paper,))


def _acts(facts: Facts, case: Case) -> Iterable[Done]:
    """Everything that could be done in these days."""
    for day in DAYS:
        roster = facts.roster(day)
        for place in facts.places:
            for holder in (None, *PEOPLE):
                acted = who_acts_for(roster, place, holder, case)
                if acted:
                    yield Done(day, place, holder, case, acted)


def _still(late: Late, done: Done) -> Substitution | None:
    """Who was to act by what is known now, for whose work it was. A colleague or deputy who comes in addition
    takes nothing from those who acted."""
    known = {one.id for one in late.before.held}
    held = tuple(one for one in late.after.held if one.id in known or one.post_id == done.place.post_id)
    act = done.past(late.before)
    case = replace(done.case, assignee_id=done.acted.person_id)
    roster = replace(late.after, held=held).roster(done.day)
    return who_acts_for(roster, done.place, act.holder_id or done.holder, case)


@given(lates(), CASES)
@settings(max_examples=150, deadline=None)
def test_whatever_somebody_else_was_to_do_is_in_question(late: Late, case: Case) -> None:
    for done in _acts(late.before, case):
        still = _still(late, done)
        if still is None or still.person_id != done.acted.person_id:
            act = done.past(late.before)
            assert any(is_in_question(paper, act) for paper in late.papers), (done, still)


@given(all_facts(), CASES, st.sampled_from(DAYS))
@settings(max_examples=100, deadline=None)
def test_everything_through_a_post_is_in_question_once_its_unit_had_ended(
    facts: Facts, case: Case, first: date
) -> None:
    held = facts.held[0]
    paper = replace(_of_holding(DoubtCause.UNIT_ENDED, held, first), last_day=None)
    for done in _acts(facts, case):
        expected = done.place.post_id == held.post_id and done.day >= first
        assert is_in_question(paper, done.past(facts)) is expected


SURE = {DoubtCause.HOLDING_ENDED, DoubtCause.LEAVE_ADDED}
"""Of the others it also depends on who could not have had this very work, which no event says."""


@given(lates(), CASES)
@settings(max_examples=150, deadline=None)
def test_nothing_is_in_question_that_would_be_done_the_same_way_again(late: Late, case: Case) -> None:
    if not {paper.cause for paper in late.papers} <= SURE:
        return
    for done in _acts(late.before, case):
        if _still(late, done) == done.acted:
            act = done.past(late.before)
            assert not any(is_in_question(paper, act) for paper in late.papers), done


@given(lates(), CASES)
@settings(max_examples=75, deadline=None)
def test_nothing_is_in_question_on_other_days(late: Late, case: Case) -> None:
    for done in _acts(late.before, case):
        act = done.past(late.before)
        for paper in late.papers:
            if not paper.first_day <= done.day <= (paper.last_day or EVER):
                assert not is_in_question(paper, act)
