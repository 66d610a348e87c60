"""`sangkien verify`: every service's history from its rows, or that of one dossier."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg
import typer
from rich.console import Console
from rich.progress import Progress

from casework.history.faults import Fault, FaultKind
from casework.history.keys import HistoryKeys, Signer
from casework.history.looking import looking_at
from casework.history.verify import Report, Trust, verify_service, verify_subject
from cli.history import SERVICES as SERVICES_OF_DOSSIERS
from cli.history import DossierUnknown
from cli.proving import verify_proof
from cli.reach import server
from embedded.errors import CommandFailed, NotRunning, WrongSetting
from embedded.layout import default_data
from embedded.postgres import EmbeddedPostgres
from embedded.secrets_file import SecretsFile
from embedded.state import running_state
from kit.environment import secret
from language.deadline.arithmetic import LOCAL_ZONE
from language.names import SERVICES

WORDS = {
    FaultKind.EVENT_CHANGED: ("sự kiện đã bị sửa", "an event was changed"),
    FaultKind.EVENT_DELETED: ("sự kiện đã bị xóa", "an event was deleted"),
    FaultKind.EVENT_INSERTED: ("sự kiện bị chèn vào", "an event was inserted"),
    FaultKind.ROW_DOUBLED: ("một dòng bị chép thành hai", "a row stands twice"),
    FaultKind.EVENT_NOT_CHAINED: ("sự kiện không được nối vào chuỗi", "an event was not chained: forged?"),
    FaultKind.POSITION_MISSING: ("chuỗi thiếu vị trí trước đó", "the chain lacks the position before"),
    FaultKind.CHAIN_CHANGED: ("chuỗi bị sửa hoặc đổi thứ tự", "the chain was changed or reordered"),
    FaultKind.LINK_CHANGED: ("liên kết của hồ sơ không khớp", "the links of the subject do not fit"),
    FaultKind.KEY_UNKNOWN: ("khóa lịch sử không có ở đây", "its key is not among HISTORY_KEYS"),
    FaultKind.CHECKPOINT_CHANGED: ("điểm ký không khớp", "a checkpoint does not fit"),
    FaultKind.VALUE_CHANGED: ("giá trị cá nhân không khớp", "a personal value does not fit"),
}
_console = Console(soft_wrap=True, highlight=False)


def verify(dossier: str | None, since: datetime | None, public_keys: Iterable[str]) -> None:
    """Verify and tell; exit code 1 when something does not fit. Over HTTP, the proof of a dossier."""
    if server():
        verify_proof(dossier, public_keys)
    database, trust = admin_url(), _trust(public_keys)
    if trust.keys is None:
        _console.print("○ Không có HISTORY_KEYS: không kiểm được mã xác thực (codes are not checked).")
    begin = since.replace(tzinfo=LOCAL_ZONE) if since else None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        verifying = (
            _verify_dossier(database, trust, dossier)
            if dossier
            else _verify_services(database, trust, begin, progress)
        )
        try:
            reports = asyncio.run(verifying)
        except (OSError, asyncpg.PostgresError) as error:
            raise CommandFailed(f"Không đọc được cơ sở dữ liệu (no database): {error}") from None
    for report in reports:
        _print(report)
    raise typer.Exit(1 if any(report.faults for report in reports) else 0)


def admin_url() -> str:
    """The database as who may do everything in it: `DATABASE_URL`, or the running embedded instance's."""
    if given := secret("DATABASE_URL"):
        return given
    data = default_data()
    state = running_state(data)
    if state is None:
        raise NotRunning(data)
    secrets = SecretsFile(data / "secrets.json")
    return EmbeddedPostgres(data / "postgres", state.ports["postgres"], secrets["postgres_admin"]).admin_url


def history_setting(name: str) -> str | None:
    """A key of the history: from the environment, else that of the embedded instance."""
    file = default_data() / "secrets.json"
    return secret(name) or (SecretsFile(file).get(name.lower()) if file.exists() else None)


def _trust(public_keys: Iterable[str]) -> Trust:
    keys, seed = history_setting("HISTORY_KEYS"), history_setting("CHECKPOINT_KEY")
    try:
        trusted = {bytes.fromhex(key) for key in public_keys} | ({Signer(seed).public_key} if seed else set())
        return Trust(
            keys=HistoryKeys.parse(keys) if keys else None,
            public_keys=frozenset(trusted) if trusted else None,
        )
    except ValueError as error:
        raise WrongSetting(f"Khóa không đúng dạng (a key makes no sense): {error}") from None


async def verified(database: str) -> bool:
    """Verify all services of this database and tell; whether everything fits."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        reports = await _verify_services(database, _trust(()), None, progress)
    for report in reports:
        _print(report)
    return not any(report.faults for report in reports)


async def _verify_services(
    database: str, trust: Trust, since: datetime | None, progress: Progress
) -> list[Report]:
    reports = []
    for service in SERVICES:
        task = progress.add_task(service, total=None)

        def advance(reached: int, last: int, task: int = task) -> None:
            progress.update(task, completed=reached, total=last)  # type: ignore[arg-type]

        async with looking_at(database, service.value) as tx:
            reports.append(await verify_service(tx, trust, since=since, progress=advance))
    return reports


FIND_DOSSIER = "select id from intake.dossiers where code = $1 or id::text = $1"


async def _verify_dossier(database: str, trust: Trust, dossier: str) -> list[Report]:
    async with looking_at(database, "intake") as tx:
        dossier_id: UUID | None = await tx.conn.fetchval(FIND_DOSSIER, dossier)
    if dossier_id is None:
        raise DossierUnknown(f"Không có hồ sơ nào mang mã {dossier[:60]!r} (no such dossier).")
    reports = []
    for service in SERVICES_OF_DOSSIERS:
        async with looking_at(database, service) as tx:
            reports.append(await verify_subject(tx, trust, dossier_id))
    return reports


def _print(report: Report) -> None:
    mark = "[bold red]✗[/]" if report.faults else "[green]✓[/]"
    newest = report.newest
    signed = (
        f"đã ký đến vị trí {newest.position} ngày {newest.day:%d/%m/%Y} (signed, checkpoint {newest.number})"
        if newest
        else "chưa ký (nothing is signed)"
    )
    _console.print(f"{mark} {report.service}: {report.examined} sự kiện đã kiểm (events examined), {signed}")
    if report.open or report.waiting:
        _console.print(
            f"  ○ còn mở (open): {report.open} chưa ký (not signed), "
            f"{report.waiting} chờ nối (not chained yet)"
        )
    for fault in report.faults:
        _console.print(f"  [bold red]✗[/] {_words(fault)}")


def _words(fault: Fault) -> str:
    vi, en = WORDS[fault.kind]
    places = {
        "vị trí (position)": fault.position,
        "sự kiện (event)": fault.event_id,
        "điểm ký (checkpoint)": fault.checkpoint,
    }
    told = ", ".join(f"{name} {place}" for name, place in places.items() if place is not None)
    return f"{vi} / {en}: {fault.kind}{f', {told}' if told else ''}"
