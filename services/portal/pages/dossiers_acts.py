"""Acts about a dossier that are a form of their own: withdrawing, taking over, the own share, the formal
check, complaints. Whether one is offered, and why not, is what its service says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.words.content import CONTENT
from language.words.said import words_of
from services.portal.asking.services import Answer, Call, Facts, Refused
from services.portal.desk import VERSION, Desk
from services.portal.frame import INTAKE, REVIEW
from services.portal.opening import page
from services.portal.pages import dossiers_content as content
from services.portal.pages.clerk_sentences import found_wanting, ready_sentences
from services.portal.pages.dossiers_content import told_of_content
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_
from services.portal.showing.typed import id_of, line_of, text_of


def _reason(desk: Desk) -> Facts:
    return {"reason": text_of(desk.sent_text("reason"))}


def _share(desk: Desk) -> Facts:
    return {"contribution_percent": desk.sent_text("contribution_percent")}


def _rejection(desk: Desk) -> Facts:
    return {"ground": desk.sent_text("ground"), **_reason(desk)}


def _defects(desk: Desk) -> Facts:
    """What was written beside fields, and what is of none."""
    beside = [
        {"content_field": name, "what": what}
        for name in CONTENT
        if (what := line_of(desk.sent_text(f"defect.{name}")))
    ]
    general = [line_of(line) for line in desk.sent_text("defects").splitlines() if line.strip()]
    return {"defects": [*beside, *general]}


def _nothing(_: Desk) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act: the command of a resource, what its page says, and what its form sends. `about` is the
    resource: the dossier, or a stage or complaint whose id stands in the address."""

    command: str
    title: str
    lead: str
    button: str
    done: str
    body: Callable[[Desk], Facts | None]
    form: str
    about: str = "dossier"
    is_edit: bool = False
    is_grave: bool = False


ACTS: Final[Mapping[str, Act]] = {
    "withdrawal": Act(
        command="withdrawal",
        title=N_("Withdraw the dossier"),
        lead=N_(
            "A dossier that was withdrawn is examined no more. Everything that was written stays readable."
        ),
        button=N_("Withdraw"),
        done="withdrawn",
        body=_reason,
        form="reason",
        is_grave=True,
    ),
    "takeover": Act(
        command="takeover",
        title=N_("Take the dossier over"),
        lead=N_(
            "From then on you file, supplement and withdraw for all authors, because whoever did so has left."
        ),
        button=N_("Take over"),
        done="taken-over",
        body=_reason,
        form="reason",
    ),
    "share-confirmation": Act(
        command="share-confirmation",
        title=N_("Confirm your share"),
        lead=N_("You say that you worked on this initiative with the share that stands here."),
        button=N_("Confirm my share"),
        done="share-confirmed",
        body=_share,
        form="share",
    ),
    "share-refusal": Act(
        command="share-refusal",
        title=N_("Do not confirm your share"),
        lead=N_("The dossier is not handed in before its filer has changed the authors, or you confirm."),
        button=N_("Do not confirm"),
        done="share-declined",
        body=_reason,
        form="reason",
        is_grave=True,
    ),
    "filing-agreement": Act(
        command="filing-agreement",
        title=N_("Agree to the filing"),
        lead=N_("Your office has written this for you. If you agree, it may file it as you have read it."),
        button=N_("I have read it and agree"),
        done="agreed",
        body=_nothing,
        form="none",
        is_edit=True,
    ),
    "acceptance": Act(
        command="acceptance",
        title=N_("Accept the request"),
        lead=N_("The request is complete. The council begins its examination."),
        button=N_("Accept the request"),
        done="accepted",
        body=_nothing,
        form="none",
    ),
    "rejection": Act(
        command="rejection",
        title=N_("Do not accept the request"),
        lead=N_("The dossier ends here. The author is told the reason."),
        button=N_("Do not accept"),
        done="rejected",
        body=_rejection,
        form="rejection",
        is_grave=True,
    ),
    "supplement-notice": Act(
        command="supplement-notice",
        title=N_("Ask for a supplement"),
        lead=N_("Write beside each field what has to be corrected. The clock stands still until it is sent."),
        button=N_("Ask for the supplement"),
        done="supplement-asked",
        body=_defects,
        form="defects",
    ),
    "complaint": Act(
        command="complaints",
        title=N_("Complain about the decision"),
        lead=N_("Say what is wrong with the refusal, and why. Somebody who did not decide settles it."),
        button=N_("Send the complaint"),
        done="complained",
        body=_reason,
        form="reason",
        about="stages",
    ),
    "complaint-withdrawal": Act(
        command="withdrawal",
        title=N_("Take the complaint back"),
        lead=N_("The refusal then stands."),
        button=N_("Take it back"),
        done="complaint-withdrawn",
        body=_reason,
        form="reason",
        about="complaints",
        is_grave=True,
    ),
}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/dossiers/{dossier_id:uuid}/acts/{act}", show_act, send_act)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    name: str
    act: Act
    service: str
    path: str
    answer: Answer

    @property
    def action(self) -> Facts | None:
        actions = self.answer.facts["actions"]
        return next((one for one in actions if one["command"] == self.act.command), None)


