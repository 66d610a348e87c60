"""People: the list, one person with posts, account, leave and delegations, and every act about a person."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from language.posts.kinds import PostTask
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.administration_fields import BORN, CODE, INVITE, MAIL, NAME, PASSWORD, REASON
from services.portal.pages.administration_forms import (
    Act,
    Body,
    Field,
    act_page,
    barred_by,
    offered,
    why_not,
)
from services.portal.pages.shared import as_table, asked, listed_or_told, names_of, today_of, wants_table
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_NOTHING: Final[Facts] = {"items": []}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration/people", show_people),
        act_page("/administration/people/new", _new),
        page("/administration/people/{person_id:uuid}", show_person),
        act_page("/administration/people/{person_id:uuid}/{act}", _act),
        act_page("/administration/people/{person_id:uuid}/{thing}/{id:uuid}/{act}", _thing),
    ]


async def show_people(desk: Desk) -> Response:
    """Everybody, looked for by name or code."""
    wanted = asked(desk, "q", "sort")
    if wants_table(desk):
        return await as_table(desk, ORGANISATION, "/v1/people", wanted)
    (listed, told), barred = await asyncio.gather(
        listed_or_told(desk, ORGANISATION, "/v1/people", wanted), why_not(desk, _sample())
    )
    return await desk.draw("administration/people.html", listed=listed, told=told, may_make=not barred)


def _make(body: Body) -> Call:
    return Call("POST", ORGANISATION, "/v1/people", body=body)


def _sample() -> Call:
    """Somebody with a code that nobody has."""
    return _make({"code": str(new_id()), "full_name": "x"})


async def _new(desk: Desk) -> Act:
    return Act(
        title=N_("Add a person"),
        meaning=N_("Look first whether the person is there already: nobody should stand here twice."),
        done="person-added",
        call=_make,
        fields=(CODE, NAME, BORN, MAIL),
        about=desk.say(N_("People")),
        back="/administration/people",
        barred=await why_not(desk, _sample()),
    )


def _path(desk: Desk) -> str:
    return f"/v1/people/{desk.part('person_id')}"


async def _account_of(desk: Desk) -> Facts:
    """The account; nothing where there is none yet, or its reader may not see it."""
    try:
        return await desk.ask(ORGANISATION, f"{_path(desk)}/account", actions=True)
    except Refused as refusal:
        if refusal.code == "NoAccount" or refusal.status in {403, 404}:
            return {}
        raise


async def show_person(desk: Desk) -> Response:
    """One person."""
    path = _path(desk)
    person, posts, account, leaves, given = await asyncio.gather(
        desk.ask(ORGANISATION, path, actions=True),
        desk.ask_or(_NOTHING, ORGANISATION, f"{path}/posts"),
        _account_of(desk),
        desk.ask_or(_NOTHING, ORGANISATION, f"{path}/leaves"),
        desk.ask_or(_NOTHING, ORGANISATION, f"{path}/delegations"),
    )
    people = [one[end] for one in given["items"] for end in ("grantor_id", "delegate_id")]
    return await desk.draw(
        "administration/person.html",
        person=person,
        posts=posts["items"],
        account=account,
        leaves=leaves["items"],
        delegations=given["items"],
        names=await names_of(desk, people),
        offers=offered(person),
        account_offers=offered(account),
        today=today_of(desk),
    )


Maker = Callable[[Desk, Facts, Facts], Act]


def _about(desk: Desk, person: Facts, **more: Any) -> Act:
    back = f"/administration/people/{person['id']}"
    return Act(about=person["full_name"], back=back, **more)


def _edit(desk: Desk, person: Facts, _: Facts) -> Act:
    path = _path(desk)
    return _about(
        desk,
        person,
        title=N_("Correct name, birth or mail"),
        meaning=N_("Histories keep what stood there before."),
        done="person-changed",
        call=lambda body: Call("PATCH", ORGANISATION, path, body=body),
        fields=(NAME, BORN, MAIL),
        stored=person,
        version=person["etag"],
        barred=barred_by(desk, person, "patch"),
    )


def _account(desk: Desk, person: Facts, account: Facts) -> Act:
    path = f"{_path(desk)}/account"
    name = Field(
        name="username",
        label=N_("Name to sign in with"),
        hint=N_("Small letters, digits, dots and dashes."),
        most=63,
    )
    return _about(
        desk,
        person,
        title=N_("Set account and password"),
        meaning=N_("Invite the person by mail, or give the password to the person yourself, never by mail."),
        done="account-set",
        call=lambda body: Call("PUT", ORGANISATION, path, body=_without(body, "reason")),
        second=_proposal(desk, "SET_PASSWORD"),
        fields=(
            name,
            INVITE,
            PASSWORD,
            _may_lack(REASON, N_("Needed only where two administrators do it.")),
        ),
        stored=account,
        barred=barred_by(desk, person, "account"),
    )


def _without(body: Body, name: str) -> Body:
    return {known: value for known, value in body.items() if known != name}


def _may_lack(one: Field, hint: str) -> Field:
    """The same field, which may be left empty."""
    return Field(name=one.name, label=one.label, kind=one.kind, required=False, hint=hint)


def _proposal(desk: Desk, act: str) -> Callable[[Body], Call]:
    """What one administrator proposes, and a second does."""
    path = f"{_path(desk)}/account/proposals"

    def call(body: Body) -> Call:
        sent = {"act": act, "reason": body.get("reason") or ""}
        if act == "SET_PASSWORD":
            sent["password"] = body.get("password")
        return Call("POST", ORGANISATION, path, body=sent)

    return call


def _barred_of(desk: Desk, account: Facts, command: str) -> str:
    """Why the reader may not do this with the person's account; there may be none."""
    none = N_("No account: this person cannot sign in yet.")
    return barred_by(desk, account, command) if account else desk.say(none)


