"""Tokens of an embedded instance: RFC 8693 token exchange with the secret in the data folder."""

import httpx

from embedded.errors import CommandFailed, NotRunning, ServiceSilent
from embedded.layout import Ports, default_data
from embedded.secrets_file import SecretsFile
from embedded.state import running_state

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class NotSignedIn(CommandFailed):
    """No token could be had."""

    exit_code = 20


def exchange_form(secret: str, account: str) -> dict[str, str]:
    """The token request for an account."""
    return {
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


def fetch_token(account: str) -> str:
    """A token of the running instance."""
    data, ports = default_data(), running_ports()
    form = exchange_form(SecretsFile(data / "secrets.json")["cli_client_secret"], account)
    try:
        answer = httpx.post(f"{ports.url('organisation')}/oauth2/token", data=form, timeout=10)
    except httpx.HTTPError:
        raise ServiceSilent(
            "organisation không trả lời: xem `./sangkien status` (does not answer)."
        ) from None
    if answer.status_code != 200:
        raise NotSignedIn(
            f"Không cấp được phiên cho {account[:60]!r}: có tài khoản tên như vậy không? (No "
            "token: is there such an account?)"
        )
    return str(answer.json()["access_token"])


def print_token(account: str) -> None:
    """Nothing but the token, for use in `$(…)`."""
    print(fetch_token(account))
