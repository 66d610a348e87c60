"""The plan's rules of the formal check: which of them a request does not meet, in words for the officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from language.plan.review_plan import CheckRule
from language.plan.rule_kinds import CheckRuleKind
from language.words.values import say_number
from services.intake.domain.dossier import Author
from services.intake.domain.refusals import CheckRulesNotMet


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A rule that the request does not meet, and what was found instead."""

    rule: CheckRule
    found: Decimal

    @property
    def vi(self) -> str:
        """What the officer reads."""
        return {
            CheckRuleKind.MIN_CONTRIBUTION_PERCENT: (
                f"có đồng tác giả chỉ đóng góp {say_number(self.found).vi} %, "
                f"tối thiểu {say_number(self.rule.limit).vi} %"
            ),
            CheckRuleKind.MAX_AUTHORS: f"có {self.found} tác giả, tối đa {self.rule.limit}",
            CheckRuleKind.MIN_ATTACHMENTS: f"có {self.found} tệp đính kèm, tối thiểu {self.rule.limit}",
        }[self.rule.kind]

    @property
    def en(self) -> str:
        """The same in English."""
        return {
            CheckRuleKind.MIN_CONTRIBUTION_PERCENT: (
                f"a co-author contributes only {self.found} %, at least {self.rule.limit} % is needed"
            ),
            CheckRuleKind.MAX_AUTHORS: f"{self.found} authors, at most {self.rule.limit} are allowed",
            CheckRuleKind.MIN_ATTACHMENTS: f"{self.found} attachments, at least {self.rule.limit} are needed",
        }[self.rule.kind]


def unmet_rules(rules: Sequence[CheckRule], authors: Sequence[Author], attachments: int) -> list[Unmet]:
    """The rules that do not hold, in the plan's order. A sole author needs no least share: it is the
    whole."""
    unmet = []
    for rule in rules:
        match rule.kind:
            case CheckRuleKind.MIN_CONTRIBUTION_PERCENT:
                found = min((author.contribution_percent for author in authors), default=Decimal(100))
                holds = found >= rule.limit
            case CheckRuleKind.MAX_AUTHORS:
                found = Decimal(len(authors))
                holds = found <= rule.limit
            case CheckRuleKind.MIN_ATTACHMENTS:
                found = Decimal(attachments)
                holds = found >= rule.limit
            case _:
                assert_never(rule.kind)
        if not holds:
            unmet.append(Unmet(rule=rule, found=found))
    return unmet


def require_met(rules: Sequence[CheckRule], authors: Sequence[Author], attachments: int) -> None:
    """Refuse acceptance while a rule is not met; the refusal names each, with the name it has in the pack."""
    unmet = unmet_rules(rules, authors, attachments)
    if unmet:
        raise CheckRulesNotMet(
            unmet_vi="; ".join(one.vi for one in unmet),
            unmet_en="; ".join(one.en for one in unmet),
            rules=[one.rule.basis for one in unmet],
        )
