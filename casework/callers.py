"""Who calls: the person of whom a token speaks, by the accounts that the organisation publishes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.joined import IS_BEHIND_FOR
from kit.auth import Identity, Principal, Unauthenticated
from kit.db import Tx
from kit.rows import read
from language.refusals import Refusal
from language.views import View
from language.words.base import Coded

_UNKNOWN: Final = Coded("account unknown", "không có tài khoản này", "no such account")
_CLOSED: Final = Coded("account closed", "tài khoản đã đóng", "the account is closed")
_SIGNED_OUT: Final = Coded("signed out", "đã đăng xuất", "signed out")


class RecordsBeingJoined(Refusal):
    """Two records of the caller were joined, and this service has not carried everything over yet."""

    status = 503
    vi = "Hai bản ghi của bạn vừa được gộp, hệ thống đang chuyển dữ liệu sang. Hãy thử lại sau ít giây."
    en = "Two records of yours were just joined and are being carried over. Try again in a few seconds."


FIND = f"""
select i.person_id, i.disabled, i.tokens_not_before, {IS_BEHIND_FOR.format("i.person_id")} as is_being_joined
from {View.IDENTITIES} i where i.issuer = $1 and i.subject = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    person_id: UUID
    disabled: bool
    tokens_not_before: datetime | None
    is_being_joined: bool


async def find_caller(tx: Tx, identity: Identity) -> Principal:
    """The person; `Unauthenticated` for an account that nobody has, that is closed, or whose tokens from then
    are no longer taken. While this service still knows the person as two, the person does nothing in it: no
    rule that keeps people out of their own matter would see one."""
    row = await tx.conn.fetchrow(FIND, identity.issuer, identity.subject)
    if row is None:
        raise Unauthenticated(reason=_UNKNOWN)
    account = read(_Account, row)
    if account.disabled:
        raise Unauthenticated(reason=_CLOSED)
    if account.tokens_not_before and identity.issued_at < account.tokens_not_before:
        raise Unauthenticated(reason=_SIGNED_OUT)
    if account.is_being_joined:
        raise RecordsBeingJoined
    return Principal(person_id=account.person_id)
