"""`sangkien sign-in` and `sign-out`: at an installation by its address, in a browser on this machine or by a
code that is confirmed on any other."""

import base64
import os
import secrets
import sys
import time
import webbrowser
from contextlib import closing
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from rich.console import Console
from rich.markup import escape

from cli.issuer import SCOPE, GrantRefused, IssuerOf, NotSignedIn
from cli.kept_sign_ins import SignIn, SignInBook
from cli.reach import SERVER, server
from cli.reader import Reader
from embedded.errors import ServiceSilent, WrongSetting

_PATH: Final = "/signed-in"
_PATIENCE_SECONDS: Final = 300.0
_SLOWER_BY: Final = 5.0
_INTERVAL: Final = 5.0
_DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_REFUSED: Final = {
    "access_denied": "Lượt đăng nhập đã bị từ chối (it was refused).",
    "expired_token": "Mã đã hết hạn mà chưa ai đồng ý: hãy chạy lại (the code has expired).",
    "unauthorized_client": "Nơi đăng nhập không cho dòng lệnh đăng nhập như vậy (this client may not).",
}
_BACK: Final = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Sáng Kiến</title>
<p>{said}</p>"""
_console = Console(stderr=True, soft_wrap=True, highlight=False)


def sign_in(*, by_code: bool | None) -> None:
    """Sign in and keep it; in a browser where this machine shows one, unless it is said how."""
    address = _named()
    issuer = IssuerOf(address)
    try:
        in_browser = _has_screen() if by_code is None else not by_code
        kept = _in_browser(issuer) if in_browser else _by_code(issuer)
    except GrantRefused as refusal:
        said = _REFUSED.get(refusal.error, f"{refusal.description} ({refusal.error})")
        raise NotSignedIn(f"Không đăng nhập được (not signed in): {said}") from None
    book = SignInBook()
    with book.alone():
        book.keep(address, kept)
    try:
        with closing(Reader()) as reader:
            who = _who(reader)
    except BaseException:
        # The installation does not take what its provider gives: nothing of use was kept.
        with book.alone():
            book.forget(address)
        raise
    with book.alone():
        # It may have been renewed meanwhile.
        book.keep(address, SignIn(**{**_all(book.find(address) or kept), "who": who}))
    _console.print(f"[green]✓[/] {escape(address)}: {escape(who)} đã đăng nhập (signed in).")


def sign_out() -> None:
    """Have the provider renew it for nobody any more, and forget it here."""
    address, book = _named(), SignInBook()
    kept = book.find(address)
    if kept is None:
        _console.print(f"Chưa đăng nhập vào {escape(address)} (nobody is signed in).")
        return
    try:
        is_told = IssuerOf(address).forget(kept)
    except (ServiceSilent, NotSignedIn):
        is_told = False
    with book.alone():
        book.forget(address)
    if is_told:
        _console.print(f"[green]✓[/] Đã đăng xuất khỏi {escape(address)} (signed out).")
    else:
        _console.print(
            "○ Đã xóa phiên ở máy này, nhưng nơi đăng nhập chưa nhận được lệnh: hãy dùng “Đăng xuất mọi nơi” "
            "trên trang (forgotten here; the provider could not be told)."
        )


def _named() -> str:
    address = server()
    if address is None:
        raise WrongSetting(
            f"Hãy nêu --server URL hoặc đặt {SERVER}; bản nhúng thì không cần đăng nhập (name the server)."
        )
    return address


def _who(reader: Reader) -> str:
    me = reader.get("organisation", "/v1/me")
    if me is None:
        raise NotSignedIn("Bản cài đặt không biết người này (the installation does not know this person).")
    return reader.names([me["person_id"]]).get(me["person_id"], str(me["person_id"]))


def _all(kept: SignIn) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in kept.__slots__}


def _has_screen() -> bool:
    """A browser that opens here is seen by whoever types here."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _Waiting(HTTPServer):
    """Listens on this machine only, for the browser that comes back with this state."""

    timeout = 1.0

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _Back)
        self.state = state
        self.brought: dict[str, str] | None = None

    @property
    def address(self) -> str:
        """Where the provider sends the browser back to."""
        return f"http://127.0.0.1:{self.server_port}{_PATH}"

    def wait(self) -> dict[str, str]:
        """What the browser brought; `NotSignedIn` when nobody came."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while self.brought is None:
            if time.monotonic() > until:
                raise NotSignedIn("Không ai đăng nhập trong năm phút (nobody signed in within five minutes).")
            self.handle_request()
        return self.brought


class _Back(BaseHTTPRequestHandler):
    timeout = 2.0
    """Browsers open connections ahead, on which nothing comes."""
    server: _Waiting

    def do_GET(self) -> None:
        """Take what belongs to this sign-in, and nothing else."""
        asked = urlsplit(self.path)
        brought = {name: values[0] for name, values in parse_qs(asked.query).items()}
        is_ours = asked.path == _PATH and secrets.compare_digest(
            brought.get("state", "").encode(), self.server.state.encode()
        )
        if is_ours:
            self.server.brought = brought
        self.send_response(200 if is_ours else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if is_ours:
            said = "Hãy trở lại cửa sổ dòng lệnh; có thể đóng trang này. (Go back to the terminal.)"
            self.wfile.write(_BACK.format(said=said).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the code."""


def _in_browser(issuer: IssuerOf) -> SignIn:
    """Code flow with PKCE, back to a port of this machine (RFC 8252)."""
    page = issuer.endpoint("authorization")
    if page is None:
        raise NotSignedIn("Nơi đăng nhập không có trang đăng nhập (the provider has no sign-in page).")
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    with _Waiting(state) as waiting:
        asked = {
            "response_type": "code",
            "client_id": issuer.client_id,
            "redirect_uri": waiting.address,
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"
        _console.print("Đăng nhập trong trình duyệt trên máy này (sign in by a browser on this machine):")
        _console.print(address, markup=False)
        webbrowser.open(address)
        brought = waiting.wait()
    if "code" not in brought:
        raise GrantRefused(brought.get("error", "invalid_request"), brought.get("error_description", ""))
    form = {
        "grant_type": "authorization_code",
        "code": brought["code"],
        "redirect_uri": waiting.address,
        "code_verifier": verifier,
    }
    return issuer.signed_in(form, who="")


def _by_code(issuer: IssuerOf) -> SignIn:
    """Show the code, and ask now and then whether somebody has confirmed it (RFC 8628)."""
    told = issuer.begin_device()
    try:
        device_code, user_code, page = (
            str(told[name]) for name in ("device_code", "user_code", "verification_uri")
        )
    except KeyError:
        raise NotSignedIn("Nơi đăng nhập trả lời khó hiểu (the answer holds no code).") from None
    _console.print(f"Mở trang (open) {page}", markup=False)
    _console.print(f"và nhập mã (and type the code) [bold]{escape(user_code)}[/]")
    interval = float(told.get("interval", _INTERVAL))
    until = time.monotonic() + float(told.get("expires_in", _PATIENCE_SECONDS))
    form = {"grant_type": _DEVICE_CODE, "device_code": device_code}
    while time.monotonic() < until:
        time.sleep(interval)
        try:
            return issuer.signed_in(form, who="")
        except ServiceSilent:  # RFC 8628, 3.5: a lost answer is no refusal
            interval += _SLOWER_BY
        except GrantRefused as refusal:
            if refusal.error == "slow_down":
                interval += _SLOWER_BY
            elif refusal.error != "authorization_pending":
                raise
    raise GrantRefused("expired_token", "")
