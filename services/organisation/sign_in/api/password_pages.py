"""The pages of whoever has forgotten the password, or has a link of a mail to choose one by.

The code of a link stands in the part of its address that browsers send to nobody, so no log, proxy or other
page sees it; a script of its own puts it into the form and takes it out of the address. Without script the
code is copied from the mail."""

import base64
import html
from hashlib import sha256
from typing import Final

from fastapi.responses import HTMLResponse

from language.refusals import Refusal
from language.telling import Language
from language.words.base import Words
from services.organisation.sign_in.api.page import (
    FORGOTTEN,
    NAME,
    NEW,
    NEW_AGAIN,
    SIGN_IN,
    framed,
    other_than,
)

_ASK = """<p>{what}</p><form method="post" action="forgotten">
<input type="hidden" name="ui_locales" value="{lang}">
<label>{name}<input name="username" autocomplete="username" required autofocus></label>
<button>{send}</button></form><p><a href="/">{sign_in}</a></p>"""
_CHOOSE = """<p>{what}</p><form method="post" action="password">
<input type="hidden" name="ui_locales" value="{lang}">
<label>{code_label}<input name="code" id="code" value="{code}" autocomplete="off" spellcheck="false"
  maxlength="200" required></label>
<label>{new}<input name="new_password" type="password" minlength="12"
  autocomplete="new-password" required></label>
<label>{again}<input name="new_password_again" type="password" minlength="12"
  autocomplete="new-password" required></label>
<button>{choose}</button></form>{forgotten}
<script>{script}</script>"""
_SCRIPT: Final = (
    "const field=document.getElementById('code'),code=location.hash.slice(1)||field.value;if(code){"
    "field.value=code;field.parentElement.style.display='none';"
    "history.replaceState(null,'',location.pathname+location.search);"
    "for(const other of document.querySelectorAll('header a'))other.hash=code}"
)
_FORGOTTEN = '<p><a href="forgotten?ui_locales={lang}">{words}</a></p>'
_DONE = '<p>{told}</p><p><a href="/">{sign_in}</a></p>'
_ERROR = '<p class="error" role="alert">{told}</p>'
_CHOOSE_TITLE: Final = Words("Chọn mật khẩu", "Choose a password")
_FORGOTTEN_TITLE: Final = Words("Quên mật khẩu", "Forgotten password")
_WHAT_IS_SENT: Final = Words(
    "Nhập tên đăng nhập. Thư có đường dẫn để chọn mật khẩu mới sẽ được gửi tới địa chỉ thư mà cơ quan đã ghi "
    "cho bạn.",
    "Type the name you sign in with. A mail with a link to choose another password goes to the mail address "
    "that the office knows of you.",
)
_SEND: Final = Words("Gửi thư cho tôi", "Send me the mail")
_ANSWER: Final = Words(
    "Nếu có tài khoản mang tên này và đặt lại được bằng thư, một thư đang được gửi tới địa chỉ mà cơ quan đã "
    "ghi. Đường dẫn trong thư dùng được một lần, trong {hours} giờ. Nếu sau ít phút không thấy thư, hãy xem "
    "mục thư rác, rồi nhờ quản trị viên của đơn vị.",
    "If there is an account of this name that a mail may open again, one is on its way to the address that "
    "the office knows. Its link is good once, for {hours} hours. If there is no mail after some minutes, "
    "look among the unwanted ones, then ask the administrator of your unit.",
)
_HOW: Final = Words(
    "Chọn mật khẩu chỉ mình bạn biết. Sau đó mọi nơi đang đăng nhập đều phải đăng nhập lại; mã dùng một lần "
    "vẫn như cũ.",
    "Choose a password that only you know. Afterwards everything that is signed in signs in anew; one-time "
    "codes stay as they are.",
)
_CODE: Final = Words("Mã trong thư", "Code of the mail")
_CHOOSE_IT: Final = Words("Đặt mật khẩu này", "Take this password")
_TAKEN: Final = Words(
    "Mật khẩu mới đã được đặt. Hãy đăng nhập bằng mật khẩu đó, với tên: ",
    "The new password is set. Sign in with it, by this name: ",
)


def forgotten_form(language: Language, refusal: Refusal | None = None) -> HTMLResponse:
    """Asks for the name of the account, with what went wrong the time before."""
    rest = _ASK.format(
        what=_say(language, _WHAT_IS_SENT),
        lang=language.value,
        name=_say(language, NAME),
        send=_say(language, _SEND),
        sign_in=_say(language, SIGN_IN),
    )
    return _page(language, _FORGOTTEN_TITLE, _told(language, refusal), rest, "forgotten", refusal)


def forgotten_answer(language: Language, hours: float) -> HTMLResponse:
    """What everybody is answered, whoever was named."""
    said = f"{hours:g}"
    said = said.replace(".", ",") if language is Language.VI else said
    told = _say(language, _ANSWER).format(hours=said)
    rest = _DONE.format(told=told, sign_in=_say(language, SIGN_IN))
    return _page(language, _FORGOTTEN_TITLE, "", rest, "forgotten")


def link_form(
    language: Language, code: str = "", refusal: Refusal | None = None, *, mails_links: bool
) -> HTMLResponse:
    """Asks for the new password, and for the code where no script brings it."""
    forgotten = _FORGOTTEN.format(lang=language.value, words=_say(language, FORGOTTEN))
    rest = _CHOOSE.format(
        what=_say(language, _HOW),
        lang=language.value,
        code_label=_say(language, _CODE),
        code=html.escape(code, quote=True),
        new=_say(language, NEW),
        again=_say(language, NEW_AGAIN),
        choose=_say(language, _CHOOSE_IT),
        forgotten=forgotten if mails_links else "",
        script=_SCRIPT,
    )
    return _page(language, _CHOOSE_TITLE, _told(language, refusal), rest, "password", refusal)


def taken_page(language: Language, username: str) -> HTMLResponse:
    """The password is set; the way to the sign-in, and the name for it, which nobody may have told yet."""
    told = f"{_say(language, _TAKEN)}<strong>{html.escape(username)}</strong>"
    rest = _DONE.format(told=told, sign_in=_say(language, SIGN_IN))
    return _page(language, _CHOOSE_TITLE, "", rest, "password")


def _say(language: Language, words: Words) -> str:
    return words.vi if language is Language.VI else words.en


def _told(language: Language, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    said = _say(language, Words(refusal.detail_vi, refusal.detail_en))
    return _ERROR.format(told=html.escape(said))


def _page(
    language: Language, title: Words, said: str, rest: str, path: str, refusal: Refusal | None = None
) -> HTMLResponse:
    here = f"{path}?ui_locales={other_than(language).value}"
    shown = framed(language, _say(language, title), said, rest, here=here)
    status = refusal.status if refusal else 200
    return HTMLResponse(shown, status_code=status, headers={"Content-Security-Policy": _POLICY})


_HASH: Final = base64.b64encode(sha256(_SCRIPT.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
