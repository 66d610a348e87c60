"""What every release has persisted is read by today's code, and a form that has changed since the last one
says so."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from casework.plans import read_level, read_plan
from language import versions
from language.events.catalogue import UPCASTS as EVENT_UPCASTS
from language.events.catalogue import class_of
from language.messages import versions as message_versions
from language.plan import versions as plan_versions
from language.plan.review_plan import LevelPlan, ReviewPlan
from language.versions import Upcasts, WrittenLater
from packs.freezing import PolicyPack
from tests.releases import Release, releases
from tests.unit.golden import decode, encode, messages
from tests.unit.release_samples import KEPT, SAMPLES, Forms, forms, migrations

FOLDERS = sorted(file.parent for file in SAMPLES.glob("*/forms.json"))
LAST = releases()[-1].version
NOW = forms()
ROWS = {kind.__name__: kind for kind in KEPT}


def _said(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _forms(folder: Path, sort: str) -> Forms:
    return Forms(**_said(folder, "forms")[sort])


def assert_kept(written: Any, now: Any) -> None:
    """Fields may have come since, with defaults; none is lost or read otherwise."""
    if isinstance(written, dict):
        assert written.keys() <= now.keys()
        for key, value in written.items():
            assert_kept(value, now[key])
    elif isinstance(written, list):
        assert len(written) == len(now)
        for old, new in zip(written, now, strict=True):
            assert_kept(old, new)
    else:
        assert written == now


def test_a_release_whose_commit_is_not_in_this_checkout_is_not_here() -> None:
    assert not Release("9.9.9", "0" * 40).is_here


def test_a_release_that_is_here_is_unpacked_with_its_version(tmp_path: Path) -> None:
    release = releases()[-1]
    if not release.is_here:
        pytest.skip(f"this checkout does not hold the commit of {release.version}")
    tree = release.unpack(tmp_path / "tree")
    assert f'RELEASE: Final = "{release.version}"' in (tree / "kit" / "release.py").read_text(
        encoding="utf-8"
    )


def test_every_release_has_its_samples() -> None:
    """`python -m tests.unit.release_samples`, on the code of the release."""
    assert {folder.name for folder in FOLDERS} >= {release.version for release in releases()}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
class TestOfARelease:
    def test_its_messages_are_read(self, folder: Path) -> None:
        then, known = _forms(folder, "messages"), messages()
        for name, body in _said(folder, "messages").items():
            read = decode(body, known[name])
            assert isinstance(read, known[name])
            if then.kinds[name] == NOW["messages"].kinds[name]:
                assert_kept(body, encode(read))

    def test_its_plans_are_read_whole_and_level_by_level(self, folder: Path) -> None:
        said = _said(folder, "plans")
        for body in said["bodies"]:
            plan = read_plan(body, said["version"])
            levels = [read_level(level, said["version"]) for level in body["levels"]]
            assert plan.levels == tuple(levels)
            if said["version"] == plan_versions.PLAN_VERSION:
                assert_kept(body, to_jsonable_python(plan))

    def test_what_its_rows_held_is_read(self, folder: Path) -> None:
        for name, body in _said(folder, "rows").items():
            read = TypeAdapter(ROWS[name]).validate_python(body)
            assert_kept(body, to_jsonable_python(read))

    def test_its_packs_are_read(self, folder: Path) -> None:
        for body in _said(folder, "packs"):
            assert_kept(body, PolicyPack.model_validate(body).model_dump(mode="json"))

    def test_its_events_are_known(self, folder: Path) -> None:
        for name, version in _forms(folder, "events").kinds.items():
            fact = class_of(name)
            assert fact
            assert version <= fact.VERSION


SORTS: dict[str, Upcasts] = {
    "messages": message_versions.UPCASTS,
    "events": EVENT_UPCASTS,
    "plans": plan_versions.UPCASTS,
}


@pytest.mark.parametrize("sort", SORTS)
def test_a_form_that_has_changed_since_the_last_release_has_a_new_version(sort: str) -> None:
    then, now = _forms(SAMPLES / LAST, sort), NOW[sort]
    assert unsaid(then, now) == []


def unsaid(then: Forms, now: Forms) -> list[str]:
    """The kinds whose form is another, though their version is the same."""
    return [
        name
        for name, version in then.kinds.items()
        if now.kinds.get(name) == version and not _is_same(then.of(name), now.of(name))
    ]


def _is_same(then: dict[str, Any], now: dict[str, Any]) -> bool:
    """The same fields with the same types; an enum may have more members."""
    return then.keys() == now.keys() and all(
        set(old) <= set(now[name]) if isinstance(old, list) else old == now[name]
        for name, old in then.items()
    )


def test_what_is_written_in_a_new_version_comes_with_a_migration() -> None:
    """It may do nothing: by its name an older program knows that it would not read what is written now."""
    raised = {
        name
        for sort in SORTS
        for name, version in NOW[sort].kinds.items()
        if version > _forms(SAMPLES / LAST, sort).kinds.get(name, version)
    }
    assert not raised or set(migrations()) - set(_said(SAMPLES / LAST, "migrations"))


def test_no_migration_of_a_release_is_gone() -> None:
    for folder in FOLDERS:
        assert set(_said(folder, "migrations")) <= set(migrations())


@pytest.mark.parametrize("sort", SORTS)
def test_every_version_before_the_newest_has_its_upcast(sort: str) -> None:
    kinds = NOW[sort].kinds
    lacking = [(name, one) for name, newest in kinds.items() for one in range(1, newest)]
    assert not set(lacking) - SORTS[sort].keys()
    if sort == "plans":
        levels = {(LevelPlan.__name__, one) for one in range(1, plan_versions.PLAN_VERSION)}
        assert levels <= SORTS[sort].keys()


def _form(**types: Any) -> Forms:
    return Forms({"OpenStage": 1}, {"OpenStage": types, "Marks": ["NONE", "SOME"], "Other": {"x": "int"}})


def _marked(*members: str) -> Forms:
    return Forms({"OpenStage": 1}, {"OpenStage": {"level": "str", "marks": "Marks"}, "Marks": [*members]})


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (_form(level="str", marks="Marks"), []),
        (_form(level="str", marks="Marks", more="int?"), ["OpenStage"]),
        (_form(level="str"), ["OpenStage"]),
        (_form(level="int", marks="Marks"), ["OpenStage"]),
        (_form(level="str?", marks="Marks"), ["OpenStage"]),
        (Forms({"OpenStage": 2}, {"OpenStage": {"other": "str"}}), []),
        (
            Forms(
                {"OpenStage": 1},
                {"OpenStage": {"level": "str", "marks": "Marks"}, "Marks": ["NONE", "SOME", "ALL"]},
            ),
            [],
        ),
        (
            Forms({"OpenStage": 1}, {"OpenStage": {"level": "str", "marks": "Marks"}, "Marks": ["NONE"]}),
            ["OpenStage"],
        ),
    ],
)
def test_the_guard_sees_whatever_is_read_otherwise(now: Forms, told: list[str]) -> None:
    assert unsaid(_form(level="str", marks="Marks"), now) == told


def test_a_part_that_changes_changes_all_that_hold_it() -> None:
    then = Forms({"Outer": 1}, {"Outer": {"parts": "tuple[Inner, ...]"}, "Inner": {"a": "int"}})
    now = Forms({"Outer": 1}, {"Outer": {"parts": "tuple[Inner, ...]"}, "Inner": {"a": "int", "b": "int?"}})
    assert unsaid(then, now) == ["Outer"]


def _second(body: versions.Body) -> versions.Body:
    return {**body, "b": [body["a"]]}


def _third(body: versions.Body) -> versions.Body:
    return {"c": body["b"]}


STEPS: Upcasts = {("Thing", 1): _second, ("Thing", 2): _third}


@pytest.mark.parametrize(
    ("body", "version", "read"),
    [({"a": 1}, 1, {"c": [1]}), ({"b": [2]}, 2, {"c": [2]}), ({"c": [3]}, 3, {"c": [3]})],
)
def test_upcasts_lead_from_every_version_to_the_newest(
    body: versions.Body, version: int, read: versions.Body
) -> None:
    before = dict(body)
    assert versions.brought_up("Thing", body, version=version, newest=3, upcasts=STEPS) == read
    assert body == before


@pytest.mark.parametrize("version", [0, 4])
def test_a_version_that_nobody_here_knows_is_not_read(version: int) -> None:
    with pytest.raises(WrittenLater):
        versions.brought_up("Thing", {}, version=version, newest=3, upcasts=STEPS)


def test_a_plan_of_a_later_release_is_not_read() -> None:
    body = _said(SAMPLES / LAST, "plans")["bodies"][0]
    for read in (
        lambda version: read_plan(body, version),
        lambda version: read_level(body["levels"][0], version),
    ):
        with pytest.raises(WrittenLater):
            read(plan_versions.PLAN_VERSION + 1)


def test_the_levels_of_an_older_plan_are_read_as_the_plan_is() -> None:
    steps: Upcasts = {
        (LevelPlan.__name__, 1): lambda level: {**level, "seats": []},
        (ReviewPlan.__name__, 1): lambda plan: {**plan, "levels": []},
    }
    assert plan_versions.level_body({"level": "UNIT"}, 1, steps, 2) == {"level": "UNIT", "seats": []}
    assert plan_versions.plan_body({"pack": "p"}, 1, steps, 2) == {"pack": "p", "levels": []}
