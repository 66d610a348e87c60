"""Settings of intake."""

from pathlib import Path

from kit.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """`blob_dir` holds the attachments under their hashes. `clamd_socket`: every attachment is scanned there
    before it is taken."""

    blob_dir: Path
    max_attachment_bytes: int = 20 * 1024 * 1024
    max_video_bytes: int = 50 * 1024 * 1024
    max_dossier_bytes: int = 200 * 1024 * 1024
    max_person_bytes: int = 1024 * 1024 * 1024
    clamd_socket: Path | None = None
