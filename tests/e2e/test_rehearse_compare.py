"""Two seasons of the same people under two packs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rehearsing import ROOT, rehearse


def _ladders(pack: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where each stands: of the councils, of the formal check and of the money, which a slow machine climbs
    too."""
    return [
        *((level, "ladder") for level in pack["levels"]),
        (pack["formal_check"], "ladder"),
        (pack["payout"], "ladder"),
        (pack["payout"], "list_ladder"),
    ]


def without_a_way_out(file: Path) -> Path:
    """Two-tier rules whose ladders only remind, with a union representative in every council, two attachments
    asked for, and rates."""
    pack = yaml.safe_load((ROOT / "policies" / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8"))
    sample = {"sample": True}
    rate = {
        "id": "member",
        "level": None,
        "role": "MEMBER",
        "per": "PER_SHEET",
        "amount_dong": 100_000,
        "basis": sample,
    }
    pack |= {
        "name": "without-a-way-out",
        "rates": [rate | {"valid_from": date(2019, 3, 3), "valid_to": None}],
    }
    pack["formal_check"]["rules"] = [
        {"id": "evidence", "kind": "MIN_ATTACHMENTS", "limit": "2", "basis": sample}
    ]
    for of, ladder in _ladders(pack):
        of[ladder] = [rung for rung in of[ladder] if rung["id"] == "remind"]
    for level in pack["levels"]:
        level["quorum"] = {"numerator": 1, "denominator": 1, "basis": sample}
        level["seats"] = [
            *level["seats"],
            {"role": "UNION_REPRESENTATIVE", "post": "UNION_REPRESENTATIVE", "count": 1},
        ]
    file.write_text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


@pytest.mark.timeout(600)
def test_two_packs_on_the_same_people_are_compared_and_one_without_a_way_out_strands_nobody(
    tmp_path: Path,
) -> None:
    pack = without_a_way_out(tmp_path / "pack.yaml")
    told = rehearse(
        tmp_path,
        *("--dossiers", "5", "--silent", "0.4", "--leave", "0.3", "--seed", "3"),
        *("--compare", "--policy", str(pack)),
    )
    in_force, tried = told["seasons"]
    assert (in_force["pack"], tried["pack"]) == ("three-tier-until-2025-06-30@1", "without-a-way-out@1")
    assert in_force["dossiers"] == tried["dossiers"] == in_force["closed"] == tried["closed"]
    assert in_force["stuck"] == tried["stuck"] == {}
    # Its ladders only remind: after the last rung the work goes on upward all the same.
    assert {"REMIND", "HAND_UP"} <= set(tried["rungs_fired"]) <= {"REMIND", "HAND_UP", "LOOK_AGAIN"}
    assert set(in_force["rungs_fired"]) > {"REMIND"}
    assert tried["outcomes"]["FORMAL_CHECK"].get("ACCEPTED", 0) > 0, (
        "the authors add the attachments that are asked for"
    )
    assert sum(tried["without_quorum"].values()) > 0
    assert in_force["council"]["cost_dong"] is None
    assert tried["council"]["cost_dong"] % 100_000 == 0
    assert {"UNIT", "DISTRICT", "WHOLE"} <= set(in_force["days"])
    assert "mắc kẹt" in str(told["shown"])
