"""The OpenID provider of an installation, as the command line asks it."""

import os
from collections.abc import Mapping
from typing import Any, Final

import httpx

from cli.kept_sign_ins import SignIn
from cli.reach import is_safe
from embedded.errors import CommandFailed, ServiceSilent
from kit.clock import Clock

CLIENT: Final = "SANGKIEN_CLIENT_ID"
_OURS: Final = "sangkien-cli"
_DISCOVERY: Final = "/.well-known/openid-configuration"
SCOPE: Final = "openid offline_access"
_PATIENCE_SECONDS: Final = 30
_LASTS: Final = 300.0
"""Where a provider says nothing of the life of a token."""


class NotSignedIn(CommandFailed):
    """No token could be had."""

    exit_code = 20


class GrantRefused(Exception):
    """The provider said no; `error` is OAuth's name for why."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description


class IssuerOf:
    """The provider that the installation at this address names, found by its discovery."""

    def __init__(self, server: str, client_id: str | None = None) -> None:
        self.client_id = client_id or os.environ.get(CLIENT, "").strip() or _OURS
        self._known = self._discovered(server)

    @property
    def name(self) -> str:
        """As the provider calls itself."""
        return str(self._known["issuer"])

    def endpoint(self, which: str) -> str | None:
        """The address for this, if the provider has one; nothing is sent where others could read it."""
        address = self._known.get(f"{which}_endpoint")
        if address is None:
            return None
        if not is_safe(str(address)):
            raise NotSignedIn(
                f"Nhà cung cấp đăng nhập nêu địa chỉ không an toàn {str(address)[:200]} (its address is "
                "not safe: https is needed)."
            )
        return str(address)

    def asked(self, which: str, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer to this form; `GrantRefused`."""
        address = self.endpoint(which)
        if address is None:
            raise NotSignedIn(f"Nhà cung cấp đăng nhập không có {which} (the provider does not offer this).")
        try:
            answer = httpx.post(
                address, data={"client_id": self.client_id, **form}, timeout=_PATIENCE_SECONDS
            )
        except httpx.HTTPError:
            raise _silent(address) from None
        found = _json(answer)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _silent(address)
        if answer.status_code != httpx.codes.OK:
            said = str(found.get("error_description") or found.get("detail") or "")
            raise GrantRefused(str(found.get("error") or f"HTTP {answer.status_code}"), said)
        return found

    def begin_device(self) -> dict[str, Any]:
        """Codes for a sign-in that is confirmed elsewhere (RFC 8628)."""
        return self.asked("device_authorization", {"scope": SCOPE})

    def signed_in(self, form: Mapping[str, str], who: str, before: SignIn | None = None) -> SignIn:
        """Tokens for this form, as they are kept."""
        answer = self.asked("token", form)
        try:
            return SignIn(
                issuer=self.name,
                client_id=self.client_id,
                who=who,
                access_token=str(answer["access_token"]),
                until=Clock().real_now().timestamp() + float(answer.get("expires_in", _LASTS)),
                refresh_token=answer.get("refresh_token") or (before.refresh_token if before else None),
            )
        except (KeyError, ValueError, TypeError):
            raise NotSignedIn(
                "Nhà cung cấp đăng nhập trả lời khó hiểu (the answer holds no token)."
            ) from None

    def forget(self, sign_in: SignIn) -> bool:
        """Nobody renews it any more (RFC 7009); False where the provider could not be told."""
        if sign_in.refresh_token is None or self.endpoint("revocation") is None:
            return sign_in.refresh_token is None
        try:
            address = self.endpoint("revocation") or ""
            form = {"client_id": self.client_id, "token": sign_in.refresh_token}
            return httpx.post(address, data=form, timeout=_PATIENCE_SECONDS).is_success
        except httpx.HTTPError:
            return False

    def _discovered(self, server: str) -> dict[str, Any]:
        found = self._read(server)
        issuer = str(found.get("issuer", ""))
        if issuer != server:
            # The installation signs people in elsewhere: that provider has to say so of itself.
            if not is_safe(issuer):
                raise NotSignedIn(
                    f"{server} nêu nơi đăng nhập không an toàn {issuer[:200]} (the issuer is not safe)."
                )
            found = self._read(issuer.rstrip("/"))
        if found.get("issuer") != issuer:
            raise NotSignedIn(f"{issuer[:200]} tự xưng tên khác (the issuer calls itself otherwise).")
        return found

    def _read(self, base: str) -> dict[str, Any]:
        try:
            answer = httpx.get(f"{base}{_DISCOVERY}", timeout=_PATIENCE_SECONDS)
        except httpx.HTTPError:
            raise _silent(base) from None
        if answer.is_server_error:
            raise _silent(base)
        if answer.status_code != httpx.codes.OK:
            raise NotSignedIn(
                f"{base[:200]} không phải một bản Sáng Kiến: không có {_DISCOVERY} (no installation there)."
            )
        return _json(answer)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _silent(address: str) -> ServiceSilent:
    return ServiceSilent(f"{address[:200]} không trả lời (does not answer).")