async def _asked(desk: Desk) -> _Asked:
    name = desk.part("act")
    act = ACTS.get(name)
    if act is None:
        raise HTTPException(404)
    service, path = INTAKE, f"/v1/dossiers/{desk.part('dossier_id')}"
    if act.about != "dossier":
        service, path = REVIEW, f"/v1/{act.about}/{_about(desk)}"
    return _Asked(
        name=name,
        act=act,
        service=service,
        path=path,
        answer=await desk.ask_whole(service, path, actions=True),
    )


def _about(desk: Desk) -> str:
    about = id_of(desk.query.get("about", ""))
    if not about:
        raise HTTPException(404)
    return about


async def show_act(desk: Desk) -> Response:
    """What it means, and its form; or why it cannot be done now."""
    asked = await _asked(desk)
    return await _draw(desk, asked, None, found_wanting(desk, asked.answer.facts))


async def _draw(
    desk: Desk, asked: _Asked, told: Told | None, typed: Mapping[str, str], status: int = 200
) -> Response:
    dossier = asked.answer.facts
    if asked.act.about != "dossier":
        dossier = await desk.ask(INTAKE, f"/v1/dossiers/{desk.part('dossier_id')}")
    me = await desk.shared("me")
    action = asked.action
    own = next((one for one in dossier["content"]["authors"] if one["person_id"] == me.person_id), None)
    return await desk.draw(
        "dossiers/act.html",
        status=status,
        act=asked.act,
        name=asked.name,
        action=action,
        version=asked.answer.version,
        dossier=dossier,
        own=own,
        told=told,
        typed=typed,
        grounds=_grounds(desk),
        fields=[(name, content.field_name(desk, name)) for name in CONTENT],
        values=content.values_of(dossier["content"]),
        ready=ready_sentences(desk),
    )


def _grounds(desk: Desk) -> list[tuple[str, str]]:
    is_vi = desk.language.value == "vi"
    return [(name, words.vi if is_vi else words.en) for name, words in words_of("RejectionGround").items()]


async def send_act(desk: Desk) -> Response:
    """Do it."""
    asked = await _asked(desk)
    form = await desk.read_form()
    typed: dict[str, str] = {name: value for name, value in form.items() if isinstance(value, str)}
    body: Any = asked.act.body(desk)
    call = Call("POST", asked.service, f"{asked.path}/{asked.act.command}", body=body)
    try:
        await desk.command(call, version=desk.sent_text(VERSION) if asked.act.is_edit else None)
    except Refused as refusal:
        return await _draw(desk, asked, told_of_content(desk, refusal), typed, refusal.status)
    dossier_id = desk.part("dossier_id")
    return desk.see(f"/dossiers/{dossier_id}", done=asked.act.done, sent=f"{dossier_id}-{asked.name}")
