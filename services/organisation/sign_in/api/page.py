"""The sign-in page: a form that works without script, framed by nobody, that posts to its own service."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Flag, auto
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from language.refusals import Refusal
from language.telling import Language
from language.words.base import Words
from services.organisation.sign_in.domain.one_time_codes import in_groups
from services.organisation.sign_in.domain.refusals import OneTimeCodesDemanded
from services.organisation.sign_in.operations.identity import AuthorizationRequest
from services.organisation.sign_in.operations.one_time_codes import NewSecret, RecoveryCodes
from services.organisation.sign_in.operations.renewing import SCOPE

_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title} – Sáng Kiến</title><style>
:root{{--paper:#fff;--ink:#1b1b1b;--soft:#f5f2ee;--faint:#595451;--brand:#8a1c1c;--on-brand:#fff;
--link:#7a1414;--bad:#8f1414;--bad-paper:#fdecec;--focus:#1a4fa3}}
@media (prefers-color-scheme:dark){{:root{{--paper:#161514;--ink:#f1ede8;--soft:#23211f;--faint:#b9b1a8;
--brand:#f0a29b;--on-brand:#2a0606;--link:#ffb4ac;--bad:#ffb3b3;--bad-paper:#3c1414;--focus:#9cc3ff}}}}
*{{box-sizing:border-box}}body{{margin:0;font:1rem/1.55 "Be Vietnam Pro","Segoe UI",Roboto,"Noto Sans",
system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}}
header{{display:flex;justify-content:space-between;flex-wrap:wrap;gap:.5rem 1rem;padding:.75rem 1rem;
background:var(--soft);border-bottom:3px solid var(--brand)}}header b{{font-size:1.15rem}}
main{{max-width:26rem;margin:0 auto;padding:1rem 1rem 3rem}}h1{{font-size:1.6rem;line-height:1.25}}
a{{color:var(--link)}}:focus-visible{{outline:3px solid var(--focus);outline-offset:2px}}
label{{display:block;margin-top:1rem;font-weight:600}}input{{font:inherit;color:inherit;width:100%;
background:var(--paper);min-height:2.75rem;padding:.5rem .6rem;
border:1px solid var(--faint);border-radius:.3rem}}
button{{font:inherit;font-weight:600;margin-top:1.5rem;min-height:2.75rem;width:100%;border:0;
border-radius:.4rem;background:var(--brand);color:var(--on-brand);cursor:pointer}}
code{{font-size:1.1rem;overflow-wrap:anywhere}}.error{{padding:.75rem 1rem;border-left:5px solid;
border-radius:.3rem;background:var(--bad-paper);color:var(--bad);font-weight:600}}
</style></head><body><header><b>Sáng Kiến</b>{other}</header><main><h1>{title}</h1>{said}
{rest}</main></body></html>"""
_OTHER = '<a href="{address}" lang="{lang}" hreflang="{lang}">{name}</a>'
_FORM = """<form method="post" action="{page}">{hidden}
<label>{name}<input name="username" autocomplete="username" value="{username}" required{first}></label>
<label>{password}<input name="password" type="password" autocomplete="current-password"
  required{second}></label>{more}
<button>{sign_in}</button>{otherwise}</form>{forgotten}"""
_FORGOTTEN = '<p><a href="forgotten?ui_locales={lang}">{words}</a></p>'
_ANOTHER = """
<label>{new}<input name="new_password" type="password" minlength="12"
  autocomplete="new-password" required></label>
<label>{again}<input name="new_password_again" type="password" minlength="12"
  autocomplete="new-password" required></label>"""
_CODE = """
<label>{label}<input name="one_time_code" inputmode="text" autocomplete="one-time-code"
  maxlength="40"{required}></label>"""
