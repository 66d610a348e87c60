"""Who may know of what: the form in which a service says it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from kit.auth import Principal
from kit.db import Database, Tx

MayRead: TypeAlias = Callable[[Tx, Principal, UUID], Awaitable[None]]
"""`NotFound` for callers who may not know of this subject."""
NoteLook: TypeAlias = Callable[[Database, Principal, UUID], Awaitable[None]]
"""Writes down that the caller looked at this subject."""
