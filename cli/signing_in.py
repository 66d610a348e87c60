"""Tokens of an embedded instance: RFC 8693 token exchange with the secret in the data folder."""

import httpx

from cli.issuer import NotSignedIn
from embedded.errors import NotRunning, ServiceSilent
from embedded.layout import Ports, default_data
from embedded.secrets_file import SecretsFile
from embedded.state import running_state

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


_WHAT_TO_DO = {
    "OneTimeCodeMissing": (
        "{account} có mã dùng một lần: lấy phiên bằng `./sangkien token --as {account} --code MÃ`, với mã "
        "đang hiện trên ứng dụng hoặc một mã khôi phục (give the one-time code that the application shows)."
    ),
    "OneTimeCodeWrong": (
        "Mã dùng một lần của {account} không đúng hoặc đã dùng: đợi mã mới rồi thử lại (the code is wrong or "
        "was used already: wait for the next one)."
    ),
    "OneTimeCodesDemanded": (
        "{account} giữ vị trí chỉ được đăng nhập bằng mã dùng một lần mà chưa có mã: lập mã trên trang đăng "
        "nhập {page}/oauth2/authorize (set up one-time codes on the sign-in page)."
    ),
}
"""Refusals of an account with one-time codes, and what to do."""


def exchange_form(secret: str, account: str, one_time_code: str = "") -> dict[str, str]:
    """The token request for an account."""
    return {
        "one_time_code": one_time_code,
        "grant_type": _EXCHANGE,
        "client_id": "sangkien-cli",
        "client_secret": secret,
        "requested_subject": account,
    }


def running_ports() -> Ports:
    """Where the running instance listens; `NotRunning` when none runs."""
    data = default_data()
    state = running_state(data)
    if state is None:
        raise NotRunning(data)
    return state.ports


def fetch_token(account: str, one_time_code: str = "") -> str:
    """A token of the running instance."""
    data, ports = default_data(), running_ports()
    form = exchange_form(SecretsFile(data / "secrets.json")["cli_client_secret"], account, one_time_code)
    try:
        answer = httpx.post(f"{ports.url('organisation')}/oauth2/token", data=form, timeout=10)
    except httpx.HTTPError:
        raise ServiceSilent(
            "organisation không trả lời: xem `./sangkien status` (does not answer)."
        ) from None
    if answer.status_code != 200:
        said = _WHAT_TO_DO.get(_code_of(answer))
        if said is not None:
            raise NotSignedIn(said.format(account=account[:60], page=ports.url("organisation")))
        raise NotSignedIn(
            f"Không cấp được phiên cho {account[:60]!r}: có tài khoản tên như vậy không? (No "
            "token: is there such an account?)"
        )
    return str(answer.json()["access_token"])


def _code_of(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def print_token(account: str, one_time_code: str = "") -> None:
    """Nothing but the token, for use in `$(…)`."""
    print(fetch_token(account, one_time_code))
