"""Every endpoint of a service, with a request for each that nothing is wrong with: for tests that walk all of
them."""

from base64 import b64encode
from typing import Any

import httpx

from processes.bootstrap import ROOT_CODE, shipped_packs
from tests.intake_cases import PDF
from tests.service_cases import Opened
from tests.workbooks import HEADER, row, workbook

PUBLIC = {
    "/health",
    "/livez",
    "/readyz",
    "/oauth2/authorize",
    "/oauth2/device",
    "/oauth2/device_authorization",
    "/oauth2/forgotten",
    "/oauth2/password",
    "/oauth2/token",
    "/oauth2/revoke",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
}
PACK = shipped_packs()[0]
DAY = "2026-01-31"
NOON = "2026-07-01T12:00:00Z"
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
    ("post", "/v1/successions"): {
        "document": "x",
        "from_day": "2999-01-01",
        "steps": [{"kind": "RENAMES", "unit_id": "00000000-0000-0000-0000-000000000001", "name": "x"}],
    },
    ("post", "/v1/joinings"): {
        "kept_id": "{kept_id}",
        "joined_id": "{twin_id}",
        "document": "x",
        "reason": "x",
        "from_day": "2999-01-01",
    },
    ("post", "/v1/joinings/{joining_id}/cancellation"): {"reason": "x"},
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
    ("post", "/v1/me/one-time-codes"): {"password": "x"},
    ("post", "/v1/me/one-time-codes/confirmation"): {"one_time_code": "000000"},
    ("post", "/v1/me/one-time-codes/recovery-codes"): {"one_time_code": "000000"},
    ("post", "/v1/me/one-time-codes/removal"): {"one_time_code": "000000"},
    ("post", "/v1/people/{person_id}/account/proposals"): {"act": "REMOVE_CODES", "reason": "x"},
    ("post", "/v1/people/{person_id}/leaves"): {"starts_on": DAY, "ends_on": DAY},
    ("post", "/v1/people/{person_id}/delegations"): {
        "delegate_id": "{delegate_id}",
        "unit_id": "{unit_id}",
        "starts_on": DAY,
        "ends_on": DAY,
        "reason": "x",
    },
    ("post", "/v1/people/{person_id}/delegations/{delegation_id}/end"): {"ends_on": DAY},
    ("post", "/v1/questioned-acts/{question_id}/decision"): {"outcome": "STANDS", "reason": "x"},
    ("post", "/v1/batch/questioned-acts/decision"): {
        "items": [{"id": "{question_id}", "outcome": "STANDS", "reason": "x"}]
    },
    ("post", "/v1/posts"): {"unit_id": "{unit_id}", "kind": "STAFF", "title": "x"},
    ("post", "/v1/posts/{post_id}/holdings"): {"person_id": "{person_id}", "held_from": DAY},
    ("post", "/v1/holdings/{holding_id}/end"): {"held_to": DAY},
    ("post", "/v1/holdings/{holding_id}/proposals"): {"held_to": DAY},
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
    ("post", "/v1/seasons/{season_id}/rounds"): {"code": "x", "opens_at": NOON, "closes_at": NOON},
    ("post", "/v1/seasons/{season_id}/changes"): {"act": "CLOSED", "document": "x", "reason": "x"},
    ("post", "/v1/seasons/{season_id}/rounds/{round_id}/changes"): {
        "act": "CLOSED",
        "document": "x",
        "reason": "x",
    },
    ("post", "/v1/seasons/{season_id}/late-filings"): {
        "unit_id": "{unit_id}",
        "until": "2099-01-01T12:00:00Z",
        "document": "x",
        "reason": "x",
    },
    ("post", "/v1/policy-packs"): {**PACK.model_dump(mode="json"), "version": 99},
    ("put", "/v1/policy-packs/drafts/{draft_id}"): {**PACK.model_dump(mode="json"), "version": 98},
    ("post", "/v1/imports"): {
        "valid_from": DAY,
        "posts": [{"unit_code": ROOT_CODE, "kind": "STAFF", "title": "x", "held_from": DAY}],
    },
    ("post", "/v1/imports/filings"): {
        "unit_id": "{unit_id}",
        "season_id": "{unit_id}",
        "file": b64encode(workbook([HEADER, row(1)])).decode(),
    },
    ("post", "/v1/notices/read"): {"ids": []},
    ("put", "/v1/people/{person_id}/notice-settings"): {"mail_address": None},
    ("post", "/v1/webhooks"): {"url": "https://hooks.example.vn/", "kinds": ["REMINDED"]},
    ("post", "/v1/webhooks/{webhook_id}/secret"): {"overlap_hours": 1},
    ("post", "/v1/webhooks/{webhook_id}/replay"): {"delivery_id": "{delivery_id}"},
    ("post", "/v1/dossiers"): {"unit_id": "{unit_id}", "season_id": "{unit_id}"},
    ("put", "/v1/dossiers/{dossier_id}/content"): {},
    ("post", "/v1/dossiers/{dossier_id}/uploads"): {"filename": "a.pdf", "size_bytes": 5},
    ("post", "/v1/dossiers/{dossier_id}/share-confirmation"): {"contribution_percent": "20.00"},
    ("post", "/v1/dossiers/{dossier_id}/share-refusal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/takeover"): {"reason": "x"},
    ("post", "/v1/batch/dossiers/filing"): {"items": [{"id": "{dossier_id}"}]},
    ("post", "/v1/stages/{stage_id}/complaints"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/complaints"): {"reason": "x"},
    ("post", "/v1/complaints/{complaint_id}/settlement"): {"outcome": "DISMISSED", "reason": "x"},
    ("post", "/v1/complaints/{complaint_id}/withdrawal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/withdrawal"): {"reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/rejection"): {"ground": "INCOMPLETE", "reason": "x"},
    ("post", "/v1/dossiers/{dossier_id}/supplement-notice"): {"defects": ["x"]},
    ("post", "/v1/forecast/backtest"): {"level": "UNIT", "days": 30, "ladder": []},
    ("post", "/v1/stages/{stage_id}/decision"): {"outcome": "RECOGNISED"},
    ("put", "/v1/score-sheets/{sheet_id}"): {"scores": {}},
    ("post", "/v1/score-sheets/{sheet_id}/retraction"): {"reason": "x"},
    ("post", "/v1/stages/{stage_id}/recusal"): {"reason": "x"},
    ("post", "/v1/stages/{stage_id}/paper"): {"number": "1", "issued_on": DAY, "signer": "x"},
    ("post", "/v1/stages/{stage_id}/correction"): {"reason": "x", "reasons": "x"},
    ("post", "/v1/stages/{stage_id}/cancellation"): {"reason": "x"},
    ("post", "/v1/stages/{stage_id}/reopening"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/rejection"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/reversal"): {"reason": "x"},
    ("post", "/v1/clocks/{about_id}/extension"): {"amount": 1, "reason": "x"},
    ("post", "/v1/clocks/{about_id}/suspension"): {"kind": "COMPLAINT", "reason": "x"},
    ("post", "/v1/clocks/{about_id}/resumption"): {"reason": "x"},
    ("post", "/v1/run-alarms/{alarm_id}/dismissal"): {"reason": "x"},
    ("post", "/v1/runs/{about_id}/restart"): {"reason": "x"},
    ("post", "/v1/runs/{about_id}/stop"): {"reason": "x"},
    ("post", "/v1/runs/{about_id}/end"): {"reason": "x", "workflow_id": "initiative:x"},
    ("post", "/v1/run-comparisons"): {},
    ("post", "/v1/payment-lists"): {"unit_id": "{unit_id}"},
    ("post", "/v1/awards/{award_id}/taking-up"): {"reason": "x"},
    ("post", "/v1/awards/{award_id}/payees"): {
        "author_id": "{unit_id}",
        "person_id": "{unit_id}",
        "reason": "x",
    },
    ("post", "/v1/payment-lists/{list_id}/removal"): {"award_id": "{award_id}", "reason": "x"},
    ("post", "/v1/payment-lists/{list_id}/cancellation"): {"reason": "x"},
    ("post", "/v1/batch/awards/verification"): {"items": [{"id": "{award_id}"}]},
    ("post", "/v1/batch/awards/approval"): {"items": [{"id": "{award_id}"}]},
    ("post", "/v1/batch/dossiers/acceptance"): {"items": [{"id": "{dossier_id}"}]},
    ("post", "/v1/batch/stages/decision"): {"items": [{"id": "{stage_id}", "outcome": "RECOGNISED"}]},
    ("post", "/v1/batch/score-sheets"): {"items": [{"id": "{sheet_id}", "version": 1, "scores": {}}]},
    ("post", "/v1/batch/tasks/taking"): {"items": [{"id": "{task_id}"}]},
    ("post", "/v1/batch/runs/restart"): {"items": [{"id": "{about_id}", "reason": "x"}]},
    ("post", "/v1/batch/runs/end"): {
        "items": [{"id": "{about_id}", "reason": "x", "workflow_id": "initiative:x"}]
    },
    ("post", "/v1/batch/tasks/reminder"): {"items": [{"id": "{task_id}"}]},
    ("post", "/v1/batch/clocks/extension"): {"items": [{"id": "{about_id}", "amount": 1, "reason": "x"}]},
    ("post", "/v1/payment-lists/{list_id}/confirmation"): {"statement_reference": "x"},
}
QUERIES = {
    "q": "nguyen",
    "ids": "{person_id}",
    "unit_id": "{unit_id}",
    "dossier_id": "{dossier_id}",
    "year": "2026",
    "filename": "a.pdf",
    "at_byte": "0",
    "other": "two-tier-since-2025-07-01@1",
}

