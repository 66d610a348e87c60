"""The pack's rules of the formal check over HTTP: what an officer may accept."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from language.plan.review_plan import CheckRule
from language.plan.rule_kinds import CheckRuleKind
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener
from tests.intake_cases import PDF, Case, basis, content

NOTICE = {"defects": ["Thiếu minh chứng"]}
REJECTION = {"ground": "INCOMPLETE", "reason": "Không đủ điều kiện"}


@pytest.fixture(scope="module")
async def case(open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Case]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, blob_dir=blobs) as intake:
        yield Case(intake, clock)


def _id(kind: CheckRuleKind) -> str:
    return kind.lower().replace("_", "-")


def beside(case: Case, *rules: CheckRule) -> Case:
    """A dossier filed under a pack with these rules of the check."""
    return Case(case.service, case.clock, rules=rules)


async def test_a_request_that_misses_a_rule_of_the_plan_is_not_accepted_until_it_is_supplemented(
    case: Case,
) -> None:
    rules = tuple(
        CheckRule(
            id=_id(kind),
            kind=kind,
            limit=Decimal(limit),
            basis=basis(f"formal_check.rules.{_id(kind)}"),
        )
        for kind, limit in (
            (CheckRuleKind.MIN_CONTRIBUTION_PERCENT, 30),
            (CheckRuleKind.MAX_AUTHORS, 2),
            (CheckRuleKind.MIN_ATTACHMENTS, 1),
        )
    )
    case = beside(case, *rules)
    await case.file()
    refused = await case.act("acceptance", case.officer)
    assert (refused.status_code, refused.json()["code"]) == (409, "CheckRulesNotMet")
    assert (
        refused.json()["facts"]["rules"]
        == "formal_check.rules.min-contribution-percent, formal_check.rules.min-attachments"
    )
    assert await case.state() == "FILED"
    assert (await case.act("supplement-notice", case.officer, NOTICE)).status_code == 200
    assert (await case.rewrite(content(case.author))).status_code == 200
    attached = await case.send(
        "POST", f"/dossiers/{case.id}/attachments?filename=a.pdf", case.author, content=PDF
    )
    assert attached.status_code == 201, attached.text
    assert (await case.act("supplement", case.author)).status_code == 200
    accepted = await case.act("acceptance", case.officer)
    assert (accepted.status_code, accepted.json()["state"]) == (200, "ACCEPTED"), accepted.text
    event = (await case.events())[-1]
    assert (event["kind"], event["detail"]["rules_met"]) == (
        "RequestAccepted",
        [rule.basis.rule for rule in rules],
    )


async def test_an_officer_may_still_reject_what_misses_a_rule(case: Case) -> None:
    rule = CheckRule(
        id="one", kind=CheckRuleKind.MAX_AUTHORS, limit=Decimal(1), basis=basis("formal_check.rules.one")
    )
    case = beside(case, rule)
    await case.file()
    assert (await case.act("rejection", case.officer, REJECTION)).status_code == 200
