"""The sign-in page: a form that works without script, framed by nobody, that posts to its own service."""

import html
from enum import Flag, auto
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.organisation.sign_in.domain.one_time_codes import in_groups
from services.organisation.sign_in.domain.refusals import OneTimeCodesDemanded
from services.organisation.sign_in.operations.identity import AuthorizationRequest
from services.organisation.sign_in.operations.one_time_codes import NewSecret, RecoveryCodes
from services.organisation.sign_in.operations.renewing import SCOPE

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
<title>Đăng nhập – Sáng Kiến</title><style>
body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:12vh auto;padding:0 1rem;
  color:#1b1b1b;background:#fff}}
label{{display:block;margin-top:1rem}}input{{font:inherit;width:100%;padding:.5rem;
border:1px solid #595959;border-radius:.3rem;box-sizing:border-box}}
button{{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.3rem;
  background:#8a1c1c;color:#fff;width:100%}}
code{{font-size:1.1rem;overflow-wrap:anywhere}}
.error{{color:#8a1c1c;font-weight:600}}</style></head><body><main><h1>Sáng Kiến</h1>{said}
{rest}</main></body></html>"""
_FORM = """<form method="post" action="authorize">{hidden}
<label>Tên đăng nhập<input name="username" autocomplete="username" required autofocus></label>
<label>Mật khẩu<input name="password" type="password" autocomplete="current-password" required></label>{more}
<button>Đăng nhập</button></form>"""
_ANOTHER = """
<label>Mật khẩu mới (ít nhất 12 ký tự)<input name="new_password" type="password" minlength="12"
  autocomplete="new-password" required></label>
<label>Nhập lại mật khẩu mới<input name="new_password_again" type="password" minlength="12"
  autocomplete="new-password" required></label>"""
_CODE = """
<label>{label}<input name="one_time_code" inputmode="text" autocomplete="one-time-code"
  maxlength="40"{required}></label>"""
_SET_UP = """<p class="error" role="alert">{told}</p>
<p>1. Thêm khóa này vào ứng dụng xác thực trên điện thoại (chỉ hiện một lần):</p>
<p><code>{secret}</code></p><p><a href="{uri}">Mở bằng ứng dụng trên máy này</a></p>
<p>2. Nhập lại tên, mật khẩu và mã đầu tiên mà ứng dụng hiện ra.</p>"""
_RECOVERY = """<p>Mã dùng một lần đã được bật. Hãy chép các mã khôi phục này vào nơi an toàn; mỗi mã thay
cho một mã dùng một lần khi mất điện thoại, chỉ dùng một lần và không hiện lại:</p><ul>{codes}</ul>
<p><a href="{again}">Đã chép xong: đăng nhập bằng mã mới</a></p>"""


class Asked(Flag):
    """What the form asks for beside name and password; the code may always be typed at once."""

    NOTHING_MORE = 0
    NEW_PASSWORD = auto()
    CODE = auto()


def form(
    request: AuthorizationRequest, error: str = "", status: int = 200, asked: Asked = Asked.NOTHING_MORE
) -> HTMLResponse:
    """The form for what the client asks, with what went wrong the time before."""
    told = f'<p class="error" role="alert">{html.escape(error)}</p>' if error else ""
    return _page(request, told, _form(request, asked), status)


def secret_form(request: AuthorizationRequest, made: NewSecret) -> HTMLResponse:
    """The form again, with what the application makes codes of: this once."""
    refusal = OneTimeCodesDemanded()
    said = _SET_UP.format(
        told=html.escape(refusal.detail_vi),
        secret=html.escape(in_groups(made.secret)),
        uri=html.escape(made.uri, quote=True),
    )
    return _page(request, said, _form(request, Asked.CODE), refusal.status)


def recovery_page(request: AuthorizationRequest, made: RecoveryCodes) -> HTMLResponse:
    """The recovery codes, this once, and the way back to the form."""
    codes = "".join(f"<li><code>{html.escape(code)}</code></li>" for code in made.codes)
    again = html.escape(f"authorize?{urlencode(_fields(request))}", quote=True)
    return _page(request, _RECOVERY.format(codes=codes, again=again), "", 200)


def _page(request: AuthorizationRequest, said: str, rest: str, status: int) -> HTMLResponse:
    headers = {"Content-Security-Policy": _policy(request.redirect_uri)}
    return HTMLResponse(_PAGE.format(said=said, rest=rest), status_code=status, headers=headers)


def _form(request: AuthorizationRequest, asked: Asked) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">'
        for name, value in _fields(request).items()
    )
    must = Asked.CODE in asked
    label = "Mã dùng một lần hoặc mã khôi phục" if must else "Mã dùng một lần (nếu tài khoản có)"
    code = _CODE.format(label=label, required=" required" if must else "")
    return _FORM.format(hidden=hidden, more=code + (_ANOTHER if Asked.NEW_PASSWORD in asked else ""))


def _fields(request: AuthorizationRequest) -> dict[str, str]:
    return {
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "code_challenge": request.code_challenge,
        "state": request.state,
        "nonce": request.nonce or "",
        **({"scope": f"openid {SCOPE}"} if request.renewable else {}),
    }


def _policy(redirect_uri: str) -> str:
    """Nothing but its own style, and the form leads here or, by the redirect, back to the client."""
    back = urlsplit(redirect_uri)
    return (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self' {back.scheme}://{back.netloc}"
    )


def address_of(request: Request) -> str:
    """Where a request comes from, under which tries are counted."""
    return request.client.host if request.client else ""


def is_own_origin(origin: str | None, host: str | None, issuer: str) -> bool:
    """Whether the form was sent from its own page. Programs that are no browser send no origin."""
    if origin is None:
        return True
    return urlsplit(origin).netloc in {host, urlsplit(issuer).netloc}
