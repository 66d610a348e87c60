"""When people are told: quiet hours, digests and what nobody can turn off; what mails say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadline.arithmetic import LOCAL_ZONE
from language.messages.notices import Asked, NoticeKind
from services.postroom.domain.letters import LetterItem, compose, headline
from services.postroom.domain.telling import (
    STATUTORY,
    Language,
    Mode,
    NoticeSettings,
    is_quiet,
    mail_at,
    turned_off_unlawfully,
    usual_mode,
)
from services.postroom.domain.worth_telling import Matters, still_open
from tests.letter_cases import told as made

PERSON = UUID(int=1)
MINUTE = timedelta(minutes=1)
HOURS = st.integers(0, 23)
INSTANTS = st.integers(0, 60 * 24 * 40).map(
    lambda minutes: datetime(2026, 2, 20, tzinfo=UTC) + minutes * MINUTE
)


@st.composite
def chosen(draw: st.DrawFn) -> NoticeSettings:
    quiet = draw(st.none() | st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] != pair[1]))
    return NoticeSettings(
        person_id=PERSON,
        mail_address="a@b.vn",
        modes=draw(st.dictionaries(st.sampled_from(NoticeKind), st.sampled_from(Mode))),
        digest_hour=draw(HOURS),
        quiet_from=quiet[0] if quiet else None,
        quiet_to=quiet[1] if quiet else None,
    )


def _quiet_hours(wanted: NoticeSettings) -> set[int]:
    """Hour by hour from the first to the last."""
    hours: set[int] = set()
    if wanted.quiet_from is not None:
        hour = wanted.quiet_from
        while hour != wanted.quiet_to:
            hours.add(hour)
            hour = (hour + 1) % 24
    return hours


def _by_walking(wanted: NoticeSettings, kind: NoticeKind, at: datetime) -> datetime | None:
    """Minute by minute: the first at which the mail may go."""
    mode = wanted.modes.get(kind, usual_mode(kind))
    if mode is Mode.OFF:
        return None
    quiet, moment = _quiet_hours(wanted), at
    waits_for_digest = mode is Mode.DIGEST
    while True:
        local = moment.astimezone(LOCAL_ZONE)
        if waits_for_digest and moment > at and (local.hour, local.minute) == (wanted.digest_hour, 0):
            waits_for_digest = False
        if not waits_for_digest and local.hour not in quiet:
            return moment
        moment += MINUTE


@settings(max_examples=400, deadline=None)
@given(chosen(), st.sampled_from(NoticeKind), INSTANTS)
def test_a_mail_goes_at_the_first_minute_that_settings_allow(
    wanted: NoticeSettings, kind: NoticeKind, at: datetime
) -> None:
    assert mail_at(wanted, kind, at) == _by_walking(wanted, kind, at)


@given(chosen(), st.sampled_from(NoticeKind), INSTANTS, st.integers(0, 59))
def test_no_mail_goes_in_quiet_hours_or_before_its_notice_or_later_than_two_days(
    wanted: NoticeSettings, kind: NoticeKind, at: datetime, seconds: int
) -> None:
    at += timedelta(seconds=seconds)
    sent = mail_at(wanted, kind, at)
    if sent is None:
        assert wanted.mode_of(kind) is Mode.OFF
    else:
        assert at <= sent <= at + timedelta(days=2)
        assert not is_quiet(wanted, sent)


def test_without_an_address_there_is_only_the_inbox() -> None:
    assert (
        mail_at(
            NoticeSettings(person_id=PERSON), NoticeKind.STAGE_DECIDED, datetime(2026, 3, 2, 5, tzinfo=UTC)
        )
        is None
    )


def test_a_notice_at_night_waits_for_the_morning() -> None:
    night = datetime(2026, 3, 2, 23, 30, tzinfo=LOCAL_ZONE)
    person = NoticeSettings(person_id=PERSON, mail_address="a@b.vn")
    assert mail_at(person, NoticeKind.REMINDED, night) == datetime(2026, 3, 3, 6, tzinfo=LOCAL_ZONE)
    assert mail_at(person, NoticeKind.TASK_OPENED, night) == datetime(2026, 3, 3, 7, tzinfo=LOCAL_ZONE)


@given(st.dictionaries(st.sampled_from(NoticeKind), st.sampled_from(Mode)))
def test_only_what_the_law_has_people_told_cannot_be_turned_off(modes: dict[NoticeKind, Mode]) -> None:
    assert set(turned_off_unlawfully(modes)) == {kind for kind in STATUTORY if modes.get(kind) is Mode.OFF}


def _page_of(told: LetterItem) -> str:
    elsewhere = {
        NoticeKind.TASK_OPENED: "/marking",
        NoticeKind.REMINDED: f"/about/{told.subject_id}",
        NoticeKind.TASK_TAKEN: f"/about/{told.subject_id}",
        NoticeKind.SUPERIOR_TOLD: f"/about/{told.subject_id}",
        NoticeKind.PACK_PUBLISHED: "/administration/packs/SK-2026-00007",
        NoticeKind.ALARM_RAISED: "/administration",
        NoticeKind.ACT_QUESTIONED: "/administration",
        NoticeKind.FILING_WINDOW_CHANGED: "/dossiers",
        NoticeKind.DRAFT_PREPARED: "/dossiers",
        NoticeKind.ACCOUNT_CHANGED: "/account",
        NoticeKind.ENTERED_ABOUT_YOU: "/account",
        NoticeKind.WEBHOOK_OFF: "/administration/system",
        NoticeKind.UNITS_CHANGED: "/",
        NoticeKind.RECORDS_JOINED: "/account",
        NoticeKind.WORK_DELEGATED: "/",
        NoticeKind.DELEGATION_TAKEN_BACK: "/",
    }
    return elsewhere.get(told.kind, f"/dossiers/{told.subject_id}")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_a_letter_that_says_of_what_when_and_where(
    kind: NoticeKind, language: Language
) -> None:
    told = made(kind)
    letter = compose([told], language, "https://sk.vn")
    assert letter.subject == headline(told, language)
    vi = language is Language.VI
    due, level = ("23:59 ngày 31/03/2026", "Cấp: cơ sở") if vi else ("23:59 31/03/2026", "Level: unit")
    said = ("SK-2026-00007", due, level, "Thiếu minh chứng.", "1.500.000 đ")
    for part in (*said, f": https://sk.vn{_page_of(told)}\n", "https://sk.vn/notices"):
        assert part in letter.subject + letter.text
    assert "$" not in letter.subject + letter.text
    assert "\n" not in letter.subject
    assert ("https://sk.vn/account/notices" in letter.text) == (kind not in STATUTORY)


def test_a_published_pack_is_told_with_its_first_day_and_where_it_is_explained() -> None:
    told = replace(
        made(NoticeKind.PACK_PUBLISHED), subject_code="two-tier@2", level=None, due_at=None, reference=None
    )
    letter = compose([told], Language.VI, "https://sk.vn")
    assert letter.subject == "Bộ quy định two-tier@2 đã được công bố, áp dụng từ 01/01/2027"
    assert "Quy định: https://sk.vn/administration/packs/two-tier/2\n" in letter.text
    assert headline(told, Language.EN) == "Rules two-tier@2 were published, in force from 01/01/2027"


def test_rules_are_told_by_their_name_and_version() -> None:
    called = {"pack_vi": "Quy chế sáng kiến tỉnh Mẫu", "pack_en": "Rules of a sample province"}
    published = replace(made(NoticeKind.PACK_PUBLISHED), subject_code="two-tier@2", **called)
    said = "“Quy chế sáng kiến tỉnh Mẫu”, bản 2"
    assert headline(published, Language.VI) == (f"Bộ quy định {said} đã được công bố, áp dụng từ 01/01/2027")
    assert "“Rules of a sample province”, version 2" in headline(published, Language.EN)
    moved = replace(made(NoticeKind.RULES_CHANGED), reference="two-tier@2", **called)
    text = compose([moved], Language.VI, "https://sk.vn").text
    assert f"Quy định áp dụng: {said}" in text
    assert "two-tier@2" not in text


def test_work_of_a_payment_list_is_said_in_words_and_leads_to_the_list() -> None:
    told = replace(made(NoticeKind.TASK_OPENED), detail="SEND_LIST")
    letter = compose([told], Language.VI, "https://sk.vn")
    assert letter.subject == "Việc mới: gửi danh sách chi trả cho Kho bạc, SK-2026-00007"
    assert f"https://sk.vn/money/lists/{told.subject_id}\n" in letter.text


@pytest.mark.parametrize(
    ("detail", "says"),
    [
        ("NOTHING", "hiện không chuyển việc nào"),
        ("MARK=2,DECIDE=1", "chấm điểm (2 việc), ra quyết định (1 việc)"),
    ],
)
def test_a_delegation_says_its_days_and_what_it_moves(detail: str, says: str) -> None:
    told = replace(
        made(NoticeKind.WORK_DELEGATED), detail=detail, reference="02/03/2026 – 06/03/2026", level=None
    )
    text = compose([told], Language.VI, "https://sk.test").text
    assert says in text
    assert "Thời gian: 02/03/2026 – 06/03/2026" in text
    assert "Ủy quyền: https://sk.test/\n" in text
    assert {NoticeKind.WORK_DELEGATED, NoticeKind.DELEGATION_TAKEN_BACK} <= STATUTORY


def test_what_others_entered_is_said_in_words_and_cannot_be_turned_off() -> None:
    told = replace(
        made(NoticeKind.ENTERED_ABOUT_YOU),
        detail="POST_TAKEN=COUNCIL_MEMBER,MAIL_CHANGED",
        reference="02/03/2026 – …",
    )
    vi, en = (compose([told], language, "https://sk.test") for language in Language)
    assert vi.subject.endswith(": giao vị trí (ủy viên Hội đồng); đổi địa chỉ thư điện tử")
    assert en.subject.endswith(": a post given (council member); another mail address")
    assert "Thời gian: 02/03/2026 – …" in vi.text
    assert NoticeKind.ENTERED_ABOUT_YOU in STATUTORY


def test_a_code_that_only_newer_services_know_holds_up_no_mail() -> None:
    told = replace(made(NoticeKind.TASK_OPENED), detail="SOMETHING_NEW")
    assert "SOMETHING_NEW" in headline(told, Language.VI)


OVER = Matters(own_tasks=(), all_tasks=(), alarms=(), asked=(), has_gone_on=True, has_link=False)
NOW = replace(OVER, own_tasks=("MARK",), all_tasks=("MARK",), alarms=("NOBODY_THERE",))


def test_a_mail_names_only_what_is_still_open() -> None:
    gone = {
        NoticeKind.TASK_OPENED,
        NoticeKind.REMINDED,
        NoticeKind.SUPERIOR_TOLD,
        NoticeKind.SECRETARY_TOLD,
        NoticeKind.QUORUM_LOWERED,
        NoticeKind.ALARM_RAISED,
        NoticeKind.SUPPLEMENT_REQUESTED,
        NoticeKind.SHARE_TO_CONFIRM,
        NoticeKind.DRAFT_PREPARED,
        NoticeKind.DRAFT_BEGUN,
        NoticeKind.FILING_AGREED,
        NoticeKind.ACT_QUESTIONED,
        NoticeKind.WEBHOOK_OFF,
    }
    told = [made(kind) for kind in NoticeKind]
    assert {item.kind for item in still_open([(item, OVER) for item in told])} == set(NoticeKind) - gone
    standing = Matters(
        own_tasks=("MARK",),
        all_tasks=("MARK", "SUPPLEMENT"),
        alarms=("NOBODY_THERE", "RUN_FAILS", "ACT_IN_QUESTION", "WEBHOOK_OFF"),
        asked=tuple(Asked),
        has_gone_on=False,
        has_link=False,
    )
    assert list(still_open([(item, standing) for item in told])) == told


def test_nobody_is_asked_for_a_supplement_that_was_given() -> None:
    asked = made(NoticeKind.SUPPLEMENT_REQUESTED)
    checked_again = replace(OVER, all_tasks=("FORMAL_CHECK",))
    assert still_open([(asked, checked_again)]) == ()
    of_the_filer = replace(OVER, all_tasks=("SUPPLEMENT",))
    assert still_open([(asked, of_the_filer)]) == (asked,), "co-authors are told too"


@pytest.mark.parametrize(
    ("kind", "detail"), [(NoticeKind.RECORDS_JOINED, "PROPOSED"), (NoticeKind.UNITS_CHANGED, "HELD_UP")]
)
def test_what_somebody_has_yet_to_act_on_is_told_until_it_has_gone_on(kind: NoticeKind, detail: str) -> None:
    asked = replace(made(kind), detail=detail)
    assert still_open([(asked, OVER)]) == ()
    assert still_open([(asked, replace(OVER, has_gone_on=False))]) == (asked,)
    what_came_of_it = replace(asked, detail="IN_FORCE")
    assert still_open([(what_came_of_it, OVER)]) == (what_came_of_it,)


def test_work_that_came_went_and_came_again_is_named_once() -> None:
    first = made(NoticeKind.TASK_OPENED)
    again, other = replace(first, level="PROVINCE"), replace(first, subject_id=uuid4())
    assert still_open([(first, NOW), (other, NOW), (again, NOW)]) == (other, again)
    another = replace(first, detail="DECIDE")
    assert still_open([(first, NOW), (another, NOW)]) == (first,), "the work of that kind is over"


def test_a_digest_is_one_letter_of_many_notices() -> None:
    notices = [
        made(NoticeKind.TASK_OPENED),
        replace(made(NoticeKind.REMINDED), subject_code="SK-2026-00008"),
    ]
    letter = compose(notices, Language.VI, "https://sk.vn")
    assert letter.subject == "2 thông báo từ Sáng Kiến"
    assert all(headline(notice, Language.VI) in letter.text for notice in notices)
    assert "chấm điểm" in letter.text
