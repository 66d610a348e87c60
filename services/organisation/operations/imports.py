"""A list of units, people, posts and accounts at once; repeat-safe by codes, all or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from casework import rights
from casework.history.record import record_all
from casework.late.acts import Questioned
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Fact
from language.events.organisation import ListImported, PostLeft
from language.ids import PostId
from language.posts.kinds import ADMINS, PostKind
from language.posts.reach import Change, PostChanged
from language.refusals import CodeTaken, Forbidden
from language.text import fold
from services.organisation.domain.import_faults import FaultKind, Part, RowFault
from services.organisation.domain.importing import (
    ImportRows,
    KnownRows,
    PersonRow,
    PostRow,
    Preview,
    Verdict,
)
from services.organisation.domain.levels import FROM_ABOVE, given_by
from services.organisation.domain.person import Person
from services.organisation.domain.post import Post
from services.organisation.domain.refusals import (
    NeedsSecondAdministrator,
    ParentEnded,
    PostOfEndedUnit,
)
from services.organisation.domain.unit import Unit
from services.organisation.operations.delegating import end_resting
from services.organisation.operations.entered import tell_entered
from services.organisation.operations.import_preview import look_through_list, refused
from services.organisation.operations.people import PersonFacts, appoint, correct_person
from services.organisation.operations.recording import (
    account_saved,
    person_created,
    post_created,
    unit_created,
)
from services.organisation.operations.rights import (
    admin_over_identity,
    is_province_administrator,
    require_appointing,
    require_not_ruling,
    require_taken_over,
)
from services.organisation.operations.roster_changes import write_change
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.operations.passwords import is_guessed
from services.organisation.sign_in.operations.ways_in import require_not_appointed_by
from services.organisation.sign_in.store import accounts
from services.organisation.store import people, units


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What is new, and the id of every code of the list."""

    created: dict[str, int]
    unit_ids: dict[str, UUID]
    person_ids: dict[str, UUID]
    preview: Preview
    questioned: Sequence[Questioned] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """An import under way: by whom, how much was new so far, and what is to be recorded of whom."""

    tx: Tx
    caller: Principal
    created: dict[str, int]
    facts: list[tuple[UUID, Fact]] = field(default_factory=list)


def require_hard_passwords(rows: Sequence[PersonRow], passwords: Sequence[str | None]) -> None:
    """`ImportRefused`, with every row whose password others would guess, and every one that gives somebody
    another password than a row before."""
    faults = []
    first: dict[str, int] = {}
    for number, (row, password) in enumerate(zip(rows, passwords, strict=True), start=1):
        before = first.setdefault(row.code, number)
        if passwords[before - 1] != password:
            kind, other = FaultKind.PERSON_TWICE, str(before)
            faults.append(RowFault(part=Part.PEOPLE, row=number, code=row.code, kind=kind, other=other))
        elif password and is_guessed(password, row.username or ""):
            kind = FaultKind.PASSWORD_TOO_EASY
            faults.append(RowFault(part=Part.PEOPLE, row=number, code=row.code, kind=kind))
    if faults:
        raise refused(faults)


async def import_rows(tx: Tx, caller: Principal, rows: ImportRows) -> Imported:
    """Write what is missing; nothing when a row is at fault."""
    admin_posts = await rights.posts_of(tx, caller, ADMINS)
    if not admin_posts:
        raise Forbidden
    await units.lock_imports(tx)
    preview = await look_through_list(tx, caller, rows)
    created = dict.fromkeys(("units", "people", "posts", "holdings", "accounts"), 0)
    writing = _Writing(tx=tx, caller=caller, created=created)
    paths = await _write_units(writing, rows)
    person_ids = await _write_people(writing, rows.people)
    if rows.known is KnownRows.CHANGE:
        await _change_people(writing, rows.people, preview)
    touched = await _write_posts(writing, rows.posts, paths, person_ids)
    actor = rights.in_post(caller, admin_posts[0])
    facts = [*writing.facts, (caller.person_id, ListImported(**created))]
    await tell_entered(tx, facts, await record_all(tx, facts, actor=actor), actor)
    questioned: Sequence[Questioned] = ()
    if touched:
        first_day = min((row.held_from for row in rows.posts), default=local_day(tx.now))
        questioned = await _write_change(writing, actor, touched, first_day)
    unit_ids = {code: path[-1] for code, path in paths.items()}
    return Imported(
        created=created, unit_ids=unit_ids, person_ids=person_ids, preview=preview, questioned=questioned
    )


async def _write_change(
    writing: _Writing, actor: Actor, touched: Sequence[UUID], first_day: date
) -> list[Questioned]:
    """What of these posts is different, and the delegations that rested on posts which others got."""
    changes: list[Change] = [PostChanged(post_id=PostId(post)) for post in touched]
    papers = [*writing.facts]
    for about, fact in writing.facts:
        if isinstance(fact, PostLeft) and fact.held_to.new:
            ended, told = await end_resting(writing.tx, actor, [about], fact.held_to.new + timedelta(days=1))
            changes += ended
            papers += told
    return await write_change(writing.tx, changes, first_day, None, papers)


