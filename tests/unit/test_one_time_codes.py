"""What is typed as a code, and which settings of codes make sense."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from language.posts.kinds import PostKind
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.domain.one_time_codes import (
    RECOVERY_LETTERS,
    in_groups,
    is_code,
    is_recovery,
    plain,
    recovery_code,
    recovery_hash,
)

LETTERS = "ABCDEFGH23456789"
PERSON, OTHER = UUID(int=1), UUID(int=2)


def _settings(**values: str) -> OrganisationSettings:
    needed = {"http_port": 0, "database_url": "x", "oidc_issuer": "x", "history_keys": "x"}
    return OrganisationSettings.model_validate({**needed, **values})


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    written = recovery_code(LETTERS)
    assert written == "ABCD-EFGH-2345-6789"
    for typed in (written, written.lower(), written.replace("-", " "), f" {LETTERS} "):
        assert is_recovery(typed)
        assert recovery_hash(PERSON, typed) == recovery_hash(PERSON, written)
    assert recovery_hash(OTHER, written) != recovery_hash(PERSON, written)


@pytest.mark.parametrize("typed", ["123456", "123 456", "", "ABCD-EFGH-2345-678", "ABCD-EFGH-2345-678I"])
def test_all_else_is_no_recovery_code(typed: str) -> None:
    assert not is_recovery(typed)


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456"])
def test_a_code_is_six_digits(typed: str) -> None:
    assert is_code(typed)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "１２３４５６", "\ud800" * 6, "١٢٣٤٥٦"])
def test_all_else_is_no_code(typed: str) -> None:
    assert not is_code(typed)


def test_a_recovery_code_has_eighty_bits_and_no_letter_that_looks_like_another() -> None:
    assert len(set(RECOVERY_LETTERS)) == 32
    assert not set("01IO") & set(RECOVERY_LETTERS)


def test_what_is_for_the_eye_is_no_part_of_a_code() -> None:
    assert plain(" 123 456 ") == plain("123-456") == "123456"
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_posts_are_named_by_their_kinds_and_need_a_key() -> None:
    key = "a:" + "A" * 43 + "="
    known = _settings(one_time_code_keys=key, one_time_codes_for="ADMIN CHIEF_ACCOUNTANT")
    assert known.code_posts == {PostKind.ADMIN, PostKind.CHIEF_ACCOUNTANT}
    assert _settings(one_time_code_keys="").code_ring is None
    for wrong in (
        {"one_time_code_keys": "", "one_time_codes_for": "ADMIN"},
        {"one_time_code_keys": key, "one_time_codes_for": "admins"},
    ):
        with pytest.raises(ValidationError):
            _settings(**wrong)
