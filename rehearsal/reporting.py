"""What a rehearsal shows: progress while it runs, the report of a season, and two seasons side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.words import level_of
from language.messages.journey import JourneyOutcome
from language.plan.review_plan import RungAction
from language.words.said import say
from rehearsal.rearranging import rearranged_lines
from rehearsal.season import FINAL, Progress
from rehearsal.switching import switch_lines
from rehearsal.violations import in_vietnamese

_LEVELS = ("CHECK", "UNIT", "DISTRICT", "COMMUNE", "PROVINCE")
_STEPS = {"FORMAL_CHECK": "xem xét đơn", "PAYOUT": "chi trả", "WHOLE": "từ nộp đến kết thúc"}
_ORDER = ("FORMAL_CHECK", *_LEVELS, "PAYOUT", "WHOLE", *RungAction)
_MOST_VIOLATIONS = 50
_MOST_LATE_DAYS = 1.0
_NONE = "–"


def progress_table(progress: Progress, rungs: Mapping[str, int]) -> Table:
    """Where the season stands."""
    table = Table(title="Diễn tập mùa xét sáng kiến", expand=False)
    table.add_column("Cấp / việc đang chờ")
    table.add_column("Số việc", justify="right")
    for level in _LEVELS:
        for (found, kind), count in sorted(progress.waiting.items()):
            if found == level:
                table.add_row(f"{level} · {kind}", str(count))
    closed = sum(count for state, count in progress.states.items() if state in FINAL)
    table.add_section()
    table.add_row("Đã nộp / danh sách", f"{progress.filed} / {progress.listed}")
    table.add_row("Đã kết thúc", str(closed))
    table.add_row("Quá hạn", str(progress.overdue))
    table.add_row(
        "Bậc đã kích hoạt", ", ".join(f"{action} {count}" for action, count in rungs.items()) or "0"
    )
    table.add_row(
        "Khoản thưởng",
        ", ".join(f"{state} {count}" for state, count in sorted(progress.awards.items())) or "0",
    )
    table.add_row("Việc đã làm", str(progress.acts))
    return table


def print_report(console: Console, report: Mapping[str, Any]) -> None:
    """One season."""
    table = Table(title="Kết quả diễn tập")
    table.add_column("Cấp")
    table.add_column("Kết quả")
    for level, outcomes in report["outcomes"].items():
        table.add_row(level, ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))
    console.print(table)
    if "switch" in report:
        console.print("\n".join(switch_lines(report["switch"])), highlight=False)
    if "succession" in report:
        console.print("\n".join(rearranged_lines(report["succession"])), highlight=False)
    seconds = report["seconds"]
    console.print(f"Quy định: {', '.join(report['rules'])}.", highlight=False)
    console.print(
        f"Hồ sơ: {report['dossiers']} nộp, {report['closed']} kết thúc trong {seconds:.0f} s "
        f"({report['dossiers'] / seconds:.2f} hồ sơ/s)."
    )
    console.print(
        f"Bậc nhắc việc đã kích hoạt: {report['rungs_fired']}; việc làm sau hạn: {report['overdue_acts']}."
    )
    console.print(f"Việc được giao lại vì nghỉ phép hoặc ủy quyền: {report['handed_over']}.")
    console.print(f"Đã chi trả {report['awards']['count']} khoản, {_dong(report['awards']['net_dong'])}.")
    console.print(f"Đã báo {report['told']['notices']} thông báo, gửi {report['told']['mails']} thư.")
    if "through_pages" in report:
        console.print(through_pages_line(report["through_pages"]), highlight=False)
    _print_lateness(console, [report])
    print_violations(console, report["violations"])


def through_pages_line(told: Mapping[str, Any]) -> str:
    """What was done on the pages, and how long one took."""
    middle, slow = (_milliseconds(told[name]) for name in ("median_seconds", "p95_seconds"))
    return (
        f"Qua các trang: {told['dossiers']} hồ sơ, {sum(told['acts'].values())} việc, "
        f"mở {told['pages']} trang; một trang mất {middle} (trung vị), 95 % số trang không quá {slow}."
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _print_lateness(console: Console, reports: Sequence[Mapping[str, Any]]) -> None:
    """Time that the machine took is time in no council: say so where it is enough to be seen in the
    figures."""
    late = max(report["machine_late_days"] for report in reports)
    if late > _MOST_LATE_DAYS:
        console.print(
            f"[yellow]Máy không theo kịp, việc làm muộn trung vị {late:.1f} ngày: hãy tăng --day "
            "(machine too slow, raise --day).[/]"
        )


def print_violations(console: Console, violations: Sequence[str]) -> None:
    """What the independent check found."""
    if not violations:
        console.print("[bold green]✓ Kiểm tra độc lập: không có vi phạm (no violation).[/]")
        return
    console.print(f"[bold red]✗ {len(violations)} vi phạm (violations):[/]")
    for violation in violations[:_MOST_VIOLATIONS]:
        console.print(f"  {in_vietnamese(violation)}", highlight=False)


def print_comparison(console: Console, first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    """Two seasons of the same people under two packs, measure by measure."""
    table = Table(title="So sánh hai bộ quy định trên cùng những con người ấy")
    table.add_column("")
    for report in (first, second):
        table.add_column(report["pack"], justify="right", overflow="fold")
    table.add_column("Chênh lệch", justify="right")
    for title, rows in comparison(first, second):
        table.add_section()
        table.add_row(f"[bold]{title}[/]")
        for row in rows:
            table.add_row(*row)
    console.print(table)
    _print_lateness(console, (first, second))


Row = tuple[str, str, str, str]


def comparison(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """The parts of the table: each row names a measure, its two values, and by how much the second
    differs."""
    both = (first, second)
    yield (
        "Hồ sơ",
        [
            _count("đã nộp", *(report["dossiers"] for report in both)),
            _count("đã kết thúc", *(report["closed"] for report in both)),
            _count("mắc kẹt, không còn bước tiếp theo", *(sum(report["stuck"].values()) for report in both)),
            *_counts(both, "stuck", "  ở: {}"),
        ],
    )
    steps = _in_order({step for report in both for step in report["days"]})
    yield (
        "Số ngày, trung vị (lâu nhất)",
        [_days(step, *(report["days"].get(step) for report in both)) for step in steps],
    )
    yield (
        "Quyết định",
        [
            _count(
                f"{_name(level)}: {_name(outcome)}",
                *(report["outcomes"].get(level, {}).get(outcome, 0) for report in both),
            )
            for level in ("FORMAL_CHECK", *_LEVELS)
            for outcome in ("RECOGNISED", "REFUSED", "WITHDRAWN", "REQUEST_REJECTED")
            if any(report["outcomes"].get(level, {}).get(outcome) for report in both)
        ],
    )
    yield (
        "Bậc đã kích hoạt",
        [
            _count("tất cả", *(sum(report["rungs_fired"].values()) for report in both)),
            *_counts(both, "rungs_fired", "  {}"),
            _count("việc làm sau hạn", *(report["overdue_acts"] for report in both)),
            _count("việc giao lại vì nghỉ phép, ủy quyền", *(report["handed_over"] for report in both)),
        ],
    )
    yield (
        "Hội đồng",
        [
            _count(
                "không đủ túc số của quy định", *(sum(report["without_quorum"].values()) for report in both)
            ),
            *_counts(both, "without_quorum", "  cấp {}"),
            _count("phiếu đã chấm", *(report["council"]["sheets"] for report in both)),
            _money("chi cho Hội đồng (ước tính)", *(report["council"]["cost_dong"] for report in both)),
        ],
    )
    yield (
        "Tiền thưởng",
        [
            _count("số khoản đã chi", *(report["awards"]["count"] for report in both)),
            _money("đã chi", *(report["awards"]["net_dong"] for report in both)),
        ],
    )


def _name(code: str) -> str:
    if code in _STEPS:
        return _STEPS[code]
    if code in set(RungAction):
        return say(RungAction(code)).vi
    return say(JourneyOutcome(code)).vi if code in set(JourneyOutcome) else level_of(code)


def _in_order(names: set[str]) -> list[str]:
    """As a dossier meets them; what a pack names in its own way comes last."""
    return [*(name for name in _ORDER if name in names), *sorted(names.difference(_ORDER))]


def _counts(both: Sequence[Mapping[str, Any]], key: str, label: str) -> list[Row]:
    names = _in_order({name for report in both for name in report[key]})
    return [
        _count(label.format(_name(name)), *(report[key].get(name, 0) for report in both)) for name in names
    ]


def _count(label: str, first: int, second: int) -> Row:
    return label, str(first), str(second), _signed(second - first)


def _signed(difference: float) -> str:
    return f"{difference:+g}" if difference else "="


def _days(step: str, first: Mapping[str, float] | None, second: Mapping[str, float] | None) -> Row:
    shown = [f"{days['median']:.1f} ({days['longest']:.1f})" if days else _NONE for days in (first, second)]
    difference = _signed(round(second["median"] - first["median"], 1)) if first and second else _NONE
    return _name(step), *shown, difference  # type: ignore[return-value]


def _money(label: str, first: int | None, second: int | None) -> Row:
    difference = (
        _NONE
        if first is None or second is None
        else "="
        if first == second
        else f"{'+' if second > first else ''}{_dong(second - first)}"
    )
    return label, _dong(first), _dong(second), difference


def _dong(amount: int | None) -> str:
    return _NONE if amount is None else f"{amount:,} đồng".replace(",", ".")
