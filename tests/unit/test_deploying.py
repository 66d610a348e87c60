"""The compose file: every name has a value, every container is contained, and who must not reach PostgreSQL
or Temporal is in no network with it."""

import re
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.first_start import stays_empty
from embedded.instance import Instance
from embedded.layout import Ports
from kit.release import RELEASE
from sheets.apart import MOST_MEMORY

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
OURS = [name for name, one in SERVICES.items() if str(one["image"]).startswith("sangkien:")]
ONLY_WITH_TEMPORAL = {"worker", "temporal-namespace", "temporal-ui"}


def test_a_new_environment_has_every_name_and_is_its_owners_only(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.touch(mode=0o644)
    with file.open("w", encoding="utf-8") as out:
        subprocess.run(["sh", str(ROOT / "deploy" / "new-env")], stdout=out, check=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert needed
    assert {name for name in needed if not told.get(name)} == set()


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_contained(name: str) -> None:
    one = SERVICES[name]
    assert one["init"] is True
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["mem_limit"]
    assert one["pids_limit"] <= 1024
    assert one["logging"]["options"].keys() == {"max-size", "max-file"}
    assert one["networks"], "the default network reaches everybody"
    assert all(str(port).startswith("127.0.0.1:") for port in one.get("ports", ()))


@pytest.mark.parametrize("name", OURS)
def test_ours_write_nowhere_and_may_do_nothing(name: str) -> None:
    one = SERVICES[name]
    assert (one["read_only"], one["cap_drop"], one["tmpfs"]) == (True, ["ALL"], ["/tmp"])


def test_networks_reach_only_whom_they_must() -> None:
    inside = {
        network: {name for name, one in SERVICES.items() if network in one["networks"]}
        for network in COMPOSE["networks"]
    }
    assert all(COMPOSE["networks"][network] == {"internal": True} for network in ("data", "store", "engine"))
    assert inside["data"].isdisjoint({"proxy", "mail", "temporal", *ONLY_WITH_TEMPORAL})
    assert inside["store"] == {"postgres", "temporal", "temporal-schema"}
    apis = {name for name in OURS if SERVICES[name].get("environment", {}).get("RUN_PARTS") == "api"}
    assert inside["engine"].isdisjoint({"proxy", "mail", "portal", "migrate", "bootstrap", *apis})
    assert inside["edge"] == {"proxy", "temporal-ui"}
    assert inside["post"] == {"mail", "postroom-delivery"}
    needing = {
        name for name in OURS if {"relay", "activities"} & {SERVICES[name]["environment"].get("RUN_PARTS")}
    }
    assert needing | {"worker", "temporal"} | ONLY_WITH_TEMPORAL == inside["engine"]


@pytest.mark.parametrize(
    ("given", "asked", "empty"),
    [
        (None, None, False),
        (None, True, True),
        ("postgresql://theirs", None, True),
        ("postgresql://theirs", False, False),
    ],
)
def test_nothing_made_up_gets_into_a_database_that_was_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None, asked: bool | None, empty: bool
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if given:
        monkeypatch.setenv("DATABASE_URL", given)
    assert stays_empty(Instance(data=tmp_path, ports=Ports(1)), asked) is empty


def test_a_part_has_room_for_the_reader_of_a_workbook() -> None:
    gigabytes = re.fullmatch(r"\$\{PART_MEMORY:-(\d+)g\}", SERVICES["intake"]["mem_limit"])
    assert gigabytes
    assert int(gigabytes[1]) * 2**30 >= MOST_MEMORY + 200 * 2**20


def test_what_the_image_is_made_of_is_shown_to_its_builder() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE))
    shown = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line[:1] == "!"
    }
    assert copied <= shown
    assert all((ROOT / one).exists() for one in copied)


def test_who_watches_reaches_every_part_and_is_contained() -> None:
    watching = yaml.safe_load((ROOT / "deploy" / "monitoring.yml").read_text(encoding="utf-8"))
    for name, one in watching["services"].items():
        assert one["init"] is True
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"]), name
        assert all(str(port).startswith("127.0.0.1:") for port in one.get("ports", ()))
        for place in (volume.partition(":")[0] for volume in one["volumes"]):
            assert place in watching["volumes"] or (ROOT / place).is_dir(), place
    scraping = set(watching["services"]["prometheus"]["networks"])
    targets = yaml.safe_load((ROOT / "deploy/prometheus/targets/containers.yml").read_text(encoding="utf-8"))
    for target in (one for group in targets for one in group["targets"]):
        assert scraping & set(SERVICES[target.partition(":")[0]]["networks"]), target


def test_the_real_first_start_publishes_no_sample() -> None:
    assert SERVICES["bootstrap"]["command"] == ["processes.bootstrap"]


def test_releases_are_named_with_their_commits_and_notes() -> None:
    rows = re.findall(
        r"^\| ([0-9.]+) \| ([0-9/]+) \| `([0-9a-f]{40})` \|$",
        (ROOT / "docs" / "releases.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert rows
    notes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for version, day, _ in rows:
        assert f"## [{version}] – {'-'.join(reversed(day.split('/')))}" in notes
    assert RELEASE not in {version for version, *_ in rows}, "what is being written is no release yet"
