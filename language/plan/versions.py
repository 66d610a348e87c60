"""Versions of the form in which plans are kept: by intake for each dossier, by review for each stage. A plan
is named by its content, so it is never written anew: older forms are read for ever."""

from types import MappingProxyType
from typing import Final

from language.plan.review_plan import LevelPlan, ReviewPlan
from language.versions import Body, Upcasts, brought_up

PLAN_VERSION: Final = 1
"""Of `ReviewPlan` and all its parts."""
UPCASTS: Final[Upcasts] = MappingProxyType({})
"""Of `ReviewPlan` and of `LevelPlan`, each for every version: a stage keeps its level alone."""


def plan_body(body: Body, version: int, upcasts: Upcasts = UPCASTS, newest: int = PLAN_VERSION) -> Body:
    """A whole plan as it is written today."""
    return brought_up(ReviewPlan.__name__, body, version=version, newest=newest, upcasts=upcasts)


def level_body(body: Body, version: int, upcasts: Upcasts = UPCASTS, newest: int = PLAN_VERSION) -> Body:
    """The rules of one level as they are written today."""
    return brought_up(LevelPlan.__name__, body, version=version, newest=newest, upcasts=upcasts)
