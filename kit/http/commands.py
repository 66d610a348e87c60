"""A command over HTTP: done once for its Idempotency-Key, in one transaction with the answer that a repeat
will get."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kit.auth import Identity, Principal
from kit.db import CLASHES, Database, Tx
from kit.http.models import DryRun
from kit.http.refusals import IdempotencyKeyMissing, IdempotencyKeyReused, IfMatchMissing
from kit.inserts import Insert
from kit.rows import read

T = TypeVar("T")

_TRIES = 4
_KEY_LENGTHS = range(16, 201)


FindCaller = Callable[[Tx, Identity], Awaitable[Principal]]
"""Who the person is of whom a token speaks; `Unauthenticated` when there is none."""


async def current_identity(request: Request) -> Identity:
    """Of whom the bearer token speaks; `TokenFirst` has checked it before the body was read."""
    identity: Identity = request.state.identity
    return identity


Authenticated = Annotated[Identity, Depends(current_identity)]


async def current_principal(request: Request, identity: Authenticated) -> Principal:
    """The person who calls, for what only reads. A command finds the person in its own transaction."""
    database: Database = request.app.state.database
    find: FindCaller = request.app.state.find_caller
    async with database.reading() as tx:
        return await find(tx, identity)


Caller = Annotated[Principal, Depends(current_principal)]


async def database_of(request: Request) -> Database:
    """The service's database. Asynchronous, for FastAPI runs a plain function in a thread."""
    database: Database = request.app.state.database
    return database


