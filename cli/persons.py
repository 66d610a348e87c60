"""What a person may ask for of what is kept about them: to be given it, and to have it erased."""

import importlib
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cli.reach import As
from embedded.errors import CommandFailed


class NobodyCalledSo(CommandFailed):
    """Nobody has this id, or the account that erases is nobody's."""

    exit_code = 25


def person_id_of(text: str) -> UUID:
    """The id as it was typed; `NobodyCalledSo` for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NobodyCalledSo("Hãy ghi id của người đó (give the id of the person).") from None


def personal_data(
    to: Annotated[Path, typer.Option(help="Tệp JSON sẽ được ghi; không ghi đè tệp đã có")],
    person_id: Annotated[str, typer.Argument(help="Id của người đó; mặc định: chính người chạy lệnh")] = "",
    reason: Annotated[
        str, typer.Option(help="Với dữ liệu của người khác: số đơn yêu cầu, không ghi tên người")
    ] = "",
    as_: As = "",
) -> None:
    """Write everything that the services hold of a person into one JSON file. Of somebody else's data an
    administrator of the province does so, at that person's request; that it was read is recorded."""
    importlib.import_module("cli.personal_data").write_personal_data(person_id, to, reason, as_)


def erase_personal(
    person_id: Annotated[str, typer.Argument(help="Id của người đó, hoặc dùng --due")] = "",
    reason: Annotated[str, typer.Option(help="Lý do, sẽ được ghi lại: số văn bản, không ghi tên người")] = "",
    due: Annotated[
        bool, typer.Option("--due", help="Mọi người đã hết thời hạn; không có lý do thì chỉ nêu ra")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ xóa những gì")] = False,
    as_: Annotated[str, typer.Option("--as", help="Tài khoản ra lệnh")] = "admin",
) -> None:
    """Make a person nameless whose term is over, in the rows and the histories of all services, for ever;
    recognitions and money stay within their terms. That it was done is recorded, and the histories still
    verify. Repeat-safe. Works on the running instance, or on DATABASE_URL."""
    erasing = importlib.import_module("cli.erasing")
    erasing.erase_personal(person_id, reason, as_, due=due, dry_run=dry_run)