def _close(desk: Desk, person: Facts, account: Facts) -> Act:
    path = f"{_path(desk)}/account/closing"
    return _about(
        desk,
        person,
        title=N_("Close the account"),
        meaning=N_(
            "Nobody signs in as this person any more. "
            "Open work goes to who stands in, or onto the alarm list."
        ),
        done="account-closed",
        call=lambda body: Call("POST", ORGANISATION, path, body=body),
        second=_proposal(desk, "CLOSE_ACCOUNT"),
        fields=(REASON,),
        is_grave=True,
        barred=_barred_of(desk, account, "closing"),
    )


def _reopen(desk: Desk, person: Facts, account: Facts) -> Act:
    path = f"{_path(desk)}/account/reopening"
    return _about(
        desk,
        person,
        title=N_("Open the account again"),
        meaning=N_("The person signs in again and has the own work again."),
        done="account-reopened",
        call=lambda body: Call("POST", ORGANISATION, path, body=body),
        second=_proposal(desk, "REOPEN_ACCOUNT"),
        fields=(REASON,),
        barred=_barred_of(desk, account, "reopening"),
    )


def _sign_out(desk: Desk, person: Facts, account: Facts) -> Act:
    path = f"{_path(desk)}/account/sign-out"
    return _about(
        desk,
        person,
        title=N_("Sign out everywhere"),
        meaning=N_("Every browser and telephone of the person asks for the password again."),
        done="person-signed-out",
        call=lambda _body: Call("POST", ORGANISATION, path),
        barred=_barred_of(desk, account, "sign-out"),
    )


def _codes(desk: Desk, person: Facts, account: Facts) -> Act:
    is_used = bool(account.get("one_time_codes"))
    return _about(
        desk,
        person,
        title=N_("Take off the one-time codes"),
        meaning=N_("For who has lost the telephone. A second administrator approves it."),
        done="proposed",
        call=_proposal(desk, "REMOVE_CODES"),
        fields=(REASON,),
        is_grave=True,
        barred=barred_by(desk, account, "proposals") if is_used else desk.say(N_("No codes are in use.")),
    )


