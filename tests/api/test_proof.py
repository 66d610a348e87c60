"""The proof of a dossier: who gets it, what is in it, and that it verifies."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from casework.history.erasing import erase_personal_values
from language.events.actor import Actor
from language.posts.kinds import PostKind
from tests.conftest import Cluster, ServiceOpener, held
from tests.history_cases import SIGNER, MatterMoved
from tests.intake_cases import PDF
from tests.proof_cases import Proven, proven
from tools import verify_dossier


@pytest.fixture
async def found(postgres: Cluster, open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Proven]:
    async with proven(postgres, open_service, tmp_path) as made:
        yield made


def _verified(folder: Path, bundle: object, *more: str) -> int:
    file = folder / "proof.json"
    file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    return verify_dossier.main([str(file), *more])


async def test_the_proof_holds_what_all_services_recorded_and_verifies(
    found: Proven, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await found.chain_and_sign()
    bundle = await found.bundle()
    assert list(bundle["services"]) == ["intake", "review", "payout"]
    kinds = [event["document"]["kind"] for event in bundle["services"]["intake"]["events"]]
    assert kinds == await found.case.kinds()
    assert len(bundle["attachments"]) == 1
    attached = tmp_path / "a.pdf"
    attached.write_bytes(PDF)
    assert _verified(tmp_path, bundle, "--public-key", SIGNER.public_key.hex()) == 0
    assert _verified(tmp_path, bundle, str(attached)) == 0
    attached.write_bytes(PDF + b"x")
    assert _verified(tmp_path, bundle, str(attached)) == 1
    assert _verified(tmp_path, bundle, "--public-key", "00" * 32) == 1
    assert "review: 3 sự kiện khớp" in capsys.readouterr().out


async def test_what_is_not_signed_yet_is_said_to_be_open(
    found: Proven, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = await found.bundle()
    assert not any(part["events"] for part in bundle["services"].values()), "nothing is chained yet"
    for history in found.histories.values():
        await history.chain()
    assert _verified(tmp_path, await found.bundle()) == 0
    assert "review: 3 sự kiện chưa được ký" in capsys.readouterr().out
    await found.chain_and_sign()
    review = found.histories["review"]
    await review.record(MatterMoved(step=3), found.case.id)
    await review.happen(30)
    await review.chain()
    assert _verified(tmp_path, await found.bundle()) == 0
    told = capsys.readouterr().out
    assert "review: 3 sự kiện khớp" in told
    assert "review: 1 sự kiện chưa được ký" in told


async def test_erased_values_are_left_out_and_the_proof_holds(
    found: Proven, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = found.histories["review"]
    await found.chain_and_sign()
    bundle = await found.bundle()
    values = bundle["services"]["review"]["personal"]
    assert {value["value"] for value in values} == {"Nông Văn Mẫu", 1985}
    async with review.database.transaction() as tx:
        actor = Actor(person_id=uuid4())
        events = [values[0]["event_id"]]
        await erase_personal_values(tx, events, about=found.case.id, grounds="hết hạn", actor=actor)
    await found.chain_and_sign()
    bundle = await found.bundle()
    assert bundle["services"]["review"]["personal"] == []
    assert _verified(tmp_path, bundle) == 0
    assert "2 giá trị cá nhân đã xóa" in capsys.readouterr().out


async def test_whoever_may_read_the_history_gets_it_and_money_goes_to_who_may_see_money(
    found: Proven,
) -> None:
    case = found.case
    await found.chain_and_sign()
    assert (await found.ask(case.stranger)).status_code == 404
    assert (await found.ask(uuid4(), held(PostKind.STAFF, *case.path))).status_code == 404
    for kind, services in {
        PostKind.INTAKE_OFFICER: ["intake", "review"],
        PostKind.COUNCIL_CHAIR: ["intake", "review"],
        PostKind.CHIEF_ACCOUNTANT: ["intake", "review", "payout"],
        PostKind.AUDITOR: ["intake", "review", "payout"],
    }.items():
        response = await found.ask(uuid4(), held(kind, *case.path[:2]))
        assert response.status_code == 200, response.text
        assert list(response.json()["services"]) == services
        assert "attachment" in response.headers["content-disposition"]


async def test_a_history_that_is_not_published_is_said_to_be_away(found: Proven) -> None:
    async def forbid(conn: object) -> None:
        await conn.execute("revoke select on review.links_v1 from sangkien_intake")  # type: ignore[attr-defined]

    await found.histories["review"].attack(forbid)
    response = await found.ask()
    assert (response.status_code, response.json()["code"]) == (503, "HistoryNotPublished")
