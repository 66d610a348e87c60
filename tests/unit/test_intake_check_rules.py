"""The plan's rules of the formal check against counting by hand."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.plan.review_plan import CheckRule
from language.plan.rule_kinds import CheckRuleKind
from services.intake.domain.check_rules import require_met, unmet_rules
from services.intake.domain.dossier import Author
from services.intake.domain.refusals import CheckRulesNotMet
from tests.intake_cases import basis

SHARES = st.lists(st.integers(1, 100).map(Decimal), min_size=1, max_size=5)
LIMITS = st.tuples(*(st.integers(1, 100) for _ in CheckRuleKind))


def _rules(limits: tuple[int, ...]) -> list[CheckRule]:
    kinds = (CheckRuleKind.MIN_CONTRIBUTION_PERCENT, CheckRuleKind.MAX_AUTHORS, CheckRuleKind.MIN_ATTACHMENTS)
    return [
        CheckRule(id=kind.lower(), kind=kind, limit=Decimal(limit), basis=basis(kind))
        for kind, limit in zip(kinds, limits, strict=True)
    ]


@given(SHARES, st.integers(0, 9), LIMITS)
def test_exactly_the_rules_that_do_not_hold_are_named(
    shares: list[Decimal], attachments: int, limits: tuple[int, ...]
) -> None:
    authors = [Author(person_id=uuid4(), full_name="x", contribution_percent=share) for share in shares]
    rules = _rules(limits)
    holds = [all(share >= limits[0] for share in shares), len(shares) <= limits[1], attachments >= limits[2]]
    expected = [rule.id for rule, held in zip(rules, holds, strict=True) if not held]
    assert [one.rule.id for one in unmet_rules(rules, authors, attachments)] == expected
    if expected:
        with pytest.raises(CheckRulesNotMet) as refused:
            require_met(rules, authors, attachments)
        assert refused.value.facts["rules"] == ", ".join(
            rule.basis.rule for rule in rules if rule.id in expected
        )
    else:
        require_met(rules, authors, attachments)