def _leave(desk: Desk, person: Facts, _: Facts) -> Act:
    path = f"{_path(desk)}/leaves"
    return _about(
        desk,
        person,
        title=N_("Enter a leave"),
        meaning=N_("On these days, both included, who stands in acts in the person's posts."),
        done="leave-entered",
        call=lambda body: Call("POST", ORGANISATION, path, body=body),
        fields=(
            Field(name="starts_on", label=N_("First day"), kind="day"),
            Field(name="ends_on", label=N_("Last day"), kind="day"),
        ),
        barred=barred_by(desk, person, "leaves"),
    )


ACTS: Final[dict[str, Maker]] = {
    "edit": _edit,
    "account": _account,
    "closing": _close,
    "reopening": _reopen,
    "sign-out": _sign_out,
    "codes": _codes,
    "leave": _leave,
}


async def _act(desk: Desk) -> Act:
    """The act that the address names."""
    wish, path = desk.part("act"), _path(desk)
    if wish not in ACTS and wish != "delegation":
        raise HTTPException(404)
    whole, account = await asyncio.gather(
        desk.ask_whole(ORGANISATION, path, actions=True),
        _account_of(desk),
    )
    person = {**whole.facts, "etag": whole.version}
    if wish != "delegation":
        return ACTS[wish](desk, person, account)
    posts = await desk.ask(ORGANISATION, f"{path}/posts")
    return _delegation(desk, person, posts["items"])


def _delegation(desk: Desk, person: Facts, posts: Sequence[Facts]) -> Act:
    path = f"{_path(desk)}/delegations"
    units = list({one["unit_id"]: one["unit_name"] for one in posts}.items())
    said = Values(desk.language).words
    tasks = [(one.value, said(one.value, "TaskKind")) for one in PostTask]
    return _about(
        desk,
        person,
        title=N_("Pass the work on"),
        meaning=N_("Open tasks go to the other at once, new ones as they come; afterwards they come back."),
        done="delegated",
        call=lambda body: Call("POST", ORGANISATION, path, body=body),
        fields=(
            Field(name="delegate_id", label=N_("Who does the work"), kind="person"),
            Field(name="starts_on", label=N_("First day"), kind="day"),
            Field(name="ends_on", label=N_("Last day"), kind="day"),
            Field(name="unit_id", label=N_("In which unit"), kind="choice", options=units),
            Field(name="units_below", label=N_("Also in the units below it"), kind="tick", required=False),
            Field(
                name="tasks",
                label=N_("Which work"),
                kind="many",
                required=False,
                hint=N_("Tick none for all of it."),
                options=tasks,
            ),
            Field(name="reason", label=N_("Why"), kind="prose", most=2000),
        ),
        barred=barred_by(desk, person, "delegations"),
    )


async def _thing(desk: Desk) -> Act:
    """A leave or a delegation that is taken back, or ended earlier."""
    person = await desk.ask(ORGANISATION, _path(desk))
    thing, wish = desk.part("thing"), desk.part("act")
    path = f"{_path(desk)}/{thing}/{desk.part('id')}"
    if (thing, wish) == ("leaves", "cancel"):
        return _about(
            desk,
            person,
            title=N_("Take the leave back"),
            meaning=N_("From now on the person has the own work again."),
            done="leave-cancelled",
            call=lambda _body: Call("DELETE", ORGANISATION, path),
            barred=await why_not(desk, Call("DELETE", ORGANISATION, path)),
        )
    if (thing, wish) == ("delegations", "cancel"):
        return _about(
            desk,
            person,
            title=N_("Take the delegation back"),
            meaning=N_("It ends at once. What was done by it until now stands."),
            done="delegation-ended",
            call=lambda _body: Call("DELETE", ORGANISATION, path),
            barred=await why_not(desk, Call("DELETE", ORGANISATION, path)),
        )
    if (thing, wish) == ("delegations", "end"):
        return _about(
            desk,
            person,
            title=N_("End the delegation earlier"),
            meaning=N_("What was done by it after that day is put into question."),
            done="delegation-ended",
            call=lambda body: Call("POST", ORGANISATION, f"{path}/end", body=body),
            fields=(Field(name="ends_on", label=N_("Last day"), kind="day"),),
        )
    raise HTTPException(404)
