"""How people act who use only the pages: they begin where work waits, open what a page leads to, fill in the
form that stands there, and read what is said when it is sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from cli.browsing import Field, Form, Seen
from cli.filing import Filed, Imported, Manner
from cli.people_api import PeopleApi, Refused
from cli.province import Province
from cli.spreadsheet import ListedDossier
from rehearsal.dead_ends import NO_WAY, Judge, StuckAtPage, WhyNot, service_of
from rehearsal.hands import Fill, Task, Verdict
from rehearsal.page_filing import PageFiling
from rehearsal.visiting import Pages, Visitor, stuck_at

HOME, MARKING, SIGNING, DOSSIERS = "/", "/marking", "/money/signing", "/dossiers"
_TRY, _DO, _DECIDE = ("act", "try"), ("act", "do"), ("act", "decide")
_TRIES: Final = 3
"""What was not offered may have come or gone while the page was drawn."""
_STEP_OF: Final[Mapping[str, str]] = {"benefit_by_others": "effect"}
"""On which step of the form a supplement writes."""
_CHANGED_BY_ANOTHER: Final = frozenset({"verdict", "ground"})
"""Where the rules do not take what stands in these, another verdict may be taken."""
_SCORE, _REMARK = "score-", "remark-"


class PageHands:
    """Through plain HTML forms, as a person would; the API is only asked whether a dead end is right."""

    def __init__(self, pages: Pages, api: PeopleApi, province: Province, imported: Imported) -> None:
        self._pages = pages
        self._judge = Judge(api)
        self._filing = PageFiling(pages, province, imported)
        self._province = province
        self._imported = imported

    # Filing and what authors do

    async def file(self, listed: ListedDossier, manner: Manner, unit_code: str | None = None) -> Filed:
        """Write it step by step, have the shares confirmed by each, and file."""
        filer = self._province.account_of(listed, listed.authors[0])
        try:
            dossier_id = await self._filing.write(listed, manner, unit_code)
            self._pages.log.acts["DRAFT"] += 1
            await self._confirm(filer, listed, dossier_id)
            await self._do(
                "FILING",
                lambda: self._filing.hand_in(filer, dossier_id),
                lambda: self._judge.of_command(filer, "intake", f"/v1/dossiers/{dossier_id}", "filing"),
                str(listed.number),
            )
        except StuckAtPage as stuck:
            self._pages.log.note_dead_end(f"DRAFT {listed.number}", stuck)
            return Filed(listed=listed, dossier_id=None, filer=filer, refusal=NO_WAY)
        except Refused as refused:
            return Filed(listed=listed, dossier_id=None, filer=filer, refusal=refused.code)
        return Filed(listed=listed, dossier_id=dossier_id, filer=filer, refusal=None)

    async def _confirm(self, filer: str, listed: ListedDossier, dossier_id: str) -> None:
        """Every co-author who is asked stands by the own share."""
        accounts = dict.fromkeys(self._province.account_of(listed, one) for one in listed.authors)
        for account in accounts:
            if account == filer:
                continue
            person = self._imported.person_ids[account]

            async def say_so(account: str = account) -> None:
                me = self._pages.of(account)
                seen = await me.find(DOSSIERS, f"/dossiers/{dossier_id}")
                await _act(me, seen, "share-confirmation", {})

            async def why_not(account: str = account, person: str = person) -> str:
                return await self._judge.of_share(account, dossier_id, person)

            try:
                await self._do("SHARE", say_so, why_not, str(listed.number))
            except Refused as refused:
                if refused.code == NO_WAY:
                    raise

    async def withdraw(self, account: str, dossier_id: str, reason: str) -> None:
        """Take the dossier back."""

        async def take_back() -> None:
            me = self._pages.of(account)
            seen = await me.find(DOSSIERS, f"/dossiers/{dossier_id}")
            await _act(me, seen, "withdrawal", {"reason": reason})

        path = f"/v1/dossiers/{dossier_id}"
        await self._do(
            "WITHDRAWAL",
            take_back,
            lambda: self._judge.of_command(account, "intake", path, "withdrawal"),
            dossier_id,
        )

    async def supplement(self, account: str, task: Task, changed: Mapping[str, str]) -> None:
        """Write what is asked for, then read it once more and send it."""

        async def write_and_send(me: Visitor, seen: Seen) -> None:
            here = f"/dossiers/{task['subject_id']}/edit"
            for name, text in changed.items():
                seen = await me.follow(seen, f"{here}/{_STEP_OF[name]}")
                seen = await me.send(seen, seen.form(asks=name), {name: text}, ("do", "next"))
                require_done(seen)
            seen = await me.follow(seen, f"{here}/review")
            seen = await me.send(seen, seen.form(asks="declaration_of_truth"), {}, ("do", "supplement"))
            if seen.path != f"/dossiers/{task['subject_id']}":
                raise stuck_at(seen, "the supplement was not taken")

        await self._at_task(account, task, write_and_send)

    # The office

    async def was_supplemented(self, account: str, task: Task) -> bool:
        """The dossier's page has a second version."""
        path = f"/dossiers/{task['subject_id']}"
        seen = await self._pages.of(account).open(path)
        return seen.link(f"{path}/versions/2") is not None

    async def accept(self, account: str, task: Task) -> None:
        """The request is complete; what keeps it out is read where it could have been accepted."""

        async def accept(me: Visitor, seen: Seen) -> None:
            here = f"/dossiers/{task['subject_id']}/acts"
            if not seen.link(f"{here}/acceptance") and seen.link(f"{here}/rejection"):
                barred = await me.open(f"{here}/acceptance")
                raise Refused(409, "CheckRulesNotMet", " ".join(barred.told))
            await _act(me, seen, "acceptance", {})

        await self._at_task(account, task, accept)

    async def reject(self, account: str, task: Task, ground: str, reason: str) -> None:
        """The request is not accepted."""
        given = {"ground": ground, "reason": reason}
        await self._at_task(account, task, lambda me, seen: _act(me, seen, "rejection", given))

    async def ask_for_supplement(self, account: str, task: Task, defects: Sequence[str]) -> None:
        """The request lacks this."""
        given = {"defects": "\n".join(defects)}
        await self._at_task(account, task, lambda me, seen: _act(me, seen, "supplement-notice", given))

    # Councils

    async def mark(self, account: str, task: Task, fill: Fill) -> None:
        """Found among the sheets to mark, filled in as it asks, handed in."""

        async def fill_in() -> None:
            me = self._pages.of(account)
            seen = await me.find(MARKING, f"/marking/{task['about_id']}")
            form = seen.form(button=("act", "submit"))
            if form is None:
                raise stuck_at(seen, "no sheet to fill in")
            sheet = fill(criteria_of(form))
            seen = await me.send(seen, form, typed_sheet(sheet), ("act", "submit"))
            require_done(seen)

        await self._do(
            task["kind"], fill_in, lambda: self._judge.of_task(account, task), task["subject_code"]
        )

    async def decide(self, account: str, task: Task, verdicts: Sequence[Verdict]) -> None:
        """The first that the rules take; what they do not take is told at the verdict, or at its ground."""

        async def decide(me: Visitor, seen: Seen) -> None:
            for verdict in verdicts:
                form = seen.form(button=_DECIDE)
                if form is None:
                    raise stuck_at(seen, "no decision can be made")
                given = _typed_verdict(verdict)
                if given["verdict"] not in form.values("verdict"):
                    continue
                seen = await me.send(seen, form, given, _DECIDE)
                if seen.done:
                    return
                again = seen.form(button=_DECIDE)
                if again is None or _CHANGED_BY_ANOTHER.isdisjoint(again.wrong):
                    raise stuck_at(seen, "it was not decided")
            raise stuck_at(seen, "the rules take no verdict")

        await self._at_task(account, task, decide)

    # Money

    async def verify(self, account: str, task: Task) -> None:
        """The first signature."""
        await self._sign(account, task, "verification")

    async def approve(self, account: str, task: Task) -> None:
        """The second."""
        await self._sign(account, task, "approval")

    async def _sign(self, account: str, task: Task, signature: str) -> None:
        """Found among what waits for a signature, read with its decision, signed."""

        async def sign() -> None:
            me = self._pages.of(account)
            seen = await me.find(SIGNING, f"/money/awards/{task['about_id']}")
            require_done(await me.send(seen, seen.form(action=f"/{signature}"), {}))

        await self._do(task["kind"], sign, lambda: self._judge.of_task(account, task), task["subject_code"])

    async def make_list(self, account: str, task: Task) -> None:
        """All that waits stays ticked; tried, then made."""

        async def make(me: Visitor, seen: Seen) -> None:
            seen = await me.send(seen, seen.form(asks="award_id"), {}, _TRY)
            require_done(await me.send(seen, seen.form(asks="award_id"), {}, _DO))

        await self._at_task(account, task, make)

    async def send_list(self, account: str, task: Task) -> None:
        """It goes to the treasury."""

        async def send(me: Visitor, seen: Seen) -> None:
            require_done(await me.send(seen, seen.form(action="/sending"), {}))

        await self._at_task(account, task, send)

    async def confirm_list(self, account: str, task: Task, reference: str) -> None:
        """All of it was paid; tried, then confirmed."""

        async def confirm(me: Visitor, seen: Seen) -> None:
            given = {"statement_reference": reference}
            seen = await me.follow(seen, f"/money/lists/{task['about_id']}/confirmation")
            seen = await me.send(seen, seen.form(asks="statement_reference"), given, _TRY)
            require_done(await me.send(seen, seen.form(asks="statement_reference"), given, _DO))

        await self._at_task(account, task, confirm)

    # How everything is done

    async def _at_task(
        self, account: str, task: Task, act: Callable[[Visitor, Seen], Awaitable[None]]
    ) -> None:
        """From the first page to where the task is done."""

        async def begin() -> None:
            me = self._pages.of(account)
            await act(me, await me.find(HOME, f"/tasks/{service_of(task)}/{task['id']}"))

        await self._do(task["kind"], begin, lambda: self._judge.of_task(account, task), task["subject_code"])

    async def _do(self, what: str, act: Callable[[], Awaitable[None]], why_not: WhyNot, whose: str) -> None:
        """Do it. Where the pages do not let it be done they may be right, or what stood there may have
        changed meanwhile: so it is tried again before it is a violation."""
        stuck = StuckAtPage("", "")
        for _ in range(_TRIES):
            try:
                await act()
            except StuckAtPage as found:
                stuck = found
            else:
                self._pages.log.acts[what] += 1
                return
            if code := await why_not():
                raise Refused(409, code, stuck.said)
        self._pages.log.note_dead_end(f"{what} {whose}", stuck)
        raise Refused(409, NO_WAY, stuck.said)


