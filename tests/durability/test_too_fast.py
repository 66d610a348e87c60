"""A season under kill -9 whose last day comes before it can be over: that is said, nothing more is killed,
and all is waited for before anything is judged."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

from rich.console import Console

from cli.province import Province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from rehearsal.playing import play
from rehearsal.scene import Scene
from rehearsal.season import Troupe

_DAY_SECONDS = 0.4


class ShortSeason(Scene):
    """Its last day comes ten days after the last dossier is filed: no dossier has gone its way by then."""

    def troupe(self, province: Province, late_by: timedelta = timedelta()) -> Troupe:
        """Of a year, only a month."""
        whole = super().troupe(province, late_by)
        return replace(whole, closes_on=whole.closes_on - timedelta(days=335))


async def test_a_clock_that_outruns_recovery_is_told_and_all_is_waited_for() -> None:
    shown = StringIO()
    scene = ShortSeason(
        dossiers=tuple(read_list(SAMPLE_LIST, 3)),
        day_seconds=_DAY_SECONDS,
        silent=0.15,
        leave=0,
        seed=5,
        kill=True,
        middle_level="DISTRICT",
    )
    told = await play(Console(file=shown, width=200), scene)
    assert told["violations"] == []
    assert told["dossiers"] == told["closed"] > 0
    assert told["too_fast"] == {"day_seconds": _DAY_SECONDS, "lost_days": 50}
    assert "Đồng hồ chạy nhanh hơn việc khôi phục" in shown.getvalue()
    assert "kill -9" not in shown.getvalue().partition("Đồng hồ chạy nhanh hơn")[2]
