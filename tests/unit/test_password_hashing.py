"""What a stolen hash costs whoever tries passwords on it."""

from tests.conftest import HASHER


def test_a_password_is_hashed_at_least_as_slowly_as_owasp_asks_for() -> None:
    """Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane."""
    assert HASHER.type.name == "ID"
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert HASHER.parallelism == 1
