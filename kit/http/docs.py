"""`/docs`: what an API offers, as one page without script that needs nothing from elsewhere."""

import html
from collections.abc import Callable, Mapping
from typing import Any

from fastapi.responses import HTMLResponse

from kit.http.routers import Router

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
body{{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}}
summary{{padding:.3rem;cursor:pointer}}code{{font-size:.95em}}td{{padding:.2rem .8rem .2rem 0;
vertical-align:top}}details{{border-bottom:1px solid #ddd}}</style></head><body><h1>{title}</h1>
<p>The same for programs: <a href="openapi.json">openapi.json</a></p>{parts}</body></html>"""


def docs_router(openapi: Callable[[], dict[str, Any]]) -> Router:
    """The page, made of what the app says of itself."""
    router = Router(tags=["operations"], include_in_schema=False)

    @router.get("/docs", response_class=HTMLResponse)
    async def show_docs() -> HTMLResponse:
        return HTMLResponse(docs_page(openapi()), headers={"Content-Security-Policy": _POLICY})

    return router


def docs_page(schema: Mapping[str, Any]) -> str:
    """Every operation under its tag, with its parameters and the fields of its body."""
    by_tag: dict[str, list[str]] = {}
    kinds = schema.get("components", {}).get("schemas", {})
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            tag = next(iter(operation.get("tags", [])), "")
            by_tag.setdefault(tag, []).append(_operation(method, path, operation, kinds))
    parts = "".join(f"<h2>{_text(tag)}</h2>{''.join(shown)}" for tag, shown in sorted(by_tag.items()))
    return _PAGE.format(title=_text(schema["info"]["title"]), parts=parts)


def _operation(method: str, path: str, operation: Mapping[str, Any], kinds: Mapping[str, Any]) -> str:
    rows = [
        (parameter["name"], parameter["in"], parameter.get("required", False), parameter["schema"])
        for parameter in operation.get("parameters", [])
    ]
    for body in operation.get("requestBody", {}).get("content", {}).values():
        kind = kinds.get(_kind(body.get("schema", {})), {})
        needed = kind.get("required", [])
        rows += [(name, "body", name in needed, field) for name, field in kind.get("properties", {}).items()]
    table = "".join(
        f"<tr><td><code>{_text(name)}</code><td>{place}<td>{'needed' if needed else ''}"
        f"<td>{_text(_type(field))}"
        for name, place, needed, field in rows
    )
    head = f"<b>{method.upper()}</b> <code>{_text(path)}</code> {_text(operation['summary'])}"
    told = f"<p>{_text(operation.get('description', ''))}</p>"
    return f"<details><summary>{head}</summary>{told}{f'<table>{table}</table>' if table else ''}</details>"


def _type(field: Mapping[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "anyOf" in field:
        return " or ".join(_type(one) for one in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    return _kind(field) or str(field.get("format") or field.get("type") or "anything")


def _kind(field: Mapping[str, Any]) -> str:
    return str(field.get("$ref", "")).rpartition("/")[2]


def _text(text: str) -> str:
    return html.escape(text, quote=True)
