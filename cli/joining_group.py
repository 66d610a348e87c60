"""The commands about two records of one person."""

import importlib
from datetime import datetime
from typing import Annotated

import typer

from cli.help_texts import HELP
from cli.reach import As, Reach
from cli.usage import Commands

joining = Commands(help=HELP["joining"])
_Joining = Annotated[str, typer.Argument(help="Định danh của phương án gộp")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ nêu sẽ chuyển những gì, không ghi gì")]


@joining.command("propose", help=HELP["joining propose"], reach=Reach.ANYWHERE)
def propose(
    kept: Annotated[str, typer.Argument(help="Mã (hoặc định danh) của bản ghi được giữ")],
    joined: Annotated[str, typer.Argument(help="Mã (hoặc định danh) của bản ghi được gộp vào")],
    document: Annotated[str, typer.Option(help="Văn bản của việc gộp, ví dụ 12/QĐ-SGDĐT")],
    reason: Annotated[str, typer.Option(help="Vì sao hai bản ghi là một người")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Ngày gộp, sớm nhất là ngày mai")],
    as_: As = "",
    dry_run: _DryRun = False,
) -> None:
    """Propose to join the record JOINED to KEPT, with everything that would move; another administrator
    approves it."""
    importlib.import_module("cli.joining").propose(
        kept, joined, document=document, reason=reason, from_day=on.date(), account=as_, dry_run=dry_run
    )


@joining.command("show", help=HELP["joining show"], reach=Reach.ANYWHERE)
def show(
    joining_id: Annotated[
        str, typer.Argument(help="Định danh của phương án gộp; all: mọi phương án")
    ] = "all",
    as_: As = "",
) -> None:
    """One joining with everything that it moves, or all of them."""
    importlib.import_module("cli.joining").show(joining_id, as_)


@joining.command("approve", help=HELP["joining approve"], reach=Reach.ANYWHERE)
def approve(joining_id: _Joining, as_: As = "", dry_run: _DryRun = False) -> None:
    """Approve what another administrator has proposed."""
    importlib.import_module("cli.joining").approve(joining_id, as_, dry_run=dry_run)


@joining.command("cancel", help=HELP["joining cancel"], reach=Reach.ANYWHERE)
def cancel(
    joining_id: _Joining,
    reason: Annotated[str, typer.Option(help="Vì sao rút lại")],
    as_: As = "",
    dry_run: _DryRun = False,
) -> None:
    """Take a joining back before its day."""
    importlib.import_module("cli.joining").cancel(joining_id, reason, as_, dry_run=dry_run)
