"""`sangkien erase-personal` makes nameless whose term is over, in rows too: what goes, what stays, who is
refused."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from typer.testing import CliRunner

from casework.history.record import record
from casework.personal.fate import NAMELESS, WITHOUT_WORDS
from cli.erasing import AwardStillUnpaid, CaseStillOpen, PostStillHeld, TermNotOver
from cli.main import app
from embedded.errors import WrongSetting, WrongUsage
from language.events.actor import Actor
from language.events.base import Change
from language.events.intake import ContentChange, ContentChanged
from tests.conftest import Cluster, ServiceOpener, as_admin
from tests.history_cases import SEED, PersonNamed
from tests.intake_cases import NAME
from tests.proof_cases import Proven, proven

REASON = "Quyết định số 7/2032"
LONG_AGO = "now() - interval '6 years'"


@dataclass(frozen=True, slots=True)
class Author:
    """An author whose dossier was closed six years ago, with a record that was joined, and what belongs to
    signing in and to notices."""

    proven: Proven
    id: UUID
    joined: UUID
    url: str

    @property
    def dossier(self) -> UUID:
        """The dossier."""
        return self.proven.case.id

    async def admin(self, *statements: str) -> None:
        """Change what is there, past all rules."""
        await as_admin(self.url, *statements)

    async def rows(self, statement: str, *given: Any) -> list[Any]:
        """What is there."""
        conn = await asyncpg.connect(self.url)
        try:
            return list(await conn.fetch(statement, *given))
        finally:
            await conn.close()

    async def value(self, statement: str, *given: Any) -> Any:
        """One value of what is there."""
        return (await self.rows(statement, *given))[0][0]

    async def erase(self, *more: str) -> tuple[int, str]:
        """The command, for this person."""
        return await _run("erase-personal", str(self.id), "--reason", REASON, *more)

    async def close_as(self, outcome: str) -> None:
        """The dossier is over since six years, decided like this."""
        stage, state = uuid4(), "RECOGNISED" if outcome == "RECOGNISED" else "REFUSED"
        await self.admin(
            f"""update intake.dossiers set state = '{state}', closed_at = {LONG_AGO}
            where id = '{self.dossier}'""",
            f"""insert into review.stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan,
              plan_hash, rule_version, last_level, opened_at, due_at, state, outcome, decision_number,
              reasons, ground, decided_at)
            values ('{stage}', '{self.dossier}', '', 'SCHOOL', '{uuid4()}', '{{}}', '{{}}', '', '', true,
              now(), now(), 'DECIDED', '{outcome}', '1', 'x', 'x', {LONG_AGO})""",
            f"insert into review.stage_authors (stage_id, person_id) values ('{stage}', '{self.id}')",
        )


def _known(person: UUID) -> str:
    return f"""
    insert into organisation.people (id, code, full_name, folded_name, date_of_birth, mail_address)
    values ('{person}', '{person.hex}', '{NAME}', 'x', '1985-04-02', 'a@example.vn')
    on conflict (id) do update set code = excluded.code, full_name = excluded.full_name,
      date_of_birth = excluded.date_of_birth, mail_address = excluded.mail_address"""


def _belongings(person: UUID, joined: UUID, admin: UUID, other: UUID) -> list[str]:
    notice, mail = uuid4(), uuid4()
    return [
        f"""insert into organisation.accounts (username, person_id)
        values ('admin', '{admin}'), ('mau', '{person}') on conflict do nothing""",
        f"delete from organisation.holdings where person_id = '{person}'",
        f"update organisation.people set joined_into = '{person}' where id = '{joined}'",
        f"""insert into organisation.joinings (id, kept_id, joined_id, document, reason, from_day, state,
          proposed_by, proposed_at, position)
        values ('{uuid4()}', '{person}', '{joined}', '1', 'x', '2020-01-01', 'IN_FORCE',
          '{admin}', now(), 1)""",
        f"""insert into organisation.identities (id, issuer, subject, person_id, linked_by, linked_at)
        values ('{uuid4()}', 'https://id.example.vn', 'mau', '{joined}', '{admin}', now())""",
        f"""insert into organisation.leaves (id, person_id, starts_on, ends_on)
        values ('{uuid4()}', '{person}', '2020-01-01', '2020-02-01')""",
        f"""insert into organisation.delegations (id, grantor_id, delegate_id, starts_on, ends_on, post_kinds,
          levels, tasks, unit_id, units_below, reason, made_at)
        select '{uuid4()}', '{person}', '{other}', '2020-01-01', '2020-02-01', '{{}}', '{{}}', '{{}}', id,
          false, 'nghỉ ốm', now() from organisation.units limit 1""",
        f"""insert into postroom.received_notices (id, service, event_id, person_id, kind, subject_id,
          subject_code, happened_at)
        values ('{notice}', 'intake', '{uuid4()}', '{person}', 'X', '{uuid4()}', '', now())""",
        f"""insert into postroom.mails (id, person_id, send_at, is_gathered, made_at)
        values ('{mail}', '{person}', now(), false, now())""",
        f"insert into postroom.mail_notices (notice_id, mail_id) values ('{notice}', '{mail}')",
    ]


@pytest.fixture
async def author(
    postgres: Cluster, open_service: ServiceOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Author]:
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CHECKPOINT_KEY", SEED)
    async with proven(postgres, open_service, tmp_path) as made:
        url = made.histories["review"].admin_url
        monkeypatch.setenv("DATABASE_URL", url)
        person, joined, admin, other = made.case.author, uuid4(), uuid4(), uuid4()
        entered = PersonNamed(full_name=NAME, birth_year=1985, place="Cao Bằng")
        async with made.histories["intake"].database.transaction() as tx:
            await record(tx, entered, about=made.case.id, actor=Actor(person_id=person))
            for written in (str(person), "Tên sáng kiến"):
                change = ContentChange(field="authors", content=Change(old="", new=written))
                fact = ContentChanged(fields=("authors",), changes=(change,))
                await record(tx, fact, about=made.case.id, actor=Actor(person_id=other))
        known = [_known(one) for one in (person, joined, admin, other)]
        await as_admin(url, *known, *_belongings(person, joined, admin, other))
        yield Author(made, person, joined, url)


async def _run(*arguments: str) -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments])
    code = getattr(result.exception, "exit_code", result.exit_code)
    return code, result.output or str(result.exception)


_OF_PERSON = """
select full_name, folded_name, date_of_birth, mail_address, code, version
from organisation.people where id = $1
"""


async def _signs_in_no_more(author: Author) -> None:
    gone = (
        ("organisation.accounts", "person_id"),
        ("organisation.identities", "person_id"),
        ("organisation.leaves", "person_id"),
        ("postroom.received_notices", "person_id"),
        ("postroom.mails", "person_id"),
        ("intake.idempotency_keys", "caller_id"),
    )
    for table, column in gone:
        left = await author.value(
            f"select count(*) from {table} where {column} = any($1)", [author.id, author.joined]
        )
        assert left == 0, table
    assert await author.value("select count(*) from organisation.accounts where username = 'admin'") == 1
    words = await author.value("select reason from organisation.delegations where grantor_id = $1", author.id)
    assert words == WITHOUT_WORDS


async def _verified(author: Author) -> None:
    await author.proven.chain_and_sign()
    code, told = await _run("verify")
    assert code == 0, told
    code, told = await _run("verify", "--dossier", str(author.dossier))
    assert code == 0, told
    proof = await author.proven.ask(author.proven.case.officer)
    assert proof.status_code == 200, proof.text


async def test_of_a_refused_dossier_nothing_names_the_author(author: Author) -> None:
    await author.close_as("REFUSED")
    people, versions = "select * from organisation.people order by id", "select * from intake.filed_versions"
    before = await author.rows(people), await author.rows(versions)
    code, told = await author.erase("--dry-run")
    assert code == 0, told
    assert "accounts: 1 xóa dòng" in told
    assert "filed_versions: 1 xóa nội dung" in told
    assert "○ attachments: tệp là chứng cứ" in told
    assert (await author.rows(people), await author.rows(versions)) == before
    code, told = await _run("erase-personal", str(author.joined), "--reason", REASON)
    assert code == 0, told
    for one in (author.id, author.joined):
        (row,) = await author.rows(_OF_PERSON, one)
        assert tuple(row) == (NAMELESS, "(da xoa ten)", None, None, str(one), 2)
    await _signs_in_no_more(author)
    found = await author.rows(
        "select content, search_text from intake.dossiers where id = $1 "
        "union all select content, '' from intake.filed_versions where dossier_id = $1",
        author.dossier,
    )
    assert len(found) == 2
    for row in found:
        entry, other = json.loads(row["content"])["authors"]
        assert (entry["person_id"], entry["full_name"]) == (str(author.id), NAMELESS)
        assert (other["full_name"], other["date_of_birth"]) == (NAME, "1985-04-02"), "somebody else stays"
        assert {entry[name] for name in ("workplace", "job_title", "qualification")} == {""}
        assert entry["date_of_birth"] is None
        assert entry["contribution_percent"]
    assert found[0]["search_text"].endswith(" | (da xoa ten) | nong van mau")
    read = await author.proven.case.send("GET", f"/dossiers/{author.dossier}", author.proven.case.officer)
    assert read.status_code == 200, read.text
    assert NAMELESS in read.text
    with pytest.raises(asyncpg.RaiseError):
        await author.rows("update intake.filed_versions set filed_at = now()")
    left = await author.rows("select value from intake.event_values")
    assert len(left) == 1, "what another author wrote stays, where it does not name this one"
    assert "Tên sáng kiến" in left[0]["value"]
    await _verified(author)
    recorded = "select actor_id, detail from {}.events where kind = 'PersonalRowsErased'"
    for service in ("organisation", "intake", "postroom"):
        (event,) = await author.rows(recorded.format(service))
        assert REASON in str(event["detail"]), service
    code, told = await author.erase()
    assert code == 0, told
    assert len(await author.rows(recorded.format("intake"))) == 1, "once"


async def test_a_recognition_holds_name_and_dossier_until_its_term_is_over(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    await author.close_as("RECOGNISED")
    content = "select content from intake.filed_versions where dossier_id = $1"
    values = "select count(*) from intake.event_values"
    before = await author.value(content, author.dossier), await author.value(values)
    code, told = await author.erase()
    assert code == 0, told
    assert "a recognition or money holds the name until then" in told
    (row,) = await author.rows(_OF_PERSON, author.id)
    assert (row["full_name"], row["mail_address"], row["code"]) == (NAME, None, author.id.hex)
    assert row["date_of_birth"] is not None
    await _signs_in_no_more(author)
    assert (await author.value(content, author.dossier), await author.value(values)) == before
    assert before[1] > 0
    await _verified(author)
    for name in ("RECOGNITION_KEPT_YEARS", "DOSSIER_KEPT_YEARS"):
        monkeypatch.setenv(name, "5")
    code, told = await _run("erase-personal", "--due")
    assert code == 0, told
    assert str(author.id) in told
    assert NAME not in told
    code, told = await _run("erase-personal", "--due", "--reason", REASON)
    assert code == 0, told
    (row,) = await author.rows(_OF_PERSON, author.id)
    assert row["full_name"] == NAMELESS
    assert NAME not in str(await author.value(content, author.dossier))
    code, told = await _run("erase-personal", "--due")
    assert "0 người" in told


async def test_who_is_still_needed_is_refused(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    with_post, paid = uuid4(), uuid4()
    assert (await author.erase())[0] == CaseStillOpen.exit_code
    await author.close_as("RECOGNISED")
    await author.admin(
        f"""insert into payout.awards (id, dossier_id, dossier_code, level, unit_id, unit_path,
          decision_number, amount_dong, rule_version, basis, verifier_post, approver_post,
          state, assessed_at, moved_at, due_at)
        values ('{paid}', '{author.dossier}', '', 'SCHOOL', '{uuid4()}', '{{}}', '1', 5, '', '{{}}', '', '',
          'APPROVED', now(), {LONG_AGO}, now())""",
        f"""insert into payout.award_shares (award_id, position, person_id, percent, amount_dong)
        values ('{paid}', 1, '{author.id}', 100, 5)""",
        f"""insert into organisation.holdings (id, post_id, person_id, held_from)
        select '{with_post}', id, '{author.joined}', '2020-01-01' from organisation.posts limit 1""",
    )
    assert (await author.erase())[0] == PostStillHeld.exit_code, "also under the record that was joined"
    await author.admin(
        f"update organisation.holdings set held_to = current_date - 365 where id = '{with_post}'"
    )
    assert (await author.erase())[0] == AwardStillUnpaid.exit_code
    await author.admin(f"update payout.awards set state = 'PAID' where id = '{paid}'")
    code, told = await author.erase("--dry-run")
    assert code == TermNotOver.exit_code
    assert "được xóa từ ngày" in told
    assert str(author.id) not in (await _run("erase-personal", "--due"))[1]
    assert (await author.erase("--due"))[0] == WrongUsage.exit_code
    monkeypatch.setenv("PAYMENT_KEPT_YEARS", "3")
    code, told = await author.erase()
    assert (code, "PAYMENT_KEPT_YEARS" in told) == (WrongSetting.exit_code, True)
    monkeypatch.setenv("PAYMENT_KEPT_YEARS", "10")
    monkeypatch.setenv("POST_KEPT_YEARS", "1")
    await author.admin(
        f"update organisation.holdings set held_to = current_date - 400 where id = '{with_post}'"
    )
    code, told = await author.erase()
    assert code == 0, told
    (row,) = await author.rows(_OF_PERSON, author.id)
    assert (row["full_name"], row["mail_address"]) == (NAME, None), "money holds the name"
