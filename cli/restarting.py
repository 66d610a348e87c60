"""`sangkien restart` and `stop`: runs that ended before what they are about go on, from what the services
know; and one that goes on is stopped until then."""

import contextlib
from uuid import UUID

from rich.console import Console

from cli.history import find_dossier
from cli.reader import Reader, ReadRefused
from embedded.errors import CommandFailed
from language.cases import STOPPED, AlarmKind

_STARTERS = ("intake", "payout", "review", "rulebook")
"""Who starts runs: of dossiers, of payment lists, of complaints, of changes of rules."""
_console = Console(soft_wrap=True, highlight=False)


class NothingToRestart(CommandFailed):
    """Nothing of this id or code has a run, or may be seen."""

    exit_code = 27


def restart(about: str, reason: str, account: str, *, dry_run: bool) -> None:
    """Start the run of this dossier, payment list, complaint or change of rules; without one, every run that
    is on the alarm list for having ended."""
    reader = Reader(account)
    if about:
        _console.print(_start(reader, _id_of(reader, about), reason, dry_run=dry_run))
        return
    ended, stopped = _ended(reader)
    if not ended:
        _console.print("Không có quy trình nào phải chạy lại (nothing is to be started).")
    if stopped:
        _console.print(
            f"{len(stopped)} quy trình do quản trị viên dừng thì để nguyên: cho chạy lại từng quy "
            "trình theo mã (stopped on purpose, and left so: name each to start it)."
        )
    if not all([_starts(reader, about_id, reason, dry_run=dry_run) for about_id in ended]):
        raise CommandFailed("Có quy trình chưa chạy lại được, xem trên (some were not started).")


def stop(about: str, reason: str, account: str, *, dry_run: bool) -> None:
    """Stop the run of this dossier, payment list, complaint or change of rules until it is started anew."""
    reader = Reader(account)
    did = "sẽ dừng (would stop)" if dry_run else "đã dừng (stopped)"
    service, workflow_id = _commanded(reader, "stop", _id_of(reader, about), reason, dry_run=dry_run)
    _console.print(f"{service}: {did} {workflow_id}")
    if not dry_run:
        _console.print(
            "Hạn vẫn giữ nguyên, không bậc nhắc việc nào tới; việc mọi người làm được giữ lại. Cho chạy "
            "tiếp bằng ./sangkien restart (it stands on the alarm list until it is started anew)."
        )


def _id_of(reader: Reader, about: str) -> str:
    with contextlib.suppress(ValueError):
        return str(UUID(about))
    return find_dossier(reader, about)


def stopped_on_purpose(reader: Reader) -> set[str]:
    """What the runs are about that an administrator has stopped: they go on when somebody names them."""
    return _ended(reader)[1]


def _ended(reader: Reader) -> tuple[list[str], set[str]]:
    """What ended runs are about, once each: several services may tell of one run; and what of it was
    stopped on purpose."""
    ended = [
        alarm
        for service in _STARTERS
        for alarm in reader.items(service, "/v1/alarms") or []
        if AlarmKind(alarm["kind"]) is AlarmKind.RUN_ENDED
    ]
    stopped = {str(alarm["about_id"]) for alarm in ended if alarm.get("found") == STOPPED}
    return [
        one for one in dict.fromkeys(str(alarm["about_id"]) for alarm in ended) if one not in stopped
    ], stopped


def _starts(reader: Reader, about_id: str, reason: str, *, dry_run: bool) -> bool:
    try:
        _console.print(_start(reader, about_id, reason, dry_run=dry_run))
    except (ReadRefused, NothingToRestart) as refusal:
        _console.print(f"○ {about_id}: {refusal}", markup=False)
        return False
    return True


def _start(reader: Reader, about_id: str, reason: str, *, dry_run: bool) -> str:
    did = "sẽ chạy lại (would start)" if dry_run else "cho chạy lại (started)"
    service, workflow_id = _commanded(reader, "restart", about_id, reason, dry_run=dry_run)
    return f"{service}: {did} {workflow_id}"


def _commanded(reader: Reader, act: str, about_id: str, reason: str, *, dry_run: bool) -> tuple[str, str]:
    """By whichever service starts runs about this, and the run."""
    params = {"dry_run": "true"} if dry_run else {}
    for service in _STARTERS:
        answer = reader.command(service, f"/v1/runs/{about_id}/{act}", {"reason": reason}, **params)
        if answer is not None:
            return service, str(answer["workflow_id"])
    raise NothingToRestart(f"Không có quy trình của {about_id[:60]} (no run of this).")