ONE_OF: dict[str, dict[str, str]] = {"/v1/acts": {"actor_id": "00000000-0000-0000-0000-000000000001"}}
"""Lists that want one of several parameters."""


def _filled(value: Any, found: Opened) -> Any:
    return value.format(**found.ids) if isinstance(value, str) else value


def _of_batch(body: dict[str, Any], found: Opened) -> dict[str, Any]:
    return {
        "items": [{name: _filled(value, found) for name, value in item.items()} for item in body["items"]]
    }


def is_batch(path: str) -> bool:
    """Many acts in one request."""
    return path.startswith("/v1/batch/")


def statuses(path: str, response: httpx.Response) -> set[int]:
    """The status of the answer; of a batch those of its items."""
    if is_batch(path) and response.status_code == httpx.codes.OK:
        return {item["status"] for item in response.json()["items"]}
    return {response.status_code}


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
    found: Opened,
    method: str,
    path: str,
    operation: dict[str, Any],
    headers: dict[str, str],
    *,
    only_tried: bool = False,
    **query: str,
) -> httpx.Response:
    """A request that nothing is wrong with, so that only a right can be missing; `only_tried` where the
    command offers a dry run, so that it leaves everything as it was."""
    queries = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    wanted = [parameter["name"] for parameter in queries if parameter["required"]]
    asked = {name: _filled(QUERIES[name], found) for name in wanted}
    asked |= {name: _filled(value, found) for name, value in ONE_OF.get(path, {}).items()}
    options: dict[str, Any] = {"params": asked | query}
    if only_tried and any(parameter["name"] == "dry_run" for parameter in queries):
        options["params"]["dry_run"] = "true"
    body = operation.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        said = BODIES[method, path]
        options["json"] = (
            _of_batch(said, found)
            if is_batch(path)
            else {name: _filled(value, found) for name, value in said.items()}
        )
    elif body:
        options["content"] = PDF
    known = {"name": PACK.name, "version": PACK.version, "number": 1, "prefix": "00"}
    address = path.format(**known | found.ids)
    return await found.service.http.request(
        method, address, headers={"If-Match": '"v1"', **headers}, **options
    )
