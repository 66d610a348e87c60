"""Where the Temporal server of a process is, and how it is spoken to. Names are those of Temporal's own
programs."""

import re
import ssl
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from language.unfit import Unfit

UNNAMED_BUILD: Final = "development"
_ADDRESS: Final = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_LAST_PORT: Final = 65_535
_AUTHORITY: Final = "TEMPORAL_TLS_SERVER_CA_CERT_PATH"
_CERTIFICATE: Final = "TEMPORAL_TLS_CLIENT_CERT_PATH"
_KEY: Final = "TEMPORAL_TLS_CLIENT_KEY_PATH"


def _said(value: object) -> object:
    """What is empty says nothing: a variable that is passed on to a container is often so."""
    return None if value == "" else value


File = Annotated[Path | None, BeforeValidator(_said)]


class TemporalSettings(BaseSettings):
    """The server's frontend, the namespace, and TLS. Without `temporal_tls` there is TLS where anything is
    set that needs it: an API key, a certificate, an authority, a name.

    `temporal_tls_server_ca_cert_path` holds the authorities that may have signed the server's certificate
    (the machine's own ones, if none is named), `temporal_tls_server_name` the name that the certificate is
    for, if it is not that of the address. A client certificate comes with its key."""

    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    temporal_api_key: SecretStr = SecretStr("")
    temporal_tls: Annotated[bool | None, BeforeValidator(_said)] = None
    temporal_tls_server_name: str = ""
    temporal_tls_server_ca_cert_path: File = None
    temporal_tls_client_cert_path: File = None
    temporal_tls_client_key_path: File = None

    @property
    def api_key(self) -> str:
        """What this process shows the server; empty for none."""
        return self.temporal_api_key.get_secret_value()

    @property
    def speaks_tls(self) -> bool:
        """The server is spoken to over TLS."""
        return bool(self._need_tls) if self.temporal_tls is None else self.temporal_tls

    @property
    def _need_tls(self) -> list[str]:
        said = {
            "TEMPORAL_API_KEY": self.api_key,
            "TEMPORAL_TLS_SERVER_NAME": self.temporal_tls_server_name,
            _AUTHORITY: self.temporal_tls_server_ca_cert_path,
            _CERTIFICATE: self.temporal_tls_client_cert_path,
            _KEY: self.temporal_tls_client_key_path,
        }
        return [name for name, value in said.items() if value]

    @field_validator("temporal_address")
    @classmethod
    def _has_a_port(cls, value: str) -> str:
        found = _ADDRESS.fullmatch(value)
        if not found or not 0 < int(found[1]) <= _LAST_PORT:
            raise Unfit("it must be host:port, without http", "phải theo dạng máy:cổng, không có http")
        return value

    @field_validator("temporal_namespace")
    @classmethod
    def _has_a_name(cls, value: str) -> str:
        if not value.strip():
            raise Unfit("it is empty", "còn trống")
        return value

    @field_validator("temporal_api_key")
    @classmethod
    def _fits_into_a_header(cls, value: SecretStr) -> SecretStr:
        # The SDK leaves out a key that does not, without a word.
        if not all("!" <= letter <= "~" for letter in value.get_secret_value()):
            raise Unfit(
                "it has a blank, a line break or a letter that no key has",
                "có dấu cách, xuống dòng hoặc ký tự mà khóa không thể có",
            )
        return value

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        if self.temporal_tls is False and self._need_tls:
            names = ", ".join(self._need_tls)
            raise Unfit(
                f"TEMPORAL_TLS=false, but {names} needs TLS", f"TEMPORAL_TLS=false nhưng {names} cần TLS"
            )
        missing = {_CERTIFICATE, _KEY} - set(self._need_tls)
        if len(missing) == 1:
            lacking = missing.pop()
            said = _KEY if lacking == _CERTIFICATE else _CERTIFICATE
            raise Unfit(f"{said} needs {lacking} too", f"đã đặt {said} thì phải đặt cả {lacking}")
        return self

    @model_validator(mode="after")
    def _has_files_that_fit(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority = self.temporal_tls_server_ca_cert_path
        certificate, key = self.temporal_tls_client_cert_path, self.temporal_tls_client_key_path
        if authority:
            _require_readable(_AUTHORITY, authority)
            try:
                context.load_verify_locations(cafile=authority)
            except ssl.SSLError:
                raise Unfit(
                    f"{_AUTHORITY}: the file holds no certificate (PEM)",
                    f"{_AUTHORITY}: tệp không có chứng thư (PEM)",
                ) from None
        if certificate and key:
            _require_readable(_CERTIFICATE, certificate)
            _require_readable(_KEY, key)
            try:
                # Without a password of ours OpenSSL would ask the terminal for one.
                context.load_cert_chain(certificate, key, password=lambda: "")
            except ssl.SSLError:
                raise Unfit(
                    f"{_CERTIFICATE}, {_KEY}: no certificate with the unencrypted key to it (PEM)",
                    f"{_CERTIFICATE}, {_KEY}: không phải chứng thư cùng đúng khóa của nó, không mã hóa (PEM)",
                ) from None
        return self


class VersionSettings(BaseSettings):
    """With `temporal_deployment_name` a worker is one build of that deployment, beside others:
    `temporal_worker_build_id`, or else `build_id`. Names are those by which Temporal's worker controller
    starts workers."""

    build_id: str = UNNAMED_BUILD
    temporal_deployment_name: str = Field(default="", pattern=r"^([^.:\s]+)?$", max_length=100)
    temporal_worker_build_id: str = Field(default="", pattern=r"^([^:\s]+)?$", max_length=100)

    @model_validator(mode="after")
    def _builds_can_be_told_apart(self) -> Self:
        if self.temporal_deployment_name and self.build == UNNAMED_BUILD:
            raise Unfit(
                "TEMPORAL_DEPLOYMENT_NAME needs TEMPORAL_WORKER_BUILD_ID or BUILD_ID",
                "đã đặt TEMPORAL_DEPLOYMENT_NAME thì phải đặt TEMPORAL_WORKER_BUILD_ID hoặc BUILD_ID",
            )
        return self

    @property
    def build(self) -> str:
        """The name of this build."""
        return self.temporal_worker_build_id or self.build_id


def _require_readable(name: str, file: Path) -> None:
    try:
        file.read_bytes()
    except OSError as error:
        raise Unfit(
            f"{name}: the file cannot be read ({error.strerror})",
            f"{name}: không đọc được tệp ({error.strerror})",
        ) from None
