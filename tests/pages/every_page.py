"""An address for every route of the portal, on the ground that is laid."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from starlette.routing import Route

from services.portal.pages import (
    ROUTES,
    administration_people,
    council_decisions,
    dossiers_acts,
    money_awards,
    money_list,
)
from tests.pages.ground import SCRIPT, Ground

STEPS: Final = ("idea", "problem", "solution", "trial", "effect", "authors", "files", "review")


def routes() -> list[str]:
    """The address of every page, as it stands in its route."""
    return [route.path for module in ROUTES for route in module() if isinstance(route, Route)]


def samples(ground: Ground) -> dict[str, list[str]]:
    """Every route with addresses of it: what has no place in it stands for itself, the rest is told here."""
    found = {path: [path] for path in routes() if "{" not in path}
    found |= {path: [one.format_map(ground.ids) for one in told] for path, told in _told().items()}
    for path, queries in _QUERIES.items():
        found[path] = [*found.get(path, []), *(f"{path}?{one}" for one in queries)]
    return found


_QUERIES: Final[Mapping[str, Sequence[str]]] = {
    "/": ["scope=office"],
    "/dossiers": ["scope=all&q=khong+co", "filed_from=45/1/2026", "state=NONSENSE"],
    "/stages": ["state=WITHDRAWN&sort=due"],
    "/search": ["q=mốc", "q=khong+co+gi", f"q={quote(SCRIPT[:90])}"],
    "/marking/table": ["state=DRAFT"],
    "/administration/people": ["q=nguyen", "q=zzzz"],
    "/administration/units": ["q=quang+trung"],
    "/administration/system": ["state=ALL"],
    "/administration/forecast": ["part=review&days=90"],
    "/register": ["year=2019"],
    "/money": ["state=PAID"],
}
"""Lists with filters: nothing found, something wrong, another half."""


def _told() -> dict[str, list[str]]:
    return {
        **_told_of_dossiers(),
        **_told_of_offices(),
        **_told_of_money(),
        **_told_of_administration(),
        **_told_of_the_rest(),
    }


def _told_of_dossiers() -> dict[str, list[str]]:
    dossier = "/dossiers/{dossier_id:uuid}"
    all_dossiers = ("draft", "filed", "asked", "owed", "refused", "paid")
    acts = [one for one in dossiers_acts.ACTS if not one.startswith("complaint")]
    return {
        dossier: [f"/dossiers/{{{one}}}" for one in all_dossiers],
        f"{dossier}/history": [f"/dossiers/{{{one}}}/history" for one in ("draft", "refused", "paid")],
        f"{dossier}/versions/{{number:int}}": ["/dossiers/{filed}/versions/1", "/dossiers/{owed}/versions/9"],
        f"{dossier}/attachments/{{file_id:uuid}}": ["/dossiers/{owed}/attachments/{file}"],
        f"{dossier}/versions/{{number:int}}/attachments/{{file_id:uuid}}": [
            "/dossiers/{owed}/versions/1/attachments/{file}"
        ],
        f"{dossier}/edit/{{step}}": [
            *(f"/dossiers/{{draft}}/edit/{step}" for step in STEPS),
            "/dossiers/{asked}/edit/idea",
            "/dossiers/{draft}/edit/authors?q=hoa",
            "/dossiers/{filed}/edit/idea",
        ],
        f"{dossier}/uploads": ["/dossiers/{draft}/uploads"],
        f"{dossier}/acts/{{act}}": [
            *(f"/dossiers/{{{one}}}/acts/{act}" for one in ("draft", "filed") for act in acts),
            "/dossiers/{refused}/acts/complaint?about={refused_stage}",
            "/dossiers/{refused}/acts/complaint-withdrawal?about={complaint}",
        ],
    }


def _told_of_offices() -> dict[str, list[str]]:
    return {
        "/dossiers/table.{kind}": ["/dossiers/table.csv", "/dossiers/table.pdf"],
        "/checking/table.{kind}": ["/checking/table.csv"],
        "/lists/drafts/table.{kind}": ["/lists/drafts/table.csv"],
        "/register/table.{kind}": ["/register/table.csv"],
        "/lists/{list_id:uuid}": ["/lists/{list}", "/lists/{list}?show=all"],
        "/lists/{list_id:uuid}/marked.xlsx": ["/lists/{list}/marked.xlsx"],
        "/marking/{stage_id:uuid}": ["/marking/{owed_stage}", "/marking/{ready_stage}"],
        "/marking/{stage_id:uuid}/recusal": ["/marking/{owed_stage}/recusal"],
        "/marking/{stage_id:uuid}/retraction": ["/marking/{ready_stage}/retraction"],
        "/marking/{stage_id:uuid}/files/{file_id:uuid}": ["/marking/{owed_stage}/files/{file}"],
        "/stages/{stage_id:uuid}": [
            "/stages/{owed_stage}",
            "/stages/{ready_stage}",
            "/stages/{refused_stage}",
        ],
        "/decisions/{stage_id:uuid}": ["/decisions/{refused_stage}", "/decisions/{paid_stage}"],
        "/decisions/{stage_id:uuid}/{act}": [
            *(f"/decisions/{{refused_stage}}/{act}" for act in council_decisions.ACTS),
            "/decisions/{paid_stage}/cancellation",
        ],
        "/complaints/{complaint_id:uuid}": ["/complaints/{complaint}"],
        "/help/pictures/{name}": ["/help/pictures/none.png"],
        "/help/{name}": ["/help/author-guide", "/help/none"],
        "/tasks/{service}/{task_id:uuid}": ["/tasks/review/{task}", "/tasks/nobody/{task}"],
        "/kept/{form_id}": ["/kept/none", "/kept/{nobody}"],
    }


def _told_of_money() -> dict[str, list[str]]:
    award, paylist = "/money/awards/{award_id:uuid}", "/money/lists/{list_id:uuid}"
    return {
        award: ["/money/awards/{award}", "/money/awards/{paid_award}"],
        f"{award}/payees": ["/money/awards/{award}/payees?q=hoa", "/money/awards/{paid_award}/payees"],
        f"{award}/{{act}}": [f"/money/awards/{{award}}/{act}" for act in money_awards.ACTS],
        paylist: ["/money/lists/{made}", "/money/lists/{sent}"],
        f"{paylist}/history": ["/money/lists/{sent}/history"],
        f"{paylist}/sending": ["/money/lists/{made}/sending"],
        f"{paylist}/confirmation": ["/money/lists/{sent}/confirmation", "/money/lists/{made}/confirmation"],
        f"{paylist}/{{act}}": [
            *(f"/money/lists/{{sent}}/{act}?award_id={{paid_award}}" for act in money_list.ACTS),
            "/money/lists/{made}/removal",
        ],
    }


def _told_of_administration() -> dict[str, list[str]]:
    people, units = "/administration/people", "/administration/units"
    return {
        "/administration/alarms/{part}/{kind}/{alarm_id:uuid}/{act}": [
            "/administration/alarms/review/MESSAGE_DOES_NOT_ARRIVE/{nobody}/retry",
            "/administration/alarms/review/NONSENSE/{nobody}/retry",
        ],
        "/administration/journeys/{dossier_id:uuid}/stop": [
            f"/administration/journeys/{{{one}}}/stop" for one in ("draft", "owed", "paid", "nobody")
        ],
        "/administration/questions/{part}/{question_id:uuid}": ["/administration/questions/review/{nobody}"],
        f"{people}/{{person_id:uuid}}": [f"{people}/{{person}}", f"{people}/{{nobody}}"],
        f"{people}/{{person_id:uuid}}/{{act}}": [
            *(f"{people}/{{person}}/{act}" for act in (*administration_people.ACTS, "delegation")),
            f"{people}/{{person}}/nonsense",
        ],
        f"{people}/{{person_id:uuid}}/{{thing}}/{{id:uuid}}/{{act}}": [
            f"{people}/{{person}}/leaves/{{leave}}/cancel",
            f"{people}/{{person}}/delegations/{{delegation}}/cancel",
            f"{people}/{{person}}/delegations/{{delegation}}/end",
        ],
        f"{units}/{{unit_id:uuid}}": [f"{units}/{{unit}}", f"{units}/{{nobody}}"],
        f"{units}/{{unit_id:uuid}}/{{act}}": [
            f"{units}/{{unit}}/{act}" for act in ("edit", "move", "unit", "post")
        ],
        f"{units}/{{unit_id:uuid}}/posts/{{post_id:uuid}}/appoint": [
            f"{units}/{{unit}}/posts/{{post}}/appoint"
        ],
        f"{units}/{{unit_id:uuid}}/holdings/{{holding_id:uuid}}/end": [
            f"{units}/{{unit}}/holdings/{{holding}}/end"
        ],
        "/administration/packs/{name}/{version:int}": [
            "/administration/packs/{pack}/{pack_version}",
            "/administration/packs/none/1",
        ],
        "/administration/proposals/{kind}/{proposal_id:uuid}/{act}": [
            "/administration/proposals/accounts/{proposal}/approve",
            "/administration/proposals/accounts/{proposal}/drop",
        ],
        "/administration/mails/{mail_id:uuid}/resend": ["/administration/mails/{nobody}/resend"],
        "/administration/webhooks/{webhook_id:uuid}/{act}": [
            "/administration/webhooks/{webhook}/turning-on",
            "/administration/webhooks/{webhook}/turning-off",
        ],
        "/administration/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}": [
            "/administration/webhooks/{webhook}/deliveries/{nobody}"
        ],
    }


def _told_of_the_rest() -> dict[str, list[str]]:
    season, draft = "/administration/seasons/{season_id:uuid}", "/administration/drafts/{draft_id:uuid}"
    moved, joined = "/administration/successions", "/administration/joinings/{joining_id:uuid}"
    changed = "/administration/transitions/{transition_id:uuid}"
    hook = "/administration/webhooks/{webhook_id:uuid}"
    return {
        "/about/{subject_id:uuid}": ["/about/{owed}", "/about/{nobody}"],
        "/overview/table/{table}.{kind}": ["/overview/table/funnel.csv"],
        "/audit/units/{unit_id:uuid}": ["/audit/units/{unit}"],
        "/audit/dossiers/{dossier_id:uuid}": ["/audit/dossiers/{refused}"],
        "/audit/dossiers/{dossier_id:uuid}/proof": ["/audit/dossiers/{refused}/proof"],
        "/audit/dossiers/{dossier_id:uuid}/history-{part}.{kind}": [
            "/audit/dossiers/{refused}/history-intake.csv"
        ],
        "/administration/calendar/days/{year:int}": ["/administration/calendar/days/2026"],
        "/administration/calendar/breaks/{break_id:uuid}/end": [
            "/administration/calendar/breaks/{break}/end"
        ],
        season: ["/administration/seasons/{season}"],
        f"{season}/rounds/new": ["/administration/seasons/{season}/rounds/new"],
        f"{season}/late": ["/administration/seasons/{season}/late"],
        f"{season}/{{act}}": ["/administration/seasons/{season}/closing"],
        f"{season}/rounds/{{round_id:uuid}}/{{act}}": [
            "/administration/seasons/{far_season}/rounds/{round}/edit"
        ],
        draft: ["/administration/drafts/{rules_draft}", "/administration/drafts/{nobody}"],
        f"{draft}/look-back": ["/administration/drafts/{rules_draft}/look-back"],
        f"{draft}/numbers": ["/administration/drafts/{rules_draft}/numbers"],
        f"{draft}/text": ["/administration/drafts/{rules_draft}/text"],
        f"{draft}/{{act}}": [
            f"/administration/drafts/{{rules_draft}}/{act}" for act in ("publish", "check", "drop", "none")
        ],
        "/administration/packs/{name}/{version:int}/draft": [
            "/administration/packs/{pack}/{pack_version}/draft"
        ],
        "/administration/rows/{list_id:uuid}": [
            "/administration/rows/{rows}",
            "/administration/rows/{nobody}",
        ],
        "/administration/rows/{list_id:uuid}/marked.xlsx": ["/administration/rows/{rows}/marked.xlsx"],
        changed: ["/administration/transitions/{transition}", "/administration/transitions/{nobody}"],
        f"{changed}/{{act}}": ["/administration/transitions/{transition}/approve"],
        f"{moved}/sheets/{{sheet_id:uuid}}": [f"{moved}/sheets/{{sheet}}", f"{moved}/sheets/{{nobody}}"],
        f"{moved}/{{succession_id:uuid}}": [
            "/administration/successions/{succession}",
            "/administration/successions/{nobody}",
        ],
        f"{moved}/{{succession_id:uuid}}/{{act}}": ["/administration/successions/{succession}/approve"],
        joined: ["/administration/joinings/{joining}", "/administration/joinings/{nobody}"],
        f"{joined}/{{act}}": ["/administration/joinings/{joining}/approve"],
        hook: ["/administration/webhooks/{webhook}"],
        f"{hook}/secret": ["/administration/webhooks/{webhook}/secret"],
        f"{hook}/period": ["/administration/webhooks/{webhook}/period"],
    }