_SET_UP = """<p class="error" role="alert">{told}</p>
<p>{first}</p><p><code>{secret}</code></p><p><a href="{uri}">{here}</a></p><p>{second}</p>"""
_RECOVERY = """<p>{told}</p><ul>{codes}</ul><p><a href="{again}">{done}</a></p>"""
SIGN_IN: Final = Words("Đăng nhập", "Sign in")
FORGOTTEN: Final = Words("Quên mật khẩu?", "Forgot the password?")
NAME: Final = Words("Tên đăng nhập", "Name you sign in with")
_PASSWORD: Final = Words("Mật khẩu", "Password")
NEW: Final = Words("Mật khẩu mới (ít nhất 12 ký tự)", "New password (12 characters at least)")
NEW_AGAIN: Final = Words("Nhập lại mật khẩu mới", "New password again")
_CODE_NEEDED: Final = Words("Mã dùng một lần hoặc mã khôi phục", "One-time code or recovery code")
_CODE_PERHAPS: Final = Words("Mã dùng một lần (nếu tài khoản có)", "One-time code (if the account has them)")
_ADD_SECRET: Final = Words(
    "1. Thêm khóa này vào ứng dụng xác thực trên điện thoại (chỉ hiện một lần):",
    "1. Add this key to the authenticator on your telephone (it is shown this once):",
)
_OPEN_HERE: Final = Words("Mở bằng ứng dụng trên máy này", "Open with an application on this machine")
_TYPE_AGAIN: Final = Words(
    "2. Nhập lại tên, mật khẩu và mã đầu tiên mà ứng dụng hiện ra.",
    "2. Type name, password and the first code that the application shows.",
)
_KEEP_CODES: Final = Words(
    "Mã dùng một lần đã được bật. Hãy chép các mã khôi phục này vào nơi an toàn; mỗi mã thay cho một mã dùng "
    "một lần khi mất điện thoại, chỉ dùng một lần và không hiện lại:",
    "One-time codes are on. Copy these recovery codes to a safe place; each stands once for a one-time code "
    "when the telephone is lost, and they are not shown again:",
)
_COPIED: Final = Words("Đã chép xong: đăng nhập bằng mã mới", "Copied: sign in with a new code")
_LANGUAGES: Final = {Language.VI: "Tiếng Việt", Language.EN: "English"}


class Asked(Flag):
    """What the form asks for beside name and password; the code may always be typed at once."""

    NOTHING_MORE = 0
    NEW_PASSWORD = auto()
    CODE = auto()


