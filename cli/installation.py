"""The installation that a command speaks to, and as whom: the embedded instance that runs here, by the secret
of its data folder, or any other by its public address, as the person who has signed in."""

from typing import Final, Protocol

from cli.issuer import GrantRefused, IssuerOf, NotSignedIn
from cli.kept_sign_ins import SignIn, SignInBook
from cli.reach import server
from cli.signing_in import fetch_token, running_ports
from embedded.errors import CommandFailed
from kit.clock import Clock

_EARLY_SECONDS: Final = 60.0
"""So long before its end a token is renewed: it must still hold when the service looks at it."""
_DEFAULT_ACCOUNT: Final = "admin"


class AccountNotChosen(CommandFailed):
    """Whoever is signed in at a server acts as nobody else."""

    exit_code = 36


class Installation(Protocol):
    """Where the services answer, and as whom they are asked."""

    @property
    def who(self) -> str:
        """As people call the account."""

    def url(self, service: str) -> str:
        """The address below which this service answers."""

    def token(self) -> str:
        """A token that holds for a while; `NotSignedIn`."""

    def run_address(self, workflow_id: str) -> str | None:
        """Where a run is looked at, if that is known."""

    def silent(self, service: str) -> str:
        """What is said when this service does not answer."""


class Embedded:
    """The instance that runs here, as any of its accounts."""

    def __init__(self, account: str) -> None:
        self._ports = running_ports()
        self.who = account or _DEFAULT_ACCOUNT
        self._token = ""

    def url(self, service: str) -> str:
        """On this machine, each service by its own port."""
        return self._ports.url(service)

    def token(self) -> str:
        """Exchanged once for a command."""
        self._token = self._token or fetch_token(self.who)
        return self._token

    def run_address(self, workflow_id: str) -> str | None:
        """On the pages of Temporal's own server."""
        return f"{self._ports.url('temporal-ui')}/namespaces/default/workflows/{workflow_id}"

    def silent(self, service: str) -> str:
        """What to do about it here."""
        return f"{service} không trả lời: xem `./sangkien status` (does not answer)."


class Remote:
    """An installation by its public address."""

    def __init__(self, address: str, account: str) -> None:
        if account:
            raise AccountNotChosen(
                f"Tại {address} lệnh chạy với tư cách người đã đăng nhập; hãy bỏ --as (leave --as out)."
            )
        self._address = address
        self._book = SignInBook()
        self._sign_in = self._kept()

    @property
    def who(self) -> str:
        """Who has signed in."""
        return self._sign_in.who

    def url(self, service: str) -> str:
        """Below the one public address."""
        return f"{self._address}/api/{service}"

    def token(self) -> str:
        """That of the sign-in, renewed before it ends."""
        if not _is_fresh(self._sign_in):
            with self._book.alone():
                # Another command may have renewed it meanwhile.
                self._sign_in = self._kept()
                if not _is_fresh(self._sign_in):
                    self._sign_in = self._renewed(self._sign_in)
        return self._sign_in.access_token

    def run_address(self, workflow_id: str) -> str | None:
        """Not reached from outside."""
        return None

    def silent(self, service: str) -> str:
        """Nothing of it is known here."""
        return f"{self._address}: {service} không trả lời (does not answer)."

    def _kept(self) -> SignIn:
        found = self._book.find(self._address)
        if found is None:
            raise NotSignedIn(f"Chưa đăng nhập vào {self._address}: {self._how()} (not signed in).")
        return found

    def _renewed(self, sign_in: SignIn) -> SignIn:
        over = NotSignedIn(f"Phiên tại {self._address} đã hết: {self._how()} (the sign-in is over).")
        if sign_in.refresh_token is None:
            raise over
        form = {"grant_type": "refresh_token", "refresh_token": sign_in.refresh_token}
        try:
            issuer = IssuerOf(self._address, client_id=sign_in.client_id)
            if issuer.name != sign_in.issuer:  # what renews is shown to nobody but who gave it
                raise over
            fresh = issuer.signed_in(form, sign_in.who, sign_in)
        except GrantRefused as refusal:
            if refusal.error == "invalid_grant":
                self._book.forget(self._address)
            raise over from None
        self._book.keep(self._address, fresh)
        return fresh

    def _how(self) -> str:
        return f"hãy chạy `./sangkien sign-in --server {self._address}`"


def _is_fresh(sign_in: SignIn) -> bool:
    return Clock().real_now().timestamp() + _EARLY_SECONDS < sign_in.until


def installation(account: str) -> Installation:
    """The one that was named by `--server` or SANGKIEN_SERVER; else the one that runs here."""
    address = server()
    return Remote(address, account) if address else Embedded(account)