Db = Annotated[Database, Depends(database_of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _KeptAnswer:
    """What a command answered, and to which request."""

    request_hash: str
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What is answered now, and the body that a repeat gets."""

    first: Response
    kept_body: bytes


FIND = "select request_hash, status, headers, body from idempotency_keys where caller_id = $1 and key = $2"
KEEP = Insert("idempotency_keys", "caller_id, key, request_hash, status, headers, body")


class Command:
    """What a command endpoint works with: `await command.run(operation, DossierOut.of, status=201)`.

    The key is kept as its hash only, and salts the hash of the request. Otherwise whoever reads the table
    could try the few things that a request can have said, a vote of a secret ballot or a weak password, until
    one fits."""

    def __init__(self, request: Request, identity: Identity, key: str, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self._identity = identity
        self._find: FindCaller = request.app.state.find_caller
        self._caller: Principal | None = None
        self._request = request
        self._salt = key
        digest = sha256(key.encode())
        self._key = digest.hexdigest()
        self._turn = int.from_bytes(digest.digest()[:8], signed=True)
        self._database: Database = request.app.state.database

    @property
    def caller(self) -> Principal:
        """The person who calls, as the operation's own transaction has found them."""
        if self._caller is None:
            raise AssertionError("the caller is known inside the operation")
        return self._caller

    def part(self, number: int) -> "Command":
        """A command of its own for a part of this request, with a key of its own."""
        return Command(self._request, self._identity, f"{self._salt}/{number}", dry_run=self.dry_run)

    async def run(
        self,
        operation: Callable[[Tx], Awaitable[T]],
        show: Callable[[T], BaseModel],
        *,
        status: int = 200,
        location: Callable[[T], str] | None = None,
        content_hash: str = "",
        show_again: Callable[[T], BaseModel] | None = None,
    ) -> Response:
        """Run the operation once and answer; a repeat gets the first answer with `Idempotency-Replayed:
        true`, or what `show_again` leaves of it: a secret is shown once, and kept nowhere in the open. A dry
        run is tried out instead.

        A refusal leaves nothing behind, so the same key may be tried again. `content_hash` stands for a body
        that was streamed elsewhere."""
        if self.dry_run:
            return await self.try_out(operation, show)
        request_hash = await self._hash(content_hash)

        def answers(value: T) -> _Answers:
            first = _answer(value, show, status, location)
            body = show_again(value).model_dump_json().encode() if show_again else bytes(first.body)
            return _Answers(first=first, kept_body=body)

        return await _past_clashes(lambda: self._run_once(request_hash, operation, answers))

    async def allow(self, question: Callable[[Tx], Awaitable[object]]) -> None:
        """Whether the caller may, asked before the work that a request makes is begun; the operation asks
        again in its own transaction."""
        async with self._database.reading() as tx:
            self._caller = await self._find(tx, self._identity)
            await question(tx)

    async def try_out(
        self, operation: Callable[[Tx], Awaitable[T]], show: Callable[[T], BaseModel]
    ) -> Response:
        """A dry run: the operation itself, with its rights and refusals, in a transaction that is never kept.
        No key is used up, and the answer has no ETag, for there is nothing yet that could be edited."""
        return await _past_clashes(lambda: self._try_once(operation, show))

    async def _try_once(
        self, operation: Callable[[Tx], Awaitable[T]], show: Callable[[T], BaseModel]
    ) -> Response:
        async with self._database.trial() as tx:
            self._caller = await self._find(tx, self._identity)
            return Response(show(await operation(tx)).model_dump_json(), media_type="application/json")

    async def _hash(self, content_hash: str) -> str:
        body = b"" if content_hash else await self._request.body()
        url = self._request.url
        head = (
            f"{self._request.method} {url.path}?{url.query} {self._request.headers.get('if-match', '')} "
            f"{content_hash}\n"
        )
        plain_hash = sha256(head.encode() + body).hexdigest()
        return sha256(f"{self._salt} {plain_hash}".encode()).hexdigest()

    async def _run_once(
        self, request_hash: str, operation: Callable[[Tx], Awaitable[T]], answer: Callable[[T], _Answers]
    ) -> Response:
        # A repeat waits here for the command it repeats, and so finds its answer.
        async with self._database.transaction(turn=self._turn) as tx:
            self._caller = await self._find(tx, self._identity)
            if kept := await tx.conn.fetchrow(FIND, self.caller.person_id, self._key):
                return _repeated(read(_KeptAnswer, kept), request_hash)
            answers = answer(await operation(tx))
            response = answers.first
            headers = {
                name: response.headers[name] for name in ("location", "etag") if name in response.headers
            }
            row = KEEP.row(
                caller_id=self.caller.person_id,
                key=self._key,
                request_hash=request_hash,
                status=response.status_code,
                headers=headers,
                body=answers.kept_body,
            )
            await tx.conn.execute(KEEP.statement, *row)
            return response


def _repeated(kept: _KeptAnswer, request_hash: str) -> Response:
    if kept.request_hash != request_hash:
        raise IdempotencyKeyReused
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return Response(kept.body, status_code=kept.status, media_type="application/json", headers=headers)


async def _past_clashes(attempt: Callable[[], Awaitable[Response]]) -> Response:
    for _ in range(_TRIES - 1):
        try:
            return await attempt()
        except CLASHES:
            continue
    return await attempt()


def _answer(
    value: T, show: Callable[[T], BaseModel], status: int, location: Callable[[T], str] | None
) -> Response:
    headers = {}
    version = getattr(value, "version", None)
    if isinstance(version, int):
        headers["ETag"] = etag(version)
    if location is not None:
        headers["Location"] = location(value)
    return Response(
        show(value).model_dump_json(), status_code=status, media_type="application/json", headers=headers
    )


async def current_command(
    request: Request,
    identity: Authenticated,
    idempotency_key: Annotated[
        str | None, Header(description="A random key for each new command; a repeat gets the first answer")
    ] = None,
    dry_run: DryRun = False,
) -> Command:
    """The command this request gives."""
    key = idempotency_key or ""
    if len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise IdempotencyKeyMissing
    return Command(request, identity, key, dry_run=dry_run)


Commanded = Annotated[Command, Depends(current_command)]


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"v{version}"'


async def if_match_version(
    _: Authenticated,
    if_match: Annotated[str | None, Header(description="ETag of the version you edit")] = None,
) -> int:
    """The version the caller edits; `IfMatchMissing` without one, once the caller is known."""
    text = (if_match or "").strip()
    digits = text[2:-1]
    if not (
        text.startswith('"v')
        and text.endswith('"')
        and digits.isascii()
        and digits.isdigit()
        and len(digits) < 10
    ):
        raise IfMatchMissing
    return int(digits)


IfMatch = Annotated[int, Depends(if_match_version)]


def shown(value: Any, show: Callable[[Any], BaseModel]) -> Response:
    """A resource as read, with its ETag."""
    return _answer(value, show, 200, None)