async def _act(me: Visitor, seen: Seen, name: str, given: Mapping[str, str]) -> None:
    """An act about a dossier, to which its page leads."""
    seen = await me.follow(seen, f"{seen.path}/acts/{name}")
    require_done(await me.send(seen, seen.form(action=f"/acts/{name}"), given))


def require_done(seen: Seen) -> None:
    """The page says that it was done, wherever one was sent to after it."""
    if not seen.done:
        raise stuck_at(seen, "it was not taken")


def criteria_of(form: Form) -> list[dict[str, Any]]:
    """What a sheet asks for: each mark with its step and its most, and whether a remark is asked for."""
    described = {one.name for one in form.fields if one.is_described}
    return [
        {
            "id": name,
            "step": mark.group["data-step"],
            "max_score": mark.group["data-most"],
            "remark": {"below": None} if f"{_REMARK}{name}" in described else None,
        }
        for name, mark in _marks(form).items()
    ]


def _marks(form: Form) -> dict[str, Field]:
    return {one.name.removeprefix(_SCORE): one for one in form.fields if one.name.startswith(_SCORE)}


def typed_sheet(sheet: Mapping[str, Any]) -> dict[str, str]:
    """As a member types it: numbers with a comma."""
    return {
        **{f"{_SCORE}{name}": mark.replace(".", ",") for name, mark in sheet["scores"].items()},
        **{f"{_REMARK}{name}": said for name, said in sheet["remarks"].items()},
        **{name: sheet[name] for name in ("vote", "remark") if name in sheet},
    }


def _typed_verdict(verdict: Verdict) -> dict[str, str]:
    is_proposed = verdict.get("propose", False)
    return {
        "verdict": "PROPOSED" if is_proposed else verdict["outcome"],
        "ground": verdict.get("ground", ""),
        "reasons": verdict["reasons"],
    }
