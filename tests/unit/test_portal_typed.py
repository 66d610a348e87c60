"""What people type, and what others send in its place: read, or said to be unreadable, and never a fault of
the page."""

from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from starlette.datastructures import FormData

from language.words.content import CONTENT
from services.portal.asking.services import Refused
from services.portal.desk import Desk
from services.portal.pages import dossiers_content as content
from services.portal.pages.dossiers_authors import with_added
from services.portal.pages.dossiers_content import BY_NAME, is_same
from services.portal.pages.everyday_settings import hour_of
from services.portal.pages.shared import id_of, is_id, sent_ids, told_of
from services.portal.showing.typed import NotReadable, dong_of, number_of, share_of

ID = "0196f0a1-1111-7222-8333-444455556666"


class _Desk(SimpleNamespace):
    """A reader who has sent this."""

    language = SimpleNamespace(value="en")

    def say(self, message: str, **facts: object) -> str:
        return message % facts if facts else message

    def sent_text(self, name: str) -> str:
        return str(self.sent.get(name, ""))


def _desk(**sent: str) -> Desk:
    return cast(Desk, _Desk(sent=sent))


def _refused(*paths: str) -> Refused:
    faults = [{"path": path, "message": "sai", "message_en": "wrong"} for path in paths]
    return Refused({"status": 422, "code": "RequestInvalid", "detail": "sai", "errors": faults})


@pytest.mark.parametrize("text", ["9" * 16, "9" * 5000, "9" + ".999" * 6])
def test_an_amount_that_nobody_has_is_none(text: str) -> None:
    with pytest.raises(NotReadable):
        dong_of(text)


@pytest.mark.parametrize(("text", "dong"), [("1.000.000", 1_000_000), ("1 000 đ", 1000), ("", None)])
def test_amounts_are_read(text: str, dong: int | None) -> None:
    assert dong_of(text) == dong


def test_a_dossier_with_an_amount_that_cannot_be_keeps_its_text() -> None:
    old = {name: None for name in BY_NAME["effect"].fields}
    form = FormData([("benefit_by_author", "prose"), ("monetary_benefit_dong", "9" * 25)])
    typed = content.read_step(BY_NAME["effect"], old, form)
    assert "monetary_benefit_dong" in typed.faults
    assert b"prose" in orjson.dumps(typed.content)


@pytest.mark.parametrize("text", ["9" * 25, "123", "x", "²"])
def test_an_hour_that_is_none_goes_on_as_it_was_typed(text: str) -> None:
    assert hour_of(text) == text
    orjson.dumps(hour_of(text))


def test_hours_are_read() -> None:
    assert (hour_of("7"), hour_of("07"), hour_of("")) == (7, 7, None)


@pytest.mark.parametrize(
    "text",
    [
        "\n" + "1" * 31,
        "0x" + "1" * 30,
        f"urn:uuid:{ID}",
        f"{{{ID}}}",
        ID + "\n",
        f" {ID}",
        ID.replace("-", "", 1) + "-",
        "١" * 32,
        "",
    ],
)
def test_what_only_resembles_an_id_is_none(text: str) -> None:
    assert id_of(text) == ""
    assert not is_id(text)
    assert sent_ids(_desk(), [text]) == []


def test_ids_are_written_in_one_way() -> None:
    ways = [ID, ID.upper(), ID.replace("-", "")]
    assert [id_of(one) for one in ways] == [ID] * 3
    assert sent_ids(_desk(), ways) == [ID]
    assert is_id(ID)


@pytest.mark.parametrize("text", ["1e9999999", "1e5", "²", "NaN", "-1", "9" * 400, "Infinity", "1_0"])
async def test_a_share_that_is_none_is_said_and_shown_as_it_was_typed(text: str) -> None:
    assert share_of(text) is None
    rows = content.author_rows({"authors": [_author(contribution_percent=number_of(text))]})
    assert rows[0]["contribution_percent"] == text
    assert not content.is_same(_whole("50"), _whole(text))
    told = await with_added(_desk(add_outside="A", add_percent=text), {"authors": []})
    assert told is not None
    assert "add_percent" in told.fields


def test_shares_are_read_and_compared_by_what_they_are() -> None:
    assert content.say_number_of("33.50") == "33,5"
    assert content.say_number_of("100") == "100"
    assert content.is_same(_whole("50.00"), _whole("50"))
    assert not content.is_same(_whole("50"), _whole("50.5"))


def _author(**changed: object) -> dict[str, Any]:
    names = ("person_id", "full_name", "workplace", "job_title", "qualification")
    usual: dict[str, Any] = {**dict.fromkeys(names, ""), "outside": False, "date_of_birth": None}
    return {**usual, "contribution_percent": "100", **changed}


def _whole(share: str) -> dict[str, Any]:
    return {**dict.fromkeys(content.CONTENT), "authors": [_author(contribution_percent=share)]}


def test_a_birth_day_that_is_none_is_shown_as_it_was_typed() -> None:
    rows = content.author_rows({"authors": [_author(date_of_birth="12-1990")]})
    assert rows[0]["date_of_birth"] == "12-1990"
    rows = content.author_rows({"authors": [_author(date_of_birth="1990-02-12")]})
    assert rows[0]["date_of_birth"] == "12/02/1990"


def test_people_are_shown_whole_where_two_have_changed_them() -> None:
    rows = [_author(full_name="Hà", date_of_birth="1990-02-12", workplace="Trường", outside=True)]
    assert content.people_in_lines(rows) == "Hà · 12/02/1990 · Trường · 100 %"
    helper = {"full_name": "Nam", "workplace": "Xã", "work_done": "Đo đạc"}
    assert content.people_in_lines([helper]) == "Nam · Xã · Đo đạc"
    assert content.people_in_lines([]) == ""


def test_a_fault_is_said_at_its_own_field_only() -> None:
    fields = {"reason": "reason", "reasons": "reasons", "items": "chosen"}
    assert set(told_of(_desk(), _refused("body.reasons"), fields).fields) == {"reasons"}
    assert set(told_of(_desk(), _refused("body.reason"), fields).fields) == {"reason"}
    assert set(told_of(_desk(), _refused("body.items.0.remark"), fields).fields) == {"chosen"}


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        ("body.content.title", "title", "Title: wrong"),
        ("query.sort", "sort", "Wrong"),
        ("body.authors.1.workplace", "authors.1.workplace", "Workplace of author 2: wrong"),
        ("body", "", "Wrong"),
    ],
)
def test_what_a_service_calls_its_fields_is_not_shown(path: str, name: str, shown: str) -> None:
    assert content.told_of_content(_desk(), _refused(path)).fields == {name: shown}


def test_a_dossier_with_people_in_its_trial_is_compared() -> None:
    author = {"full_name": "Nguyễn Văn An", "contribution_percent": "100.00"}
    trial = {"full_name": "Trần Thị Bình", "workplace": "Trường", "work_done": "thử"}
    kept = {name: "" for name in CONTENT} | {"authors": [author], "participants": [trial]}
    assert is_same(kept, kept | {"authors": [author | {"contribution_percent": "100"}]})
    assert not is_same(kept, kept | {"participants": []})
