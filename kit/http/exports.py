"""Any list as a table: `Accept: text/csv` or that of a workbook. The pages of the list are asked for one
after the other, with the caller's rights and filters each time, and sent on as they come."""

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.http.columns import Column, columns_of, shown
from kit.http.inside import ask
from kit.http.problems import problem_response
from kit.http.refusals import NoTableOfThis, ParameterUnknown
from kit.http.workbook import Cell, Workbook
from language.words.columns import heading

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: Final = (CSV, XLSX)
_LARGEST_PAGE: Final = "200"
_OF_PAGES: Final = ("limit", "after")
_LIST_FIELDS: Final = {"items", "next", "count", "more"}
_NUMBER = re.compile(r"[+-]?\d{1,30}([.,]\d{1,30})?")
_FORMULA: Final = re.compile(r'(^|[;\t]"*)(?=[=+\-@\t\r\n＝＋－＠])|([\r\n]"*)(?=[=+\-@＝＋－＠])')
"""Where a spreadsheet may find something to compute, or to fetch: at the beginning of a cell, and, by the
separators of another language of its user, inside, where what is quoted for ours is not quoted for it: there
each line is a row."""


_List = tuple[re.Pattern[str], Mapping[str, Column]]


class PageLost(Exception):
    """A later page was refused. The connection breaks, so that nobody takes half a list for the whole."""


class _Table(Protocol):
    """Rows in, bytes out."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> bytes: ...

    def close(self) -> bytes: ...


class CsvTable:
    """UTF-8 with a byte order mark, by which spreadsheets know it; nothing in it is a formula."""

    def __init__(self, header: Sequence[str]) -> None:
        self._text = io.StringIO(newline="")
        self._text.write("\ufeff")
        self._writer = csv.writer(self._text)
        self._writer.writerow(header)

    def write(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """Add rows; what can be sent already."""
        self._writer.writerows([[_plain(value) for value in row] for row in rows])
        return self.close()

    def close(self) -> bytes:
        """What was not taken yet."""
        taken = self._text.getvalue().encode("utf-8", "replace")
        self._text.seek(0)
        self._text.truncate()
        return taken


_KINDS: Final[Mapping[str, tuple[str, Callable[[Sequence[str]], _Table]]]] = {
    CSV: ("csv", CsvTable),
    XLSX: ("xlsx", Workbook),
}


def _plain(value: Cell) -> str:
    text = shown(value)
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1\2'", text)


class Exports:
    """Answers a list as a table where the request asks for one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lists: list[_List] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or ask for page after page and answer with all of them."""
        media = _wanted(scope)
        if media is None:
            await self._app(scope, receive, send)
            return
        columns = self._columns_of(scope["app"], scope["path"])
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if columns is None:
            await problem_response(NoTableOfThis())(scope, receive, send)
            return
        if paged := [name for name, _ in asked if name in _OF_PAGES]:
            refusal = ParameterUnknown(names=", ".join(paged), known="–")
            await problem_response(refusal)(scope, receive, send)
            return
        first = await ask(self._app, scope, query=asked)
        if first.status != 200:
            await first.replay(send)
            return
        ending, make = _KINDS[media]
        name = scope["path"].rstrip("/").rsplit("/", 1)[-1]
        headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        content = self._table(scope, asked, first.json, (columns, make([heading(one) for one in columns])))
        await StreamingResponse(content, media_type=media, headers=headers)(scope, receive, send)

    def _columns_of(self, app: FastAPI, path: str) -> Mapping[str, Column] | None:
        """The fields of a row of the list at this path, and what each holds."""
        if self._lists is None:
            self._lists = _lists_of(app.openapi())
        return next((columns for at, columns in self._lists if at.match(path)), None)

    async def _table(
        self,
        scope: Scope,
        asked: Sequence[tuple[str, str]],
        page: Mapping[str, Any],
        into: tuple[Mapping[str, Column], _Table],
    ) -> AsyncIterator[bytes]:
        columns, table = into
        while True:
            yield table.write(
                [[column.cell(item.get(name)) for name, column in columns.items()] for item in page["items"]]
            )
            if page["next"] is None:
                break
            more = [*asked, ("limit", _LARGEST_PAGE), ("after", page["next"])]
            following = await ask(self._app, scope, query=more)
            if following.status != 200:
                raise PageLost
            page = following.json
        yield table.close()


def _wanted(scope: Scope) -> str | None:
    """The table that the request asks for before anything else."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    first = Headers(scope=scope).get("accept", "").split(",")[0].split(";")[0].strip().lower()
    return first if first in _KINDS else None


def item_of(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The description of a row, where the operation answers with a list."""
    kinds = schema["components"]["schemas"]
    answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    page = kinds.get(_name(answer.get("schema", {})), {}).get("properties", {})
    if not page.keys() >= _LIST_FIELDS:
        return None
    row: Mapping[str, Any] | None = kinds.get(_name(page["items"].get("items", {})))
    return row


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _lists_of(schema: Mapping[str, Any]) -> list[_List]:
    found: list[_List] = []
    for path, operations in schema["paths"].items():
        row = item_of(schema, operations["get"]) if "get" in operations else None
        if row is not None:
            found.append((compile_path(path)[0], columns_of(row, schema["components"]["schemas"])))
    return found
