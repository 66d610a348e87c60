"""The sign-in page: a form that works without script, framed by nobody, that posts to its own service."""

import html
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse

from services.organisation.sign_in.operations.identity import AuthorizationRequest

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
<title>Đăng nhập – Sáng Kiến</title><style>
body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:12vh auto;padding:0 1rem;
  color:#1b1b1b;background:#fff}}
label{{display:block;margin-top:1rem}}input{{font:inherit;width:100%;padding:.5rem;
border:1px solid #595959;border-radius:.3rem;box-sizing:border-box}}
button{{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.3rem;
  background:#8a1c1c;color:#fff;width:100%}}
.error{{color:#8a1c1c;font-weight:600}}</style></head><body><main><h1>Sáng Kiến</h1>{error}
<form method="post" action="authorize">{hidden}
<label>Tên đăng nhập<input name="username" autocomplete="username" required autofocus></label>
<label>Mật khẩu<input name="password" type="password" autocomplete="current-password" required></label>{more}
<button>Đăng nhập</button></form></main></body></html>"""
_ANOTHER = """
<label>Mật khẩu mới (ít nhất 12 ký tự)<input name="new_password" type="password" minlength="12"
  autocomplete="new-password" required></label>
<label>Nhập lại mật khẩu mới<input name="new_password_again" type="password" minlength="12"
  autocomplete="new-password" required></label>"""


def form(
    request: AuthorizationRequest, error: str = "", status: int = 200, *, with_new_password: bool = False
) -> HTMLResponse:
    """The form for what the client asks, with what went wrong the time before."""
    fields = {
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "code_challenge": request.code_challenge,
        "state": request.state,
        "nonce": request.nonce or "",
    }
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">'
        for name, value in fields.items()
    )
    told = f'<p class="error" role="alert">{html.escape(error)}</p>' if error else ""
    more = _ANOTHER if with_new_password else ""
    headers = {"Content-Security-Policy": _policy(request.redirect_uri)}
    return HTMLResponse(
        _PAGE.format(error=told, hidden=hidden, more=more), status_code=status, headers=headers
    )


def _policy(redirect_uri: str) -> str:
    """Nothing but its own style, and the form leads here or, by the redirect, back to the client."""
    back = urlsplit(redirect_uri)
    return (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self' {back.scheme}://{back.netloc}"
    )


def is_own_origin(origin: str | None, host: str | None, issuer: str) -> bool:
    """Whether the form was sent from its own page. Programs that are no browser send no origin."""
    if origin is None:
        return True
    return urlsplit(origin).netloc in {host, urlsplit(issuer).netloc}
