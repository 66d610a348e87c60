"""Certificates for the tests, made when they are wanted and never committed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs what it is asked to, into files in a folder. `file` is its own certificate."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder, self._name = folder, _named(name)
        self._key = generate_private_key(SECP256R1())
        self.file = folder / f"{name}.pem"
        signed = self._sign(self._name, self._key, is_authority=True)
        self.file.write_bytes(signed.public_bytes(Encoding.PEM))

    def issue(
        self, name: str, *, password: bytes | None = None, ends: datetime | None = None, file: str = ""
    ) -> Pair:
        """A certificate for this name, and its key."""
        key = generate_private_key(SECP256R1())
        pair = Pair(self._folder / f"{file or name}.pem", self._folder / f"{file or name}.key")
        signed = self._sign(_named(name), key, ends=ends)
        pair.certificate.write_bytes(signed.public_bytes(Encoding.PEM))
        sealed: KeySerializationEncryption = BestAvailableEncryption(password) if password else NoEncryption()
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
        return pair

    def _sign(
        self,
        subject: x509.Name,
        key: EllipticCurvePrivateKey,
        *,
        is_authority: bool = False,
        ends: datetime | None = None,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        common_name = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before((ends or now) - _LIFE)
            .not_valid_after(ends or now + _LIFE)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(str(common_name))]), critical=False)
        )
        return builder.sign(self._key, SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
