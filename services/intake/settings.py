"""Settings of intake."""

from pathlib import Path

from kit.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """`blob_dir` holds the attachments under their hashes."""

    blob_dir: Path
    max_attachment_bytes: int = 20 * 1024 * 1024
