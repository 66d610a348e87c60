"""Making a person nameless in the rows of one service: what the declarations say, in their order backwards,
for what hangs on another row is declared behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework.history.record import record
from casework.personal.fate import Blanked, Goes, Stays
from casework.personal.held import Held, PersonalData, Withheld
from casework.personal.whose import Whose
from kit.db import Tx
from language.events.actor import Actor
from language.events.history import PersonalRowsErased


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """So many rows of a table go, or lose what is personal (`is_deleted` false)."""

    table: str
    rows: int
    is_deleted: bool


async def rows_to_erase(tx: Tx, data: PersonalData, whose: Whose) -> list[Touched]:
    """What would be touched; nothing when it is done already."""
    found = []
    for one, condition in _parts(data, whose):
        count = await tx.conn.fetchval(
            f"select count(*) from {one.table} t where {condition}", *_given(condition, whose)
        )
        if count:
            found.append(Touched(table=one.table, rows=count, is_deleted=isinstance(one.fate, Goes)))
    return found


async def erase_rows(
    tx: Tx, data: PersonalData, whose: Whose, *, grounds: str, actor: Actor
) -> list[Touched]:
    """Touch them, recorded before the first row is; what was touched. Whether the actor may, and whether the
    terms are over, is the caller's question."""
    found = await rows_to_erase(tx, data, whose)
    if not found:
        return []
    fact = PersonalRowsErased(
        tables=tuple(one.table for one in found), keeps_name=whose.keeps_name, grounds=grounds
    )
    await record(tx, fact, about=whose.person_id, actor=actor)
    for one, condition in _parts(data, whose):
        await _carry_out(tx, one, condition, whose)
    return found


async def _carry_out(tx: Tx, one: Held | Withheld, condition: str, whose: Whose) -> None:
    if isinstance(one.fate, Goes):
        await tx.conn.execute(f"delete from {one.table} t where {condition}", *_given(condition, whose))
    elif isinstance(one.fate, Blanked):
        columns = _columns(one.fate, whose)
        if one.fate.is_versioned:
            columns["version"] = "t.version + 1"
        written = ", ".join(f"{name} = {expression}" for name, expression in columns.items())
        statement = f"update {one.table} t set {written} where {condition}"
        async with _guard_lifted(tx, one.table):
            await tx.conn.execute(statement, *_given(statement, whose))


def _parts(data: PersonalData, whose: Whose) -> list[tuple[Held | Withheld, str]]:
    """Each declaration by which rows are touched, with the condition that finds them."""
    everything: list[Held | Withheld] = [*reversed(data.withheld), *reversed(data.held)]
    return [(one, condition) for one in everything if (condition := _condition(one, whose))]


def _condition(one: Held | Withheld, whose: Whose) -> str:
    fate = one.fate
    if isinstance(fate, Goes):
        return _own(one, fate.by)
    if not isinstance(fate, Blanked) or not (columns := _columns(fate, whose)):
        return ""
    changed = " or ".join(f"t.{name} is distinct from {made}" for name, made in columns.items())
    left = f" and not ({fate.spared})" if fate.spared else ""
    return f"{_own(one, fate.by)} and ({changed}){left}"


def _own(one: Held | Withheld, by: str) -> str:
    return f"t.{by} = any($1)" if by else f"({one.of_person})"


def _columns(fate: Blanked, whose: Whose) -> dict[str, str]:
    return {**fate.at_once} if whose.keeps_name else {**fate.at_once, **fate.with_the_name}


def _given(statement: str, whose: Whose) -> list[list[UUID]]:
    """PostgreSQL wants no value that a statement does not name."""
    return [[*whose.record_ids], [*whose.kept_dossiers]][: 2 if "$2" in statement else 1]


def kept(data: PersonalData) -> list[tuple[str, Stays | Blanked]]:
    """Which tables keep rows of the person, and why."""
    everything: list[Held | Withheld] = [*data.held, *data.withheld]
    return [(one.table, one.fate) for one in everything if isinstance(one.fate, Stays | Blanked)]


GUARDS: Final = """
select quote_ident(t.tgname) from pg_trigger t join pg_proc f on f.oid = t.tgfoid
where t.tgrelid = to_regclass($1) and f.proname = 'refuse_change' and t.tgtype & 16 > 0
"""


@asynccontextmanager
async def _guard_lifted(tx: Tx, table: str) -> AsyncIterator[None]:
    """A table that is final lets itself be changed by whoever owns it, inside this transaction only: no role
    of a service may lift the guard."""
    guards = [row[0] for row in await tx.conn.fetch(GUARDS, table)]
    for guard in guards:
        await tx.conn.execute(f"alter table {table} disable trigger {guard}")
    yield
    for guard in guards:
        await tx.conn.execute(f"alter table {table} enable trigger {guard}")
