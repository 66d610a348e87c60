"""Passwords: hashed, checked, and refused where others would guess them."""

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from services.organisation.sign_in.domain.passwords import is_easy, normalise
from services.organisation.sign_in.domain.refusals import PasswordTooEasy

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_COMMON = Path(__file__).with_name("common_passwords.txt")


async def hash_password(password: str) -> str:
    """argon2id, in a thread."""
    return await asyncio.to_thread(_HASHER.hash, normalise(password))


async def is_right(password: str, password_hash: str | None) -> bool:
    """Whether it is the password. Takes as long for an account that has none, or is not there."""
    return await asyncio.to_thread(_verify, normalise(password), password_hash)


def is_guessed(password: str, username: str) -> bool:
    """Others would guess it."""
    return is_easy(password, username, _common())


def require_hard(password: str, username: str) -> None:
    """`PasswordTooEasy` for what others would guess."""
    if is_guessed(password, username):
        raise PasswordTooEasy


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and password_hash is not None
    except VerificationError:
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody")


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
