"""`sangkien mail`: what the mail catcher of the embedded instance holds."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from cli.reader import Reader
from embedded.errors import CommandFailed
from embedded.layout import default_data

_console = Console(soft_wrap=True, highlight=False)


def show_mails(account: str, last: int) -> None:
    """The newest mails, oldest of them first; with an account, those to the address it has now."""
    folder = default_data() / "mail"
    address = _address_of(account) if account else None
    found = [mail for mail in caught(folder) if address is None or mail["To"] == address]
    if not found:
        _console.print(
            f"Chưa có thư nào trong {escape(str(folder))}."
            if address is None
            else f"Chưa có thư nào gửi tới {escape(address)}."
        )
        return
    for mail in found[-last:]:
        _print_mail(mail)


def caught(folder: Path) -> list[EmailMessage]:
    """Every caught mail, in the order they came."""
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))
    ]


def _address_of(account: str) -> str:
    reader = Reader(account)
    person = reader.get("organisation", "/v1/me")["person_id"]
    settings = f"/v1/people/{person}/notice-settings"
    address = reader.get("postroom", settings)["mail_address"]
    if not address:
        raise CommandFailed(
            f"Tài khoản {account} chưa có địa chỉ thư: PUT "
            f"{reader.at.url('postroom')}{settings} (has no mail address)."
        )
    return str(address)


def _print_mail(mail: EmailMessage) -> None:
    body = mail.get_body(("plain",))
    _console.print(Rule(escape(str(mail["Subject"])), align="left"))
    _console.print(f"[dim]Tới {escape(str(mail['To']))} · {escape(str(mail['Date']))}[/]")
    _console.print(escape(body.get_content() if body else ""))
