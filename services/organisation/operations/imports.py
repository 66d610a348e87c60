"""A list of units, people, posts and accounts at once; repeat-safe by codes, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from casework import rights
from casework.history.record import record_all
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events.base import Fact
from language.events.organisation import ListImported
from language.ids import PostId
from language.posts.kinds import ADMINS, PostKind
from language.posts.reach import PostChanged
from language.refusals import Forbidden
from language.text import fold
from language.written import require_birth
from services.organisation.domain.levels import FROM_ABOVE, given_by, may_lie_below
from services.organisation.domain.person import Person
from services.organisation.domain.post import Post
from services.organisation.domain.refusals import (
    ImportRefused,
    LevelOutOfOrder,
    NeedsSecondAdministrator,
)
from services.organisation.domain.unit import Unit
from services.organisation.operations.people import appoint
from services.organisation.operations.recording import (
    account_saved,
    person_created,
    post_created,
    unit_created,
)
from services.organisation.operations.rights import (
    admin_over_person,
    is_province_administrator,
    require_appointing,
    require_taken_over,
)
from services.organisation.operations.roster_changes import write_change
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.refusals import PasswordTooEasy
from services.organisation.sign_in.operations.passwords import require_hard
from services.organisation.sign_in.store import accounts
from services.organisation.store import people, units


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit under another of the list or of those that are there."""

    code: str
    parent_code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person, with the account to sign in with and the address to be mailed at, if any."""

    code: str
    full_name: str
    date_of_birth: date | None
    username: str | None
    password_hash: str | None
    mail_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post and who holds it from a day on."""

    unit_code: str
    kind: PostKind
    title: str
    person_code: str | None
    held_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRows:
    """Everything to import. `valid_from` is the first day of new units."""

    valid_from: date
    units: Sequence[UnitRow]
    people: Sequence[PersonRow]
    posts: Sequence[PostRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What is new, and the id of every code of the list."""

    created: dict[str, int]
    unit_ids: dict[str, UUID]
    person_ids: dict[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """An import under way: by whom, how much was new so far, and what is to be recorded of whom."""

    tx: Tx
    caller: Principal
    created: dict[str, int]
    facts: list[tuple[UUID, Fact]] = field(default_factory=list)


def require_hard_passwords(rows: Sequence[PersonRow], passwords: Mapping[str, str]) -> None:
    """`ImportRefused`, with the row, for a password that others would guess."""
    for row in rows:
        try:
            if password := passwords.get(row.code):
                require_hard(password, row.username or "")
        except PasswordTooEasy as refusal:
            raise ImportRefused(reason=f"person {row.code}: {refusal.code}") from refusal


async def import_rows(tx: Tx, caller: Principal, rows: ImportRows) -> Imported:
    """Write what is missing."""
    admin_posts = await rights.posts_of(tx, caller, ADMINS)
    if not admin_posts:
        raise Forbidden
    await units.lock_imports(tx)
    created = dict.fromkeys(("units", "people", "posts", "holdings", "accounts"), 0)
    writing = _Writing(tx=tx, caller=caller, created=created)
    paths = await _write_units(writing, rows)
    person_ids = await _write_people(writing, rows.people)
    touched = await _write_posts(writing, rows.posts, paths, person_ids)
    actor = rights.in_post(caller, admin_posts[0])
    await record_all(tx, [*writing.facts, (caller.person_id, ListImported(**created))], actor=actor)
    if touched:
        first_day = min((row.held_from for row in rows.posts), default=local_day(tx.now))
        await write_change(tx, [PostChanged(post_id=PostId(post)) for post in touched], first_day, None)
    unit_ids = {code: path[-1] for code, path in paths.items()}
    return Imported(created=created, unit_ids=unit_ids, person_ids=person_ids)


async def _write_units(writing: _Writing, rows: ImportRows) -> dict[str, Sequence[UUID]]:
    tx, caller = writing.tx, writing.caller
    codes = (
        {row.code for row in rows.units}
        | {row.parent_code for row in rows.units}
        | {row.unit_code for row in rows.posts}
    )
    known = await units.units_by_code(tx, sorted(codes))
    paths: dict[str, Sequence[UUID]] = {code: path for code, (_, path) in known.items()}
    if paths:
        await rights.require_over_all(tx, caller, ADMINS, list(paths.values()))
    levels = await units.levels_of(tx, {unit for path in paths.values() for unit in path})
    for row in rows.units:
        if row.code in paths:
            continue
        parent = paths.get(row.parent_code)
        if parent is None:
            raise ImportRefused(reason=f"unit {row.code}: parent {row.parent_code}")
        if not may_lie_below(row.level, [levels[unit] for unit in parent]):
            raise LevelOutOfOrder(level=row.level)
        unit_id = new_id()
        levels[unit_id] = row.level
        unit = Unit(
            id=unit_id,
            parent_id=parent[-1],
            path=[*parent, unit_id],
            code=row.code,
            name=row.name,
            level=row.level,
            valid_from=rows.valid_from,
            valid_to=None,
            version=1,
        )
        if not await units.insert_unit(tx, unit):
            raise ImportRefused(reason=f"unit {row.code}")
        writing.facts.append((unit.id, unit_created(unit)))
        writing.created["units"] += 1
        paths[row.code] = unit.path
    return paths


async def _write_people(writing: _Writing, rows: Sequence[PersonRow]) -> dict[str, UUID]:
    tx, caller = writing.tx, writing.caller
    ids = await people.people_by_code(tx, [row.code for row in rows])
    for row in rows:
        is_new = row.code not in ids
        if is_new:
            require_birth(row.date_of_birth, local_day(tx.now))
            ids[row.code] = new_id()
            person = Person(
                id=ids[row.code],
                code=row.code,
                full_name=row.full_name,
                date_of_birth=row.date_of_birth,
                mail_address=row.mail_address,
                version=1,
            )
            if not await people.insert_person(tx, person, fold(row.full_name)):
                raise ImportRefused(reason=f"person {row.code}")
            writing.facts.append((person.id, person_created(person)))
            writing.created["people"] += 1
        if row.username and (is_new or await _may_have_account(tx, caller, row.username, ids[row.code])):
            before = None if is_new else await accounts.lock_account_of(tx, ids[row.code])
            await _write_account(writing, row, ids[row.code], before)
    return ids


async def _may_have_account(tx: Tx, caller: Principal, username: str, person_id: UUID) -> bool:
    """Somebody who was there before gets an account only from an administrator over all of their units; one
    who has it keeps it."""
    existing = await accounts.find_account(tx, username)
    if existing and existing.person_id == person_id:
        return False
    await admin_over_person(tx, caller, person_id)
    return True


async def _write_account(writing: _Writing, row: PersonRow, person_id: UUID, before: Account | None) -> None:
    username, password_hash = row.username or "", row.password_hash
    by = writing.caller.person_id
    if not await accounts.save_account(writing.tx, username, person_id, password_hash, set_by=by):
        raise ImportRefused(reason=f"account {username}")
    fact = account_saved(before, username, password_set=password_hash is not None)
    writing.facts.append((person_id, fact))
    writing.created["accounts"] += 1


async def _write_posts(
    writing: _Writing,
    rows: Sequence[PostRow],
    paths: dict[str, Sequence[UUID]],
    person_ids: dict[str, UUID],
) -> list[UUID]:
    """The posts that are new, or newly held."""
    tx = writing.tx
    unknown = {row.person_code for row in rows if row.person_code and row.person_code not in person_ids}
    person_ids = {**person_ids, **await people.people_by_code(tx, sorted(unknown))}
    unit_ids = [path[-1] for path in paths.values()]
    known = {
        (post.unit_id, post.kind, post.title): post.id for post in await people.posts_of_units(tx, unit_ids)
    }
    until = await people.held_until(tx, unit_ids)
    appointed = [
        (row.kind, person_ids[row.person_code], path)
        for row in rows
        if (path := paths.get(row.unit_code)) and row.person_code and row.person_code in person_ids
        # Who holds the post already gets nothing by this row.
        if (post_id := known.get((path[-1], row.kind, row.title))) is None
        or until.get((post_id, person_ids[row.person_code]), date.min) < row.held_from
    ]
    made = [
        given_by(row.kind, path)
        for row in rows
        if (path := paths.get(row.unit_code)) and (path[-1], row.kind, row.title) not in known
    ]
    await _require_giving(tx, writing.caller, made, appointed)
    touched: list[UUID] = []
    for row in rows:
        path = paths.get(row.unit_code)
        if path is None or (row.person_code and row.person_code not in person_ids):
            raise ImportRefused(reason=f"post {row.title}: {row.unit_code} / {row.person_code}")
        key = (path[-1], row.kind, row.title)
        if key not in known:
            known[key] = new_id()
            touched.append(known[key])
            post = Post(id=known[key], unit_id=path[-1], kind=row.kind, title=row.title)
            if not await people.insert_post(tx, post):
                raise ImportRefused(reason=f"post {row.title}: {row.unit_code}")
            writing.facts.append((post.id, post_created(post)))
            writing.created["posts"] += 1
        person_id = person_ids.get(row.person_code or "")
        if person_id and until.get((known[key], person_id), date.min) < row.held_from:
            _, facts = await appoint(tx, known[key], person_id, (row.held_from, None))
            writing.facts.extend(facts)
            until[known[key], person_id] = date.max
            touched.append(known[key])
            writing.created["holdings"] += 1
    return touched


async def _require_giving(
    tx: Tx,
    caller: Principal,
    made: Sequence[Sequence[UUID]],
    appointed: Sequence[tuple[PostKind, UUID, Sequence[UUID]]],
) -> None:
    """The same rights as for posts that are made and given one by one."""
    if appointed:
        given = [(person_id, given_by(kind, path)) for kind, person_id, path in appointed]
        await require_appointing(tx, caller, given)
    if made:
        await rights.require_over_all(tx, caller, ADMINS, made)
    if any(is_province_administrator(kind, path) for kind, _, path in appointed):
        raise NeedsSecondAdministrator
    signing = [person_id for kind, person_id, _ in appointed if kind in FROM_ABOVE]
    await require_taken_over(tx, caller, signing)
