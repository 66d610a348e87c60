"""`POST /v1/forecast/backtest`: how a ladder would have worked, before anybody publishes it."""

from typing import Annotated, Self

from pydantic import Field

from kit.http.commands import Caller, Db
from kit.http.models import Code, In, Line, Out
from kit.http.routers import Router
from language.plan.review_plan import Basis, BudgetUnit, RungAction, RungRule, Share
from language.plan.rule_kinds import RungAnchor
from language.words.rungs import COUNTED, say_count
from language.words.values import say_level
from services.review.operations.trying import Trial, Tried, try_ladder

router = Router(prefix="/v1/forecast", tags=["forecast"])

_BasisAsWritten = dict[Code, Line | bool]


class ShareTriedIn(In):
    """A fraction of the council's members."""

    numerator: int = Field(ge=1, le=100)
    denominator: int = Field(ge=1, le=100)
    basis: Annotated[_BasisAsWritten, Field(max_length=10)] = Field(default_factory=dict)


class RungTriedIn(In):
    """A rung as in a pack; where it is written does not matter for what it does."""

    id: Code
    action: RungAction
    anchor: RungAnchor
    offset: int = Field(ge=-366, le=366)
    unit: BudgetUnit
    basis: Annotated[_BasisAsWritten, Field(max_length=10)] = Field(default_factory=dict)
    quorum: ShareTriedIn | None = None

    def rule(self, level: str) -> RungRule:
        """As the domain takes it."""
        basis = Basis(rule=f"{level}.ladder.{self.id}", document="")
        part = self.quorum
        return RungRule(
            id=self.id,
            action=self.action,
            anchor=self.anchor,
            offset=self.offset,
            unit=self.unit,
            basis=basis,
            quorum=Share(numerator=part.numerator, denominator=part.denominator, basis=basis)
            if part
            else None,
        )


class BacktestIn(In):
    """This ladder at this level, on the stages opened in the last `days`."""

    level: Code
    days: int = Field(default=30, ge=1, le=366)
    ladder: list[RungTriedIn] = Field(max_length=20)

    def trial(self) -> Trial:
        """As the operation takes it."""
        return Trial(level=self.level, days=self.days, ladder=[rung.rule(self.level) for rung in self.ladder])


class RungTriedOut(Out):
    """How often a rung would have fired, how often it would have found nothing to do, how many people it
    would have touched."""

    id: str
    action: RungAction
    fired: int
    nothing_to_do: int
    people: int


class BacktestOut(Out):
    """The sum over stages. `is_part`: there were more than are tried, the newest were. `replaced` are members
    who would have lost the seat."""

    level: str
    days: int
    stages: int
    is_part: bool
    replaced: int
    rungs: list[RungTriedOut]
    sentence_vi: str
    sentence_en: str

    @classmethod
    def of(cls, value: Tried) -> Self:
        """With the sum in a sentence."""
        found, trial = value.found, value.trial
        rungs = [
            RungTriedOut(
                id=count.rule.id,
                action=count.rule.action,
                fired=count.fired,
                nothing_to_do=count.nothing_to_do,
                people=count.people,
            )
            for count in found.rungs.values()
        ]
        replaced = found.people(RungAction.REPLACE_SILENT)
        sums = [
            say_count(action, found.people(action) if action is RungAction.REMIND else found.fired(action))
            for action in COUNTED
        ]
        also_vi = "".join(f"; {said.vi}" for said in sums if said)
        also_en = "".join(f"; {said.en}" for said in sums if said)
        level = say_level(trial.level)
        where_vi = f"ở cấp {level.vi}, {trial.days} ngày qua, {found.stages} hồ sơ"
        where_en = f"at the {level.en} level in the last {trial.days} days, {found.stages} dossiers"
        return cls(
            level=trial.level,
            days=trial.days,
            stages=found.stages,
            is_part=value.is_part,
            replaced=replaced,
            rungs=rungs,
            sentence_vi=f"Với thang này ({where_vi}): {replaced} thành viên đã bị thay{also_vi}.",
            sentence_en=f"With this ladder ({where_en}): {replaced} members would have been replaced"
            f"{also_en}.",
        )


@router.post("/backtest")
async def backtest(body: BacktestIn, caller: Caller, database: Db) -> BacktestOut:
    """Changes nothing. People act as they did; seats given away count as silent no more. For the
    administrator of the province."""
    async with database.reading() as tx:
        return BacktestOut.of(await try_ladder(tx, caller, body.trial()))
