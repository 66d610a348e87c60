"""`sangkien reconcile`: services, Temporal and attachments compared after a restore, and mended."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import typer
from rich.console import Console
from rich.progress import Progress

from cli.reader import Reader
from cli.restarting import stopped_on_purpose
from language.cases import CaseType, RunFinding
from language.names import INITIATIVE_PREFIX, TRANSITION_PREFIX, case_workflow_prefix
from language.words.said import say

COMPARERS: Final = ("rulebook", "intake", "review", "payout")
"""Who has cases, or starts runs."""
_STARTERS: Final[Mapping[str, str]] = {
    INITIATIVE_PREFIX: "intake",
    TRANSITION_PREFIX: "rulebook",
    case_workflow_prefix(CaseType.COMPLAINT): "review",
}
"""Who starts a run, by how its id begins; any other is of payout."""
_EACH: Final = 100
_PARTS: Final = 256
"""By the first two digits of their hashes."""
_LOOK_EVERY: Final = 0.5
_MOST_NAMED: Final = 50
_console = Console(soft_wrap=True, highlight=False)


def reconcile(reason: str, restored_at: datetime | None, account: str, *, dry_run: bool) -> None:
    """Compare, tell by kind, and mend unless it is a dry run; exit code 1 when attachments are lost, which
    nobody can mend."""
    reader = Reader(account)
    asked = {service: _ask(reader, service, restored_at) for service in COMPARERS}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for service, comparison in asked.items():
            _wait(reader, service, comparison, progress)
    found = _findings(reader, asked)
    for kind, count in sorted(Counter(found.values()).items()):
        words = say(kind)
        _console.print(f"  {count} × {words.vi} ({words.en})")
    if not found:
        _console.print("[green]✓[/] Mọi quy trình khớp với dữ liệu (every run fits).")
    elif not dry_run:
        stopped = stopped_on_purpose(reader)
        _mend(reader, {run: kind for run, kind in found.items() if run[1] not in stopped}, reason)
    raise typer.Exit(1 if _look_at_contents(reader) else 0)


def _ask(reader: Reader, service: str, restored_at: datetime | None) -> str:
    instant = restored_at.astimezone().isoformat() if restored_at else None
    answer = reader.command(service, "/v1/run-comparisons", {"restored_at": instant})
    return str(answer["id"])


def _wait(reader: Reader, service: str, comparison: str, progress: Progress) -> None:
    task = progress.add_task(f"{service}: so với Temporal (comparing)", total=None)
    while True:
        seen = reader.get(service, f"/v1/run-comparisons/{comparison}")
        progress.update(task, total=seen["total"], completed=seen["examined"])
        if seen["finished_at"]:
            return
        time.sleep(_LOOK_EVERY)


def _findings(reader: Reader, asked: Mapping[str, str]) -> dict[tuple[str, str], RunFinding]:
    """What is wrong, once for each run (its id, and what it is about): several services may wait for the
    same."""
    found: dict[tuple[str, str], RunFinding] = {}
    for service, comparison in asked.items():
        for one in reader.items(service, f"/v1/run-comparisons/{comparison}/findings") or ():
            found[one["workflow_id"], one["about_id"]] = RunFinding(one["kind"])
    return found


def _look_at_contents(reader: Reader) -> int:
    """How much content is lost; each is named with its dossiers."""
    examined, unknown, lost = 0, 0, list[Mapping[str, Any]]()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for number in progress.track(range(_PARTS), description="tệp đính kèm (attachments)"):
            found = reader.get("intake", f"/v1/content-checks/{number:02x}")
            examined += found["examined"]
            unknown += len(found["unknown"])
            lost += found["lost"]
    mark = "[bold red]✗[/]" if lost else "[green]✓[/]"
    _console.print(
        f"{mark} {examined} tệp đính kèm đã đọc lại (attachments read), {len(lost)} mất hoặc bị đổi (lost)."
    )
    for one in lost:
        dossiers = ", ".join(one["dossier_ids"])
        _console.print(f"  [bold red]✗[/] {one['fault']} {one['sha256']}: hồ sơ (dossier) {dossiers}")
    if unknown:
        _console.print(
            f"  ○ {unknown} tệp không thuộc hồ sơ nào (files of which no row knows): bị xóa sau một ngày "
            "(removed "
            "after a day)."
        )
    return len(lost)


def _starter(workflow_id: str) -> str:
    return next(
        (service for prefix, service in _STARTERS.items() if workflow_id.startswith(prefix)), "payout"
    )


def _mend(reader: Reader, found: Mapping[tuple[str, str], RunFinding], reason: str) -> None:
    acts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for (workflow_id, about_id), kind in found.items():
        item: dict[str, Any] = {"id": about_id, "reason": reason}
        if kind is RunFinding.RUN_OF_NOTHING:
            act, item = "end", {**item, "workflow_id": workflow_id}
        else:
            act, item = "restart", {**item, "in_place": kind is not RunFinding.RUN_MISSING}
        acts.setdefault((_starter(workflow_id), act), []).append(item)
    refused: list[dict[str, Any]] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("sửa (mending)", total=len(found))
        for (service, act), items in acts.items():
            for part in _parts(items):
                answer = reader.command(service, f"/v1/batch/runs/{act}", {"items": part})
                refused += [item for item in answer["items"] if item["problem"]]
                progress.advance(bar, len(part))
    _tell(len(found) - len(refused), refused)


def _parts(items: Sequence[dict[str, Any]]) -> Iterable[Sequence[dict[str, Any]]]:
    return (items[start : start + _EACH] for start in range(0, len(items), _EACH))


def _tell(done: int, refused: Sequence[Mapping[str, Any]]) -> None:
    """A refusal is no failure: what was over by then, or is being started already, needs nothing more."""
    _console.print(f"[green]✓[/] {done} quy trình đã được sửa (mended).")
    for item in refused[:_MOST_NAMED]:
        _console.print(f"  ○ {item['id']}: {item['problem']['detail']}", markup=False)
    _console.print(
        "  Chúng chạy trong ít phút tới; sau đó chạy lại lệnh này với --dry-run, và `./sangkien verify` "
        "(they "
        "begin within minutes; then compare again)."
    )
