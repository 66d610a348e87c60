"""Links that mails bring, as they are read and judged; and how often they are mailed."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.organisation.sign_in.domain.limits import LINKS_OF_NAME, Tries, wait
from services.organisation.sign_in.domain.password_links import (
    PasswordLink,
    digest_of,
    require_good,
    shown_link,
)
from services.organisation.sign_in.domain.refusals import LinkOld, LinkReplaced, LinkUsed

NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
SECRETS = st.text("ABCDEFGHabcdefgh0123456789_-", min_size=1, max_size=60)


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_reading(typed: str) -> None:
    shown = shown_link(typed)
    assert shown is None or isinstance(shown.link_id, UUID)


@given(st.uuids(), SECRETS, st.lists(st.integers(0, 90), max_size=8), st.sampled_from([" ", "\n", "\r\n "]))
def test_a_code_is_read_however_a_mail_program_has_broken_it(
    link_id: UUID, secret: str, places: list[int], gap: str
) -> None:
    code = f"{link_id}.{secret}"
    for place in places:
        code = code[:place] + gap + code[place:]
    shown = shown_link(code)
    assert shown is not None
    assert (shown.link_id, shown.digest) == (link_id, digest_of(secret))


@given(SECRETS, SECRETS)
def test_one_secret_is_never_taken_for_another(one: str, other: str) -> None:
    first, second = shown_link(f"{uuid4()}.{one}"), shown_link(f"{uuid4()}.{other}")
    assert first is not None
    assert second is not None
    assert (first.digest == second.digest) == (one == other)


@pytest.mark.parametrize(
    ("used", "ended", "address", "late"),
    list(product([False, True], [False, True], ["a@sk.test", "b@sk.test", None], [-1, 0, 1])),
)
def test_a_link_is_good_only_while_nothing_speaks_against_it(
    used: bool, ended: bool, address: str | None, late: int
) -> None:
    link = PasswordLink(
        id=uuid4(),
        person_id=uuid4(),
        event_id=uuid4(),
        is_invitation=True,
        address_digest=digest_of("a@sk.test"),
        sent_at=NOW - timedelta(hours=4),
        good_until=NOW - timedelta(seconds=late),
        used_at=NOW if used else None,
        ended_at=NOW if ended else None,
    )
    if used:
        expected: type[Exception] | None = LinkUsed
    elif ended or address != "a@sk.test":
        expected = LinkReplaced
    else:
        expected = LinkOld if late >= 0 else None
    if expected is None:
        require_good(link, address, NOW)
    else:
        with pytest.raises(expected):
            require_good(link, address, NOW)


def test_a_mailbox_gets_a_handful_of_links_an_hour_whoever_asks_how_often() -> None:
    tries, mailed = Tries(tries=0, last_at=NOW - timedelta(days=1), proven_at=None), 0
    for second in range(0, 3600, 10):
        at = NOW + timedelta(seconds=second)
        if not wait(LINKS_OF_NAME, tries, at):
            mailed += 1
            tries = Tries(tries=tries.counted_at(at) + 1, last_at=at, proven_at=None)
    assert 2 <= mailed <= 6