async def _write_units(writing: _Writing, rows: ImportRows) -> dict[str, Sequence[UUID]]:
    tx = writing.tx
    codes = (
        {row.code for row in rows.units}
        | {row.parent_code for row in rows.units}
        | {row.unit_code for row in rows.posts}
    )
    known = await units.units_by_code(tx, sorted(codes))
    paths: dict[str, Sequence[UUID]] = {code: path for code, (_, path) in known.items()}
    ended = await _ended(tx, [unit_id for unit_id, _ in known.values()])
    for row in rows.units:
        if row.code in paths:
            continue
        parent = paths[row.parent_code]
        if over := ended.get(parent[-1]):
            raise ParentEnded(unit=over.name)
        unit_id = new_id()
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
            raise CodeTaken(code=row.code)
        writing.facts.append((unit.id, unit_created(unit)))
        writing.created["units"] += 1
        paths[row.code] = unit.path
    return paths


async def _ended(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, Unit]:
    """Those of these units whose last day is over."""
    today = local_day(tx.now)
    return {unit.id: unit for unit in await units.some_units(tx, unit_ids) if unit.has_ended(today)}


async def _write_people(writing: _Writing, rows: Sequence[PersonRow]) -> dict[str, UUID]:
    tx, caller = writing.tx, writing.caller
    ids = await people.people_by_code(tx, [row.code for row in rows])
    for row in rows:
        is_new = row.code not in ids
        if is_new:
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
                raise CodeTaken(code=row.code)
            writing.facts.append((person.id, person_created(person)))
            writing.created["people"] += 1
        if row.username and (is_new or await _may_have_account(tx, caller, row, ids[row.code])):
            before = None if is_new else await accounts.lock_account_of(tx, ids[row.code])
            await _write_account(writing, row, ids[row.code], before)
    return ids


async def _change_people(writing: _Writing, rows: Sequence[PersonRow], preview: Preview) -> None:
    """What is known of these people is what the list says, where it says something."""
    for verdict in preview.verdicts:
        if verdict.part is Part.PEOPLE and verdict.verdict is Verdict.CHANGED:
            row = rows[verdict.row - 1]
            known = await people.person_with_code(writing.tx, row.code)
            facts = PersonFacts(
                full_name=row.full_name,
                date_of_birth=row.date_of_birth or known.date_of_birth,
                mail_address=row.mail_address or known.mail_address,
            )
            _, fact, _ = await correct_person(writing.tx, writing.caller, known.id, known.version, facts)
            writing.facts.append((known.id, fact))


async def _may_have_account(tx: Tx, caller: Principal, row: PersonRow, person_id: UUID) -> bool:
    """Somebody who was there before gets an account only from an administrator over all of their units, and
    a password not from one alone where the person administers the province; one who has it keeps it."""
    existing = await accounts.find_account(tx, row.username or "")
    if existing and existing.person_id == person_id:
        return False
    await admin_over_identity(tx, caller, person_id)
    if row.password_hash:
        await require_not_ruling(tx, person_id)
    return True


async def _write_account(writing: _Writing, row: PersonRow, person_id: UUID, before: Account | None) -> None:
    username, password_hash = row.username or "", row.password_hash
    if password_hash:
        await require_not_appointed_by(writing.tx, writing.caller.person_id, person_id)
    by = writing.caller.person_id
    if not await accounts.save_account(writing.tx, username, person_id, password_hash, set_by=by):
        raise CodeTaken(code=username)
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
    new = [
        (row.kind, path)
        for row in rows
        if (path := paths.get(row.unit_code)) and (path[-1], row.kind, row.title) not in known
    ]
    await _require_giving(tx, writing.caller, [given_by(kind, path) for kind, path in new], appointed)
    await _require_standing(tx, {path[-1] for _, path in new} | {path[-1] for _, _, path in appointed})
    touched: list[UUID] = []
    for row in rows:
        path = paths[row.unit_code]
        key = (path[-1], row.kind, row.title)
        if key not in known:
            known[key] = new_id()
            touched.append(known[key])
            post = Post(id=known[key], unit_id=path[-1], kind=row.kind, title=row.title)
            if not await people.insert_post(tx, post):
                raise CodeTaken(code=row.title)
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


async def _require_standing(tx: Tx, unit_ids: Collection[UUID]) -> None:
    """Posts are made and given in units that stand."""
    for unit in (await _ended(tx, unit_ids)).values():
        if unit.valid_to is not None:
            raise PostOfEndedUnit(unit=unit.name, last_day=unit.valid_to)


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
