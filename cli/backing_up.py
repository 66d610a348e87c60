"""`sangkien backup` and `sangkien restore`: everything that an embedded instance keeps, and back again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from cli.verifying import verified
from embedded.alone import postgres_alone
from embedded.backup import back_up, plan
from embedded.layout import default_data, default_ports
from embedded.manifest import SECRETS, Advance, Manifest
from embedded.restoring import Source, check, require_empty, restore, source_of
from kit.clock import Clock

_MEGABYTE: Final = 1_000_000
_console = Console(soft_wrap=True, highlight=False)


def run_backup(target: Path, *, dry_run: bool) -> None:
    """Make the backup, and tell what is in it and what it took."""
    data, target = default_data(), target.expanduser().resolve()
    planned = plan(data, target)
    parts = ", ".join(f"{name} {_size(size)}" for name, size in planned.sizes.items())
    state = "đang chạy (running)" if planned.while_running else "đang dừng (stopped)"
    if dry_run:
        _console.print(f"Sẽ sao lưu (would back up): {parts}; {state}. Chưa ghi gì (nothing written).")
        return
    began = monotonic()
    with _progress("sao lưu (backing up)", planned.size) as advance:
        manifest = back_up(data, target, Clock().real_now(), advance)
    _console.print(
        f"[green]✓[/] {escape(str(target))}: {_told(manifest)}; {state}, {monotonic() - began:.1f} giây "
        "(seconds)."
    )
    _console.print(
        f"  {SECRETS} trong đó giữ mọi khóa và mật khẩu: chỉ chủ tệp đọc được; nên cất riêng, nơi khác với "
        "phần "
        "còn lại (it holds every key: keep it apart from the rest)."
    )


def run_restore(folder: Path, secrets: Path | None, *, dry_run: bool) -> None:
    """Restore into the data folder, which must be empty, and verify the histories."""
    data = default_data()
    source = source_of(folder.expanduser().resolve(), secrets.expanduser().resolve() if secrets else None)
    require_empty(data)
    if dry_run:
        with _progress("kiểm tra (checking)", source.manifest.size) as advance:
            check(source, advance)
        _console.print(
            f"[green]✓[/] Khôi phục được (can be restored): {_told(source.manifest)}. Chưa ghi gì (nothing "
            "written)."
        )
        return
    began = monotonic()
    with _progress("khôi phục (restoring)", 2 * source.manifest.size) as advance:
        restore(source, data, advance)
    _console.print(
        f"[green]✓[/] {escape(str(data))}: {_told(source.manifest)}, {monotonic() - began:.1f} giây "
        "(seconds)."
    )
    fits = asyncio.run(_verify(data))
    _say_next(source)
    raise typer.Exit(0 if fits else 1)


async def _verify(data: Path) -> bool:
    async with postgres_alone(data, default_ports()) as database:
        return await verified(database)


def _say_next(source: Source) -> None:
    now = Clock().real_now().replace(microsecond=0)
    _console.print(
        "\nLàm tiếp (next):\n  ./sangkien up --detach\n"
        f"  ./sangkien reconcile --restored-at {now.isoformat()} "
        f"--reason 'Khôi phục bản sao lưu {source.manifest.made_at[:16]}'",
        markup=False,
    )


def _told(manifest: Manifest) -> str:
    return (
        f"{len(manifest.files)} tệp (files), {_size(manifest.size)}, bản phát hành (release) "
        f"{manifest.release}, "
        f"PostgreSQL {manifest.postgres}, lúc (at) {manifest.made_at[:19]}"
    )


def _size(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB".replace(".", ",")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Advance]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def advance(done: int) -> None:
            progress.update(task, advance=done)

        yield advance
