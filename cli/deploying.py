"""`sangkien migrate`: roles, tables and grants of a deployment brought up to date."""

from typing import Literal

from embedded.errors import CommandFailed, OldData
from language.refusals import Refusal
from processes.migrate import DATA_UNFIT, migrate_by_environment


def migrate(phase: Literal["pre", "post"] | None) -> None:
    """Read the admin's DSN and the passwords from the environment; say what was applied."""
    try:
        applied = migrate_by_environment((phase,) if phase else ("pre", "post"))
    except DATA_UNFIT as refusal:
        raise OldData(f"{refusal.detail_vi} ({refusal.detail_en})") from None
    except Refusal as refusal:
        raise CommandFailed(f"{refusal.detail_vi} ({refusal.detail_en})") from None
    print("\n".join(applied) or "Đã mới nhất, không có gì để làm (up to date).")
