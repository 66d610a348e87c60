"""The pages by which somebody confirms a sign-in that a program on another machine has asked for."""

import html
from typing import Final

from fastapi.responses import HTMLResponse

from language.refusals import Refusal
from language.telling import Language
from language.words.base import Words
from language.words.details import local_time
from services.organisation.sign_in.api.page import Place, page, say_in, told
from services.organisation.sign_in.domain.clients import CLIENTS
from services.organisation.sign_in.domain.devices import DeviceGrant, as_shown, as_typed

PAGE: Final = "device"
_ASK = """<p>{what}</p><form method="get" action="device">
<input type="hidden" name="ui_locales" value="{lang}">
<label>{label}<input name="user_code" value="{code}" autocomplete="off" autocapitalize="characters"
  spellcheck="false" maxlength="40" required autofocus></label>
<button>{go_on}</button></form>"""
_BEFORE = "<p>{what}</p><p><code>{code}</code></p><p>{where}</p><p><strong>{warning}</strong></p>"
_REFUSE = """
<button name="decision" value="refuse" formnovalidate>{refuse}</button>"""
_TITLE: Final = Words("Đăng nhập trên máy khác", "Sign in on another machine")
_WHAT: Final = Words(
    "Nhập mã mà chương trình trên máy kia đang hiện.",
    "Type the code that the program on the other machine shows.",
)
_LABEL: Final = Words("Mã", "Code")
_GO_ON: Final = Words("Tiếp tục", "Go on")
_ASKS: Final = Words(
    "Chương trình “{name}” trên một máy khác xin làm việc bằng tài khoản của bạn. Máy đó phải đang hiện đúng "
    "mã này:",
    "The program “{name}” on another machine asks to work as you. That machine must be showing this code:",
)
_WHERE: Final = Words("Xin lúc {at}, từ địa chỉ {address}.", "Asked for at {at}, from the address {address}.")
_WARNING: Final = Words(
    "Chỉ đăng nhập ở đây nếu chính bạn vừa chạy lệnh đó. Ai gửi mã này cho bạn qua thư, tin nhắn hay điện "
    "thoại là đang tìm cách dùng tài khoản của bạn: hãy từ chối.",
    "Sign in here only if you have just started it yourself. Whoever sends you this code by mail, message or "
    "telephone wants to use your account: refuse.",
)
_REFUSED_BY: Final = Words("Từ chối", "Refuse")
_CONFIRMED: Final = Words(
    "Đã đồng ý. Hãy trở lại máy kia: chương trình ở đó sẽ tự tiếp tục. Có thể đóng trang này.",
    "Confirmed. Go back to the other machine: the program there goes on by itself. You may close this page.",
)
_REFUSED: Final = Words(
    "Đã từ chối. Chương trình kia không dùng được tài khoản nào. Có thể đóng trang này.",
    "Refused. That program works as nobody. You may close this page.",
)


def _place(language: Language, user_code: str = "") -> Place:
    kept = {"user_code": as_shown(as_typed(user_code))} if user_code else {}
    return Place(page=PAGE, language=language, kept=kept, title=_TITLE)


def code_form(language: Language, user_code: str = "", refusal: Refusal | None = None) -> HTMLResponse:
    """The page that asks for the code."""
    asked = _ASK.format(
        what=say_in(language, _WHAT),
        lang=language.value,
        label=say_in(language, _LABEL),
        code=html.escape(user_code, quote=True),
        go_on=say_in(language, _GO_ON),
    )
    return page(_place(language), told(language, refusal), asked, refusal.status if refusal else 200)


def confirming(language: Language, user_code: str, grant: DeviceGrant) -> Place:
    """The page that says what is asked for, with the form to sign in and the button that refuses."""
    what = say_in(language, _ASKS).format(name=say_in(language, CLIENTS[grant.client_id].name))
    where = say_in(language, _WHERE).format(at=local_time(grant.asked_at.isoformat()), address=grant.address)
    place = _place(language, user_code)
    before = _BEFORE.format(
        what=html.escape(what),
        code=html.escape(place.kept["user_code"]),
        where=html.escape(where),
        warning=say_in(language, _WARNING),
    )
    return Place(
        page=PAGE,
        language=language,
        kept=place.kept,
        title=_TITLE,
        before=before,
        otherwise=_REFUSE.format(refuse=say_in(language, _REFUSED_BY)),
    )


def done_page(language: Language, *, confirmed: bool) -> HTMLResponse:
    """What became of it."""
    said = say_in(language, _CONFIRMED if confirmed else _REFUSED)
    return page(_place(language), f'<p role="status">{said}</p>', "", 200)
