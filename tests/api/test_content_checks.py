"""The files of attachments are read back: their name is their hash."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from services.intake.store.attachments import name_of
from tests.api.test_intake_attachments import attach
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import PDF, Case

CLOCK = MovableClock()
DIGEST = sha256(PDF).hexdigest()


@pytest.fixture
async def service(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    begun = Case(service, CLOCK)
    await begun.draft()
    assert (await attach(begun)).status_code == 201
    return begun


async def _check(case: Case, prefix: str, *path: Any) -> Any:
    headers = case.service.headers(uuid4(), held(PostKind.ADMIN, *(path or (case.province,))))
    return await case.service.http.get(f"/v1/content-checks/{prefix}", headers=headers)


async def test_what_is_there_is_read_and_counted(case: Case) -> None:
    assert (await _check(case, DIGEST[:2])).json() == {"examined": 1, "lost": [], "unknown": []}
    other = f"{(int(DIGEST[:2], 16) + 1) % 256:02x}"
    assert (await _check(case, other)).json()["examined"] == 0


@pytest.mark.parametrize(
    ("fault", "now"), [("MISSING", None), ("CHANGED", PDF + b" "), ("CHANGED", PDF[:-1] + b" ")]
)
async def test_what_is_lost_is_named_with_its_dossier(
    case: Case, tmp_path: Path, fault: str, now: bytes | None
) -> None:
    file = tmp_path / name_of(DIGEST)
    file.unlink()
    if now is not None:
        file.write_bytes(now)
    answer = (await _check(case, DIGEST[:2])).json()
    assert answer["lost"] == [{"sha256": DIGEST, "fault": fault, "dossier_ids": [str(case.id)]}]


async def test_a_file_of_which_no_row_knows_is_named_unless_it_is_young(case: Case, tmp_path: Path) -> None:
    stranger = "ff" * 32
    file = tmp_path / name_of(stranger)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    assert (await _check(case, "ff")).json()["unknown"] == []
    old = CLOCK.real_now().timestamp() - 2 * 3_600
    os.utime(file, (old, old))
    assert (await _check(case, "ff")).json()["unknown"] == [stranger]


@pytest.mark.parametrize("prefix", ["f", "FF", "fff", "gg"])
async def test_only_two_digits_are_a_part(case: Case, prefix: str) -> None:
    assert (await _check(case, prefix)).status_code == 422


async def test_only_administrators_of_the_province_look(case: Case) -> None:
    answer = await _check(case, "00", *case.path)
    assert answer.json()["code"] == "Forbidden"
