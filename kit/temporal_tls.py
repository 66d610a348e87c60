"""TLS to the Temporal server: what this process shows, what it means when the server is not reached, and what
happens when a certificate or key is renewed."""

import asyncio
from pathlib import Path
from typing import Final

import structlog
from temporalio.service import TLSConfig

from kit.settings import SettingsUnfit, settings_of
from kit.temporal_settings import TemporalSettings

log = structlog.get_logger()

LOOK_AGAIN_AFTER: Final = 60.0
"""Seconds."""


def tls_of(settings: TemporalSettings) -> TLSConfig | bool:
    """As the SDK wants it; False for none. Reads the files as they are now."""
    if not settings.speaks_tls:
        return False
    authority, certificate, key = _files(settings)
    return TLSConfig(
        server_root_ca_cert=authority,
        domain=settings.temporal_tls_server_name or None,
        client_cert=certificate,
        client_private_key=key,
    )


def _files(settings: TemporalSettings) -> tuple[bytes | None, bytes | None, bytes | None]:
    def read(file: Path | None) -> bytes | None:
        return file.read_bytes() if file else None

    return (
        read(settings.temporal_tls_server_ca_cert_path),
        read(settings.temporal_tls_client_cert_path),
        read(settings.temporal_tls_client_key_path),
    )


async def until_renewed(settings: TemporalSettings, service: str) -> None:
    """Ends when an authority, certificate, key or API key in a file is another than now. The SDK keeps what
    it was given for ever, so the process ends and its supervisor starts one that has the new. What is only
    half written is waited for."""
    now = settings.api_key, _files(settings)
    while True:
        await asyncio.sleep(LOOK_AGAIN_AFTER)
        try:
            renewed = settings_of(TemporalSettings, service)
            then = renewed.api_key, _files(renewed)
        except SettingsUnfit as unfit:
            log.warning("temporal.credentials_unfit", reason=f"{unfit.detail_vi} ({unfit.detail_en})")
            continue
        except OSError as error:
            log.warning("temporal.credentials_unfit", reason=str(error))
            continue
        if then != now:
            log.info("temporal.credentials_renewed", advice="Tiến trình khởi động lại (it is started again).")
            return


_NOT_ADMITTED: Final = (
    "máy chủ không cho phép tiến trình này: xem TEMPORAL_API_KEY, TEMPORAL_NAMESPACE, chứng thư (it does not "
    "let this process in)"
)
_SIGNS: Final = (
    (
        "InvalidCertificate(UnknownIssuer",
        "chứng thư của máy chủ do nơi không được tin cậy cấp: xem TEMPORAL_TLS_SERVER_CA_CERT_PATH (its "
        "certificate is signed by an authority that is not trusted here)",
    ),
    (
        "InvalidCertificate(NotValidForName",
        "chứng thư của máy chủ không mang tên này: xem TEMPORAL_ADDRESS, TEMPORAL_TLS_SERVER_NAME (its "
        "certificate is for another name)",
    ),
    (
        "InvalidCertificate(",
        "chứng thư của máy chủ không dùng được, có thể đã hết hạn (its certificate is not good, perhaps "
        "expired)",
    ),
    ("InvalidContentType", "máy chủ không dùng TLS: xem TEMPORAL_TLS (it speaks no TLS)"),
    ("Unauthenticated", _NOT_ADMITTED),
    ("PermissionDenied", _NOT_ADMITTED),
    ("unauthorized", _NOT_ADMITTED),
    ("is not found", "máy chủ không có namespace này: xem TEMPORAL_NAMESPACE (it has no such namespace)"),
)
"""What stands in the SDK's sentence, and what to look at."""
_HUNG_UP: Final = ("after connection", "AlertReceived")
_HANGS_UP: Final = "máy chủ đóng kết nối, có thể vì {vi} (it hangs up, perhaps for {en})"
_AWAY: Final = "máy chủ chưa trả lời (it does not answer yet)"


def advice_on(reason: str, settings: TemporalSettings) -> str:
    """What to look at when the server is not reached, by what the SDK or the server says."""
    told = [sentence for sign, sentence in _SIGNS if sign in reason]
    if told:
        return told[0]
    if not any(sign in reason for sign in _HUNG_UP):
        return _AWAY
    if not settings.speaks_tls:
        return _HANGS_UP.format(vi="nó chỉ nhận TLS: xem TEMPORAL_TLS", en="want of TLS")
    if settings.temporal_tls_client_cert_path:
        return _HANGS_UP.format(
            vi="không nhận chứng thư trong TEMPORAL_TLS_CLIENT_CERT_PATH", en="this client certificate"
        )
    return _HANGS_UP.format(
        vi="đòi chứng thư của máy khách: xem TEMPORAL_TLS_CLIENT_CERT_PATH", en="want of a client certificate"
    )
