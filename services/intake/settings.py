"""Settings of intake."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from kit.objects.bucket import Bucket, Place
from kit.objects.folder import Folder
from kit.objects.port import Objects
from kit.settings import ServiceSettings
from language.unfit import Unfit


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """How long content is left alone that no row names, and how long uploads that nobody goes on with."""

    orphans: timedelta = timedelta(days=30)
    uploads: timedelta = timedelta(days=1)


class IntakeSettings(ServiceSettings):
    """Attachments lie under their hashes in the folder `blob_dir`, or in `blob_store`: `s3://BUCKET/PREFIX`,
    at any store that speaks S3. `clamd_socket`: every attachment is scanned there before it is taken.
    Content that no row names is left alone for `orphans_kept_days`: whoever restored a database that is too
    old may still restore a newer one, which names it."""

    blob_dir: Annotated[Path | None, BeforeValidator(_none_if_empty)] = None
    blob_store: str = ""
    blob_store_endpoint: str = ""
    blob_store_region: str = ""
    blob_store_key_id: str = ""
    blob_store_secret: SecretStr = SecretStr("")
    max_attachment_bytes: int = 20 * 1024 * 1024
    max_video_bytes: int = 50 * 1024 * 1024
    max_dossier_bytes: int = 200 * 1024 * 1024
    max_person_bytes: int = 1024 * 1024 * 1024
    orphans_kept_days: int = Field(default=30, ge=7)
    uploads_kept_hours: int = Field(default=24, ge=1)
    clamd_socket: Path | None = None

    @model_validator(mode="after")
    def _keeps_attachments_in_one_place(self) -> Self:
        if self.blob_dir and self.blob_store:
            raise Unfit(
                "BLOB_DIR and BLOB_STORE are both set: say one", "chỉ được đặt một trong BLOB_DIR, BLOB_STORE"
            )
        if not self.blob_dir and not self.blob_store:
            raise Unfit("BLOB_DIR or BLOB_STORE is needed", "phải đặt BLOB_DIR hoặc BLOB_STORE")
        if self.blob_store:
            self._require_place()
        elif lost := [name for name in _OF_A_BUCKET if name in self.model_fields_set and getattr(self, name)]:
            named = ", ".join(lost).upper()
            raise Unfit(f"{named} without BLOB_STORE", f"{named} chỉ dùng khi có BLOB_STORE")
        return self

    def _require_place(self) -> None:
        place = urlsplit(self.blob_store)
        if place.scheme != "s3" or not place.netloc or place.query or place.fragment or "@" in place.netloc:
            raise Unfit("BLOB_STORE is not s3://BUCKET/PREFIX", "BLOB_STORE phải có dạng s3://BUCKET/PREFIX")
        if self.blob_store_endpoint and urlsplit(self.blob_store_endpoint).scheme not in {"http", "https"}:
            raise Unfit(
                "BLOB_STORE_ENDPOINT is not an address of http or https",
                "BLOB_STORE_ENDPOINT phải là địa chỉ http hoặc https",
            )
        if bool(self.blob_store_key_id) != bool(self.blob_store_secret.get_secret_value()):
            raise Unfit(
                "BLOB_STORE_KEY_ID and BLOB_STORE_SECRET go together",
                "BLOB_STORE_KEY_ID và BLOB_STORE_SECRET phải đặt cùng nhau",
            )

    @property
    def left_alone(self) -> LeftAlone:
        """How long what no row names is left alone."""
        return LeftAlone(
            orphans=timedelta(days=self.orphans_kept_days), uploads=timedelta(hours=self.uploads_kept_hours)
        )

    def objects(self) -> Objects:
        """Where attachments are kept."""
        if self.blob_dir:
            return Folder(self.blob_dir)
        place = urlsplit(self.blob_store)
        return Bucket(
            Place(
                bucket=place.netloc,
                prefix=place.path.strip("/"),
                endpoint=self.blob_store_endpoint.rstrip("/"),
                region=self.blob_store_region or _REGION,
                key_id=self.blob_store_key_id,
                secret=self.blob_store_secret.get_secret_value(),
            )
        )


_REGION: Final = "us-east-1"
_OF_A_BUCKET: Final = ("blob_store_endpoint", "blob_store_region", "blob_store_key_id", "blob_store_secret")
