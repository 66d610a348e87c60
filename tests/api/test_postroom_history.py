"""What the postroom records: settings old and new, mails sent again, webhooks without their secrets."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from language.events import postroom as facts
from language.events.base import Change, Fact
from language.messages.notices import NoticeKind
from language.telling import Language, MailState, Mode
from services.postroom.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener
from tests.history_cases import told_of
from tests.notice_cases import Readers


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, smtp_url="smtp://127.0.0.1:9") as service:
        yield await Readers(service, clock).prepare()


async def _facts(readers: Readers, about: str | UUID) -> list[Fact]:
    return [event.fact for event in await told_of(readers.service.database, about)]


async def _ask(readers: Readers, path: str, body: Any = None) -> Any:
    answer = await readers.service.http.post(f"/v1{path}", json=body, headers=readers.admin())
    assert answer.is_success, answer.text
    return answer.json()


async def test_settings_tell_what_was_and_what_is_and_no_address_stands_in_the_event(
    readers: Readers,
) -> None:
    person = await readers.person()
    await readers.choose(person, mail_address="a@sk.test", language="en", modes={"TASK_OPENED": "OFF"})
    await readers.choose(
        person, version=1, mail_address="b@sk.test", language="en", modes={"REMINDED": "DIGEST"}
    )
    told = await _facts(readers, person)
    unchanged = {"digest_hour": None, "quiet_from": None, "quiet_to": None}
    opened, reminded = NoticeKind.TASK_OPENED, NoticeKind.REMINDED
    assert told == [
        facts.NoticeSettingsChanged(
            mail_address=Change(old=None, new="a@sk.test"),
            language=Change(old=Language.VI, new=Language.EN),
            modes=(facts.ModeChange(notice_kind=opened, mode=Change(old=None, new=Mode.OFF)),),
            **unchanged,
        ),
        facts.NoticeSettingsChanged(
            mail_address=Change(old="a@sk.test", new="b@sk.test"),
            language=None,
            modes=(
                facts.ModeChange(notice_kind=reminded, mode=Change(old=None, new=Mode.DIGEST)),
                facts.ModeChange(notice_kind=opened, mode=Change(old=Mode.OFF, new=None)),
            ),
            **unchanged,
        ),
    ]
    rows = await readers.service.database.pool.fetch(
        "select detail from events where subject_id = $1", person
    )
    assert "sk.test" not in str([row["detail"] for row in rows])


async def test_a_mail_sent_again_tells_how_it_stood(readers: Readers) -> None:
    person = await readers.person(mail_address="c@sk.test")
    await readers.accept(readers.notice(person))
    [mail] = await readers.mails(person)
    await readers.service.database.pool.execute("update mails set state = 'UNSURE' where id = $1", mail["id"])
    await _ask(readers, f"/mails/{mail['id']}/resending")
    state = Change(old=MailState.UNSURE, new=MailState.WAITING)
    assert (await _facts(readers, person))[-1] == facts.MailResent(mail_id=mail["id"], mail_state=state)


async def test_a_webhook_tells_its_host_and_never_its_secrets(readers: Readers) -> None:
    body = {"url": "https://hooks.example.vn/in/T0KEN?key=K3Y", "kinds": ["AWARD_PAID"]}
    made = await _ask(readers, "/webhooks", body)
    person = await readers.person()
    began = readers.clock.now()
    await readers.accept(readers.notice(person, NoticeKind.AWARD_PAID))
    path = f"/webhooks/{made['id']}"
    await _ask(readers, f"{path}/turning-off")
    await _ask(readers, f"{path}/turning-on")
    span = (began - timedelta(seconds=1), began + timedelta(days=1))
    await _ask(readers, f"{path}/replay", {"starts_at": span[0].isoformat(), "ends_at": span[1].isoformat()})
    query = "select id from webhook_deliveries where webhook_id = $1"
    delivery = await readers.service.database.pool.fetchval(query, UUID(made["id"]))
    await _ask(readers, f"{path}/replay", {"delivery_id": str(delivery)})
    [first, off, on, *replays] = await _facts(readers, made["id"])
    assert first == facts.WebhookMade(host="hooks.example.vn", notice_kinds=(NoticeKind.AWARD_PAID,))
    assert off == facts.WebhookTurnedOff(failures=None, last_outcome=None)
    assert isinstance(on, facts.WebhookTurnedOn)
    assert replays == [
        facts.WebhookReplayed(delivery_id=None, starts_at=span[0], ends_at=span[1], deliveries=1),
        facts.WebhookReplayed(delivery_id=delivery, starts_at=None, ends_at=None, deliveries=1),
    ]
    rows = "select events::text as row from events where subject_id = $1"
    told = str(await readers.service.database.pool.fetch(rows, UUID(made["id"])))
    assert not any(secret in told for secret in ("T0KEN", "K3Y", made["secret"]))
