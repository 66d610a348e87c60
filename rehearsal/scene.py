"""What a season is played with: which dossiers, under which rules, how fast, by whom."""

import math
import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cli.filing import Manner
from cli.province import Province, Staffing, build_province
from cli.spreadsheet import ListedDossier
from embedded.servers import TemporalServer
from kit.clock import Clock
from language.deadline.arithmetic import LOCAL_ZONE
from language.time_scale import TimeScale
from packs.freezing import PolicyPack
from rehearsal import rearranging
from rehearsal.rearranging import days_before, successors_of
from rehearsal.rules_in_force import as_rehearsed
from rehearsal.season import FIRST_TO_LAST_DAYS, Troupe
from rehearsal.switching import BEFORE_SWITCH, FILING_DAYS

_STARTING_SECONDS, _STARTING_SECONDS_BEFORE_A_SWITCH = 25.0, 45.0
"""What an instance and its province take to start, with something to spare: time runs already, and the season
opens when it is over, or when they are ready. A season with a day that matters may not open late."""
_SLOWER_DAY, _SLOWER_START = 2, 3
_AFTER_LAST_APPLICATION = timedelta(days=12)
_UNTIL_AT_WORK = timedelta(days=20)
"""What the first dossiers take from the opening into a council."""
_YEAR, _YEAR_AND_A_HALF = timedelta(days=365), timedelta(days=547)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a season is played with. `pack` None: whatever is in force. What holds for a `pack` that is tried
    (attachments, more posts) holds for all seasons it is compared with: the people are the same."""

    dossiers: tuple[ListedDossier, ...]
    day_seconds: float
    silent: float
    leave: float
    seed: int
    kill: bool = False
    keep: bool = False
    switch_tier_on: date | None = None
    switch_back_after: int | None = None
    succession: Path | None = None
    succession_on: date | None = None
    pack: PolicyPack | None = None
    middle_level: str = ""
    staffing: Staffing = field(default_factory=dict)
    attachments: int = 0
    through_pages: int = 0
    server: TemporalServer = TemporalServer.DEVELOPMENT
    slowness: int = 1
    """How many times as long as usual an instance takes to start."""

    def slower(self) -> "Scene":
        """The same on a machine that did not keep up with this one."""
        return replace(
            self, day_seconds=_SLOWER_DAY * self.day_seconds, slowness=_SLOWER_START * self.slowness
        )

    @property
    def last_applied_on(self) -> date:
        """When the last initiative of the list was first applied."""
        return max(dossier.first_applied_on for dossier in self.dossiers)

    @property
    def turning_day(self) -> date | None:
        """The day in the middle of the season that matters, if there is one."""
        return self.switch_tier_on or self.succession_on

    @property
    def foreseen_on(self) -> date | None:
        """When it is asked what the day that matters will meet: as its act is drafted, or on the day."""
        if self.succession_on is None:
            return self.switch_tier_on
        return self.succession_on - timedelta(days=days_before(self.day_seconds))

    @property
    def opens_on(self) -> date:
        """Soon after the last initiative of the list was first applied, or so long before it is foreseen what
        the day that matters will meet that dossiers are everywhere."""
        return (
            self.foreseen_on - BEFORE_SWITCH
            if self.foreseen_on
            else self.last_applied_on + _AFTER_LAST_APPLICATION
        )

    @property
    def packs_tried(self) -> list[PolicyPack]:
        """The pack from the season's first day on; and again from the day on which units are rearranged, for
        a sample pack may come into force then."""
        if self.pack is None:
            return []
        first = as_rehearsed(self.pack, self.opens_on)
        if self.succession_on is None:
            return [first]
        later = as_rehearsed(self.pack, self.succession_on)
        return [first, later.model_copy(update={"version": first.version + 1})]

    @property
    def opens_at(self) -> datetime:
        """The morning of that day."""
        return datetime.combine(self.opens_on, time(8), LOCAL_ZONE)

    @property
    def opens_at_latest(self) -> datetime:
        """Later its dossiers would find the season closed, or the day that matters would find none at
        work."""
        last = (
            self.foreseen_on - _UNTIL_AT_WORK
            if self.foreseen_on
            else self.closes_on - timedelta(days=FIRST_TO_LAST_DAYS)
        )
        return datetime.combine(last, time(), LOCAL_ZONE)

    @property
    def closes_on(self) -> date:
        """The season's last day. What is opened anew in the middle has its whole time again."""
        return self.opens_on + (_YEAR_AND_A_HALF if self.succession else _YEAR)

    @property
    def numbers_through_pages(self) -> frozenset[int]:
        """The dossiers that are carried by people who use only the pages: those with most authors, for these
        have to answer each other, and then the first of the list."""
        ordered = sorted(self.dossiers, key=lambda one: (-len(one.authors), one.number))
        return frozenset(one.number for one in ordered[: self.through_pages])

    def scale(self) -> TimeScale:
        """Time that begins now, so long before the opening as an instance takes to start."""
        seconds = _STARTING_SECONDS_BEFORE_A_SWITCH if self.turning_day else _STARTING_SECONDS
        before = timedelta(days=self.slowness * seconds / self.day_seconds)
        return TimeScale(
            real_origin=Clock().real_now(), domain_origin=self.opens_at - before, day_seconds=self.day_seconds
        )

    def province(self) -> Province:
        """Who is where."""
        return build_province(
            self.dossiers,
            middle_level=self.middle_level,
            season=(self.opens_on, self.closes_on),
            ending=self.switch_tier_on is not None,
            staffing=self.staffing,
        )

    def troupe(self, province: Province, late_by: timedelta = timedelta()) -> Troupe:
        """Who is silent, and how the list is filed: its dates are moved so that the last was applied shortly
        before the season opens, which it does when the instance is ready, however late that is."""
        accounts = sorted(province.council_accounts)
        silent = frozenset(random.Random(self.seed).sample(accounts, round(len(accounts) * self.silent)))
        late = timedelta(days=math.ceil(late_by / timedelta(days=1)))
        shift = self.opens_on + late - _AFTER_LAST_APPLICATION - self.last_applied_on
        troupe = Troupe(
            real_day=self.day_seconds,
            silent=silent,
            seed=self.seed,
            closes_on=self.closes_on + late,
            manner=Manner(shift=shift, attachments=self.attachments),
            through_pages=self.numbers_through_pages,
        )
        if self.succession and self.succession_on:
            days = (self.succession_on - self.opens_on).days + rearranging.FILED_AFTER_DAYS
            successors = successors_of(self.succession, province)
            return replace(troupe, filing_days=days, successors=successors)
        return replace(troupe, filing_days=FILING_DAYS) if self.switch_tier_on else troupe
