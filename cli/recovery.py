"""The commands for the worst days: backup, restore, reconcile, and to stop a journey."""

import importlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.reach import As


def backup(
    to: Annotated[Path, typer.Argument(help="Thư mục mới của bản sao lưu")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ sao lưu những gì")] = False,
) -> None:
    """Back up the embedded instance, running or not: PostgreSQL, Temporal, attachments, secrets. A folder
    with the name TO is a whole backup; one that was interrupted is called TO.partial."""
    importlib.import_module("cli.backing_up").run_backup(to, dry_run=dry_run)


def restore(
    from_: Annotated[Path, typer.Argument(metavar="FROM", help="Thư mục của bản sao lưu")],
    secrets: Annotated[Path | None, typer.Option(help="Tệp khóa, nếu được cất riêng")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra bản sao lưu")] = False,
) -> None:
    """Restore a backup into SANGKIEN_DATA, which must be empty, and verify the histories; exit code 1 when
    they do not fit. Then start it, and run `reconcile`."""
    importlib.import_module("cli.backing_up").run_restore(from_, secrets, dry_run=dry_run)


def reconcile(
    reason: Annotated[str, typer.Option(help="Lý do, sẽ được ghi lại")],
    restored_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="Lúc hệ thống chạy lại sau khi khôi phục; quy trình có từ trước đó được thay",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ so sánh")] = False,
    as_: As = "",
) -> None:
    """Compare services, Temporal and attachments after a restore, and mend: workflows that are lost, have
    ended too early, know more or less than their services, or are about nothing. Attachments that are missing
    or changed are named; exit code 1 then. Repeat-safe."""
    reconciling = importlib.import_module("cli.reconciling")
    reconciling.reconcile(reason, restored_at, as_, dry_run=dry_run)


def stop(
    about: Annotated[
        str, typer.Argument(help="Hồ sơ (định danh hoặc mã), danh sách chi trả hay phương án chuyển tiếp")
    ],
    reason: Annotated[str, typer.Option(help="Lý do, sẽ được ghi lại")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ dừng gì")] = False,
    as_: As = "",
) -> None:
    """Stop the workflow of one thing that is not over: it is on the alarm list until `restart` starts it anew
    from what the services know."""
    importlib.import_module("cli.restarting").stop(about, reason, as_, dry_run=dry_run)
