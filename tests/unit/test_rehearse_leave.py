"""Who stands in for whom in a rehearsal: people of the same unit in posts that are trusted with the work."""

from datetime import date

from cli.province import build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from language.posts.kinds import PostKind
from language.posts.trusted import TRUSTED
from rehearsal.leave import plan_absences


def test_work_is_passed_on_to_who_is_trusted_with_it() -> None:
    season = (date(2026, 1, 1), date(2026, 12, 31))
    province = build_province(read_list(SAMPLE_LIST, 20), middle_level="COMMUNE", season=season)
    kinds: dict[tuple[str, str], set[PostKind]] = {}
    for post in province.body["posts"]:
        kinds.setdefault((post["person_code"], post["unit_code"]), set()).add(PostKind(post["kind"]))
    absences = plan_absences(province, 1.0, 7)
    passed_on = [absence for absence in absences if absence.delegate]
    assert len(passed_on) > len(absences) / 4
    for absence in passed_on:
        assert absence.delegate
        away = kinds[absence.account, absence.unit_code]
        there = kinds[absence.delegate, absence.unit_code]
        assert not any(away & trusted and not there & trusted for trusted in TRUSTED.values())