def language_of(ui_locales: str) -> Language:
    """The first language that there is of those wished (OpenID Connect Core 3.1.2.1); else Vietnamese."""
    wished = (tag.partition("-")[0].lower() for tag in ui_locales.split())
    return next((Language(tag) for tag in wished if tag in set(Language)), Language.VI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The page that the form stands on: `page` is its address, `kept` what it carries along, `leads_to` the
    address of the client that it may lead to. `before` is said above the form, in its language; `otherwise`
    is a further button."""

    page: str
    language: Language
    kept: Mapping[str, str]
    leads_to: str = ""
    title: Words = SIGN_IN
    before: str = ""
    otherwise: str = ""

    @property
    def fields(self) -> Mapping[str, str]:
        """Everything that is carried along."""
        return {**self.kept, "ui_locales": self.language.value}

    @property
    def address(self) -> str:
        """The page again, as it stands in HTML."""
        return html.escape(f"{self.page}?{urlencode(self.fields)}", quote=True)


def at_client(request: AuthorizationRequest) -> Place:
    """The page that a client sends people to."""
    kept = {
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "code_challenge": request.code_challenge,
        "state": request.state,
        "nonce": request.nonce or "",
        **({"scope": f"openid {SCOPE}"} if request.renewable else {}),
    }
    return Place(page="authorize", language=request.language, kept=kept, leads_to=request.redirect_uri)


def form(
    place: Place,
    refusal: Refusal | None = None,
    asked: Asked = Asked.NOTHING_MORE,
    *,
    username: str = "",
    mails_links: bool = False,
) -> HTMLResponse:
    """The form, with what went wrong the time before and the name typed then; and, where mails bring links,
    with the way for whoever has forgotten the password."""
    shown = _form(place, asked, username=username, mails_links=mails_links)
    return page(place, told(place.language, refusal), shown, refusal.status if refusal else 200)


def told(language: Language, refusal: Refusal | None) -> str:
    """What went wrong, if anything."""
    if refusal is None:
        return ""
    return f'<p class="error" role="alert">{_detail(language, refusal)}</p>'


def secret_form(place: Place, made: NewSecret) -> HTMLResponse:
    """The form again, with what the application makes codes of: this once."""
    refusal = OneTimeCodesDemanded()
    said = _SET_UP.format(
        told=_detail(place.language, refusal),
        first=say_in(place.language, _ADD_SECRET),
        secret=html.escape(in_groups(made.secret)),
        uri=html.escape(made.uri, quote=True),
        here=say_in(place.language, _OPEN_HERE),
        second=say_in(place.language, _TYPE_AGAIN),
    )
    return page(place, said, _form(place, Asked.CODE), refusal.status)


def recovery_page(place: Place, made: RecoveryCodes) -> HTMLResponse:
    """The recovery codes, this once, and the way back to the form."""
    said = _RECOVERY.format(
        told=say_in(place.language, _KEEP_CODES),
        codes="".join(f"<li><code>{html.escape(code)}</code></li>" for code in made.codes),
        again=place.address,
        done=say_in(place.language, _COPIED),
    )
    return page(place, said, "", 200)


def say_in(language: Language, words: Words) -> str:
    """In this language."""
    return words.vi if language is Language.VI else words.en


def _detail(language: Language, refusal: Refusal) -> str:
    return html.escape(say_in(language, Words(refusal.detail_vi, refusal.detail_en)))


def page(place: Place, said: str, rest: str, status: int) -> HTMLResponse:
    """The page with what is said on it."""
    other = replace(place, language=other_than(place.language))
    shown = framed(
        place.language,
        say_in(place.language, place.title),
        said,
        rest,
        here=other.address,
    )
    headers = {"Content-Security-Policy": _policy(place.leads_to)}
    return HTMLResponse(shown, status_code=status, headers=headers)


def other_than(language: Language) -> Language:
    """The other one."""
    return Language.EN if language is Language.VI else Language.VI


def framed(language: Language, title: str, said: str, rest: str, *, here: str) -> str:
    """A page of the sign-in; `here` is its address in the other language."""
    other = other_than(language)
    return _PAGE.format(
        lang=language.value,
        title=title,
        other=_OTHER.format(address=here, lang=other.value, name=_LANGUAGES[other]),
        said=said,
        rest=rest,
    )


def _form(place: Place, asked: Asked, *, username: str = "", mails_links: bool = False) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">'
        for name, value in place.fields.items()
    )
    must, language = Asked.CODE in asked, place.language
    label = say_in(language, _CODE_NEEDED if must else _CODE_PERHAPS)
    more = _CODE.format(label=label, required=" required" if must else "")
    if Asked.NEW_PASSWORD in asked:
        more += _ANOTHER.format(new=say_in(language, NEW), again=say_in(language, NEW_AGAIN))
    forgotten = _FORGOTTEN.format(lang=language.value, words=say_in(language, FORGOTTEN))
    return place.before + _FORM.format(
        page=place.page,
        forgotten=forgotten if mails_links else "",
        hidden=hidden,
        name=say_in(language, NAME),
        username=html.escape(username, quote=True),
        first="" if username else " autofocus",
        second=" autofocus" if username else "",
        password=say_in(language, _PASSWORD),
        more=more,
        sign_in=say_in(language, SIGN_IN),
        otherwise=place.otherwise,
    )


def _policy(leads_to: str) -> str:
    """Nothing but its own style, and the form leads here or, by the redirect, back to the client."""
    back = urlsplit(leads_to)
    client = f" {back.scheme}://{back.netloc}" if leads_to else ""
    return (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self'{client}"
    )


def address_of(request: Request) -> str:
    """Where a request comes from, under which tries are counted."""
    return request.client.host if request.client else ""


def is_own_origin(origin: str | None, host: str | None, issuer: str) -> bool:
    """Whether the form was sent from its own page. Programs that are no browser send no origin."""
    if origin is None:
        return True
    return urlsplit(origin).netloc in {host, urlsplit(issuer).netloc}
