"""Every endpoint of a service, with a request for each that nothing is wrong with: for tests that walk all of
them."""

from typing import Any
from uuid import UUID

import httpx

from processes.bootstrap import ROOT_CODE, shipped_packs
from tests.intake_cases import PDF
from tests.service_cases import Opened

PUBLIC = {
    "/health",
    "/livez",
    "/readyz",
    "/oauth2/authorize",
    "/oauth2/token",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
}
PACK = shipped_packs()[0]
DAY = "2026-01-31"
SPAN = {"code": "x", "opens_on": DAY, "closes_on": DAY}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/units"): {
        "parent_id": "{unit_id}",
        "code": "x",
        "name": "x",
        "level": "SCHOOL",
        "valid_from": DAY,
    },
    ("patch", "/v1/units/{unit_id}"): {"name": "x", "valid_to": None},
    ("post", "/v1/units/{unit_id}/move"): {"parent_id": "{unit_id}"},
    ("post", "/v1/transitions"): {"pack": "two-tier-since-2025-07-01", "version": 1},
    ("post", "/v1/transitions/{transition_id}/choices"): {
        "choice": "END_HERE",
        "dossier_ids": ["00000000-0000-0000-0000-000000000001"],
    },
    ("post", "/v1/people"): {"code": "x", "full_name": "x"},
    ("patch", "/v1/people/{person_id}"): {
        "full_name": "x",
        "date_of_birth": None,
        "mail_address": None,
    },
    ("put", "/v1/people/{person_id}/account"): {"username": "x1"},
    ("post", "/v1/people/{person_id}/account/closing"): {"reason": "x"},
    ("post", "/v1/people/{person_id}/account/reopening"): {"reason": "x"},
    ("post", "/v1/people/{person_id}/identities"): {"issuer": "https://x.vn", "subject": "x"},
    ("post", "/v1/posts/{post_id}/proposals"): {"person_id": "{person_id}", "held_from": DAY},
    ("post", "/v1/me/password"): {"old": "x", "new": "x" * 12},
    ("post", "/v1/people/{person_id}/leaves"): {"starts_on": DAY, "ends_on": DAY},
    ("post", "/v1/people/{person_id}/delegations"): {
        "delegate_id": "{delegate_id}",
        "unit_id": "{unit_id}",
        "starts_on": DAY,
        "ends_on": DAY,
        "reason": "x",
    },
    ("post", "/v1/posts"): {"unit_id": "{unit_id}", "kind": "STAFF", "title": "x"},
    ("post", "/v1/posts/{post_id}/holdings"): {"person_id": "{person_id}", "held_from": DAY},
    ("post", "/v1/holdings/{holding_id}/end"): {"held_to": DAY},
    ("put", "/v1/calendar"): {"holidays": [], "make_up_days": [], "reason": "x"},
    ("post", "/v1/calendar/breaks"): {
        "unit_id": "{unit_id}",
        "first_day": DAY,
        "last_day": DAY,
        "name": "x",
        "reason": "x",
    },
    ("post", "/v1/calendar/breaks/{break_id}/end"): {"reason": "x"},
    ("post", "/v1/seasons"): {**SPAN, "name": "x"},
    ("post", "/v1/seasons/{season_id}/rounds"): SPAN,
    ("post", "/v1/policy-packs"): {**PACK.model_dump(mode="json"), "version": 99},
    ("put", "/v1/policy-packs/drafts/{draft_id}"): {**PACK.model_dump(mode="json"), "version": 98},
    ("post", "/v1/imports"): {
        "valid_from": DAY,
        "posts": [{"unit_code": ROOT_CODE, "kind": "STAFF", "title": "x", "held_from": DAY}],
    },
    ("post", "/v1/notices/read"): {"ids": []},
    ("put", "/v1/people/{person_id}/notice-settings"): {"mail_address": None},
    ("post", "/v1/webhooks"): {"url": "https://hooks.example.vn/", "kinds": ["REMINDED"]},
    ("post", "/v1/webhooks/{webhook_id}/replay"): {"delivery_id": "{delivery_id}"},
    ("post", "/v1/dossiers"): {"unit_id": "{unit_id}", "season_id": "{unit_id}"},
    ("put", "/v1/dossiers/{dossier_id}/content"): {},
    ("post", "/v1/dossiers/{dossier_id}/share-confirmation"): {"contribution_percent": "20.00"},
    ("post", "/v1/dossiers/{dossier_id}/share-refusal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/takeover"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/withdrawal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/rejection"): {"ground": "INCOMPLETE", "reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/supplement-notice"): {"defects": ["x"]},
    ("post", "/v1/forecast/backtest"): {"level": "UNIT", "days": 30, "ladder": []},
    ("post", "/v1/stages/{stage_id}/decision"): {"outcome": "RECOGNISED"},
    ("put", "/v1/score-sheets/{sheet_id}"): {"scores": {}},
    ("post", "/v1/awards/{award_id}/rejection"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/reversal"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/payees/{outside_id}"): {
        "person_id": "00000000-0000-0000-0000-000000000001"
    },
    ("post", "/v1/clocks/{about_id}/extension"): {"amount": 1, "reason": "x"},
    ("post", "/v1/clocks/{about_id}/suspension"): {"kind": "COMPLAINT", "reason": "x"},
    ("post", "/v1/clocks/{about_id}/resumption"): {"reason": "x"},
    ("post", "/v1/run-alarms/{alarm_id}/dismissal"): {"reason": "x"},
    ("post", "/v1/runs/{about_id}/restart"): {"reason": "x"},
    ("post", "/v1/payment-lists"): {"unit_id": "{unit_id}"},
    ("post", "/v1/payment-lists/{list_id}/confirmation"): {"statement_reference": "x"},
}
QUERIES = {
    "ids": "{person_id}",
    "unit_id": "{unit_id}",
    "dossier_id": "{dossier_id}",
    "year": "2026",
    "filename": "a.pdf",
    "other": "two-tier-since-2025-07-01@1",
}


def _filled(value: Any, found: Opened) -> Any:
    return value.format(**found.ids) if isinstance(value, str) else value


def operations_of(found: Opened) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of everything that is not for everybody."""
    paths = found.service.app.openapi()["paths"]
    return [
        (method, path, operation)
        for path, operations in paths.items()
        if path not in PUBLIC
        for method, operation in operations.items()
    ]


async def call(
    found: Opened, method: str, path: str, operation: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    """A request that nothing is wrong with, so that only a right can be missing."""
    wanted = [
        parameter["name"]
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["required"]
    ]
    options: dict[str, Any] = {"params": {name: _filled(QUERIES[name], found) for name in wanted}}
    body = operation.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        options["json"] = {name: _filled(value, found) for name, value in BODIES[method, path].items()}
    elif body:
        options["content"] = PDF
    known = {"name": PACK.name, "version": PACK.version, "number": 1, "outside_id": UUID(int=1)}
    address = path.format(**known | found.ids)
    return await found.service.http.request(
        method, address, headers={"If-Match": '"v1"', **headers}, **options
    )
