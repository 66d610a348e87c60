"""A browser without script reads what a person would see in a page, and fills in what a person could."""

import pytest

from cli.browsing import Form, Seen, read

PAGE = """
<head><title>Phiếu</title></head>
<body><header><a href="/marking">Chấm</a><form action="/search"><input name="q" type="search"></form></header>
<main>
<p class="told good" role="status">Đã lưu.</p>
<p class="told wait" data-restored hidden>Chưa gửi.</p>
<div class="told bad"><p>Thiếu <strong>lý do</strong>.</p></div>
<p>Không phải lời báo.</p>
<a href="/marking/1?from=list#sheet">Phiếu của tôi</a>
<nav><a rel="prev" href="/marking?after=0">Trước</a> <a rel="next" href="/marking?after=2">Sau</a></nav>
<form method="post" action="/marking/1">
  <input type="hidden" name="key" value="k1">
  <fieldset class="mark" data-step="0.5" data-most="30"><legend>Tính mới</legend>
    <input name="score-new" value="" aria-describedby="score-new-hint">
    <textarea name="remark-new">
Dòng đầu
dòng sau</textarea></fieldset>
  <label><input type="radio" name="vote" value="APPROVE" checked> Đồng ý</label>
  <label><input type="radio" name="vote" value="REJECT"> Không</label>
  <label><input type="checkbox" name="truth" value="true"> Cam đoan</label>
  <select name="ground"><option value="">không</option><option value="NOT_NEW">cũ</option></select>
  <input type="file" name="file">
  <button name="act" value="save">Lưu</button><button name="act" value="submit">Nộp</button>
</form>
</main></body>
"""


@pytest.fixture
def seen() -> Seen:
    return read(200, "http://localhost/marking/1?done=sheet-saved&sent=x#sheet", PAGE)


@pytest.fixture
def form(seen: Seen) -> Form:
    found = seen.form(asks="vote")
    assert found is not None
    return found


def test_what_a_page_says_of_what_was_sent_is_told_apart_from_the_rest(seen: Seen) -> None:
    assert seen.told == ["Đã lưu.", "Thiếu", "lý do", "."]
    assert "Không phải lời báo." in seen.main


def test_the_word_for_what_was_done_stands_in_the_address(seen: Seen) -> None:
    assert seen.done == "sheet-saved"
    assert read(200, "http://localhost/marking", PAGE).done == ""


def test_a_way_is_known_by_where_it_leads_and_only_the_page_itself_has_it(seen: Seen) -> None:
    found = seen.link("/marking/1")
    assert found is not None
    assert found.said == "Phiếu của tôi"
    assert not seen.link("/stages/1")
    assert not read(200, "", '<header><a href="/money">Tiền</a></header><main></main>').link("/money")


def test_the_next_part_of_a_list_is_known_by_its_link(seen: Seen) -> None:
    assert [one.address for one in seen.links if one.leads_on] == ["/marking?after=2"]


def test_a_field_knows_the_group_in_which_it_stands_and_whether_a_hint_is_tied_to_it(form: Form) -> None:
    fields = {one.name: one for one in form.fields}
    mark = fields["score-new"]
    assert (mark.group["data-step"], mark.group["data-most"]) == ("0.5", "30")
    assert mark.is_described
    assert not fields["remark-new"].is_described
    assert fields["vote"].group == {}


def test_what_was_not_taken_is_marked_at_its_field_or_at_the_group_of_its_choices() -> None:
    html = """<form method="post"><fieldset id="verdict" aria-invalid="true">
    <input type="radio" name="verdict" value="RECOGNISED"></fieldset><select name="ground"></select>
    <textarea name="reasons" aria-invalid="true"></textarea></form>"""
    assert read(409, "", html).forms[0].wrong == {"verdict", "reasons"}


def test_a_field_offers_what_may_be_chosen(form: Form) -> None:
    assert form.values("vote") == ["APPROVE", "REJECT"]
    assert form.values("ground") == ["", "NOT_NEW"]
    assert form.values("nothing") == []


def test_what_is_left_alone_is_sent_as_it_stands(form: Form) -> None:
    assert form.filled({}) == {
        "key": ["k1"],
        "score-new": [""],
        "remark-new": ["Dòng đầu\ndòng sau"],
        "vote": ["APPROVE"],
        "ground": [""],
    }


def test_what_is_typed_and_chosen_takes_the_place_of_what_stood_there(form: Form) -> None:
    given = {"score-new": "25,5", "vote": "REJECT", "truth": "true", "ground": "NOT_NEW"}
    sent = form.filled(given)
    assert {name: sent[name] for name in given} == {name: [value] for name, value in given.items()}
    assert sent["key"] == ["k1"]


def test_a_form_is_found_by_what_it_asks_its_button_or_its_address(seen: Seen, form: Form) -> None:
    assert seen.form(button=("act", "submit")) is form
    assert seen.form(action="/marking/1") is form
    assert seen.form(asks="q") is None, "nobody sends a search to act"
    assert seen.form(button=("act", "decide")) is None
    assert not form.has_button("act", "decide")
