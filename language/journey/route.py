"""Where a dossier goes after a level has decided."""

from collections.abc import Sequence

from language.messages.journey import DecidedLevel, JourneyOutcome, LevelStop, Route, StageOutcome


def next_level(route: Route, decided: DecidedLevel) -> LevelStop | None:
    """The level above, if the decision recognises the initiative and proposes it; None when the journey ends
    here."""
    # By name: a stage that was kept when the rules changed is examined under a level of the earlier plan.
    return level_after(route, decided.level) if decided.goes_up else None


def level_after(route: Route, level: str) -> LevelStop | None:
    """The level above this one, if there is one. Above a level that these rules do not know there is none."""
    names = [known.level for known in route.levels]
    above = names.index(level) + 1 if level in names else len(names)
    return route.levels[above] if above < len(names) else None


def level_named(route: Route, level: str | None) -> LevelStop | None:
    """The level of this name; None for none."""
    return next((known for known in route.levels if known.level == level), None)


def journey_outcome(outcomes: Sequence[StageOutcome]) -> JourneyOutcome:
    """Recognised if any level recognised it (a later 'no' above takes nothing back); else what the only level
    said."""
    if StageOutcome.RECOGNISED in outcomes:
        return JourneyOutcome.RECOGNISED
    return JourneyOutcome.WITHDRAWN if StageOutcome.WITHDRAWN in outcomes else JourneyOutcome.REFUSED
