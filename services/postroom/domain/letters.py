"""What mails say, in both languages: code, level, due date, reason, the reader's own amount, what to do and
where; no name of ours, and nothing of anybody else's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from string import Template
from typing import Final
from uuid import UUID

from language.cases import AlarmKind, ComplaintEnd, DoubtCause, Entered, QuestionOutcome, RejectionGround
from language.deadline.arithmetic import SuspensionKind
from language.journey.transition import SENTENCES
from language.messages.notices import NoticeKind
from language.messages.transition import TransitionReason
from language.pages import NOTICE_SETTINGS, NOTICES, page_of
from language.posts.kinds import OwnTask, PostKind, PostTask
from language.telling import Language
from language.words.base import Words, same
from language.words.said import say
from language.words.values import say_day, say_instant, say_level, say_money
from services.postroom.domain.letter_details import (
    ACCOUNT_CHANGES,
    ACTS_ABOUT_UNITS,
    ACTS_ON_DECISIONS,
    JOININGS,
    NOTHING_MOVES,
    SHARE_ANSWERS,
    WINDOW_CHANGES,
)
from services.postroom.domain.letter_texts import ADVICE, HEADLINES, LABELS, spoken
from services.postroom.domain.notices import ListedNotice
from services.postroom.domain.telling import STATUTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterItem:
    """A notice as its reader sees it."""

    kind: NoticeKind
    subject_id: UUID
    subject_code: str
    level: str | None
    due_at: datetime | None
    detail: str | None
    reference: str | None
    reason: str | None = None
    amount_dong: int | None = None
    pack_vi: str | None = None
    pack_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLink:
    """A link by which the reader chooses a password: the page, and the code in its address, which is copied
    where no script runs."""

    page: str = field(repr=False)
    code: str = field(repr=False)
    good_until: datetime


def letter_item(notice: ListedNotice) -> LetterItem:
    """What of a notice is told."""
    return LetterItem(
        kind=notice.kind,
        subject_id=notice.subject_id,
        subject_code=notice.subject_code,
        level=notice.level,
        due_at=notice.due_at,
        detail=notice.detail,
        reference=notice.reference,
        reason=notice.reason,
        amount_dong=notice.amount_dong,
        pack_vi=notice.pack_vi,
        pack_en=notice.pack_en,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def _task(code: str) -> Words:
    return say(OwnTask(code) if code in set(OwnTask) else PostTask(code))


_OUTCOMES: Final = {
    "RECOGNISED": Words("được công nhận sáng kiến", "recognised as an initiative"),
    "REFUSED": Words("không được công nhận", "not recognised"),
}


def _moved(code: str) -> Words:
    """How much work of which kind goes to a delegate."""
    if code == "NOTHING":
        return NOTHING_MOVES
    parts = [part.split("=") for part in code.split(",")]
    said = [(say(PostTask(task)), count) for task, count in parts]
    return Words(
        ", ".join(f"{task.vi} ({count} việc)" for task, count in said),
        ", ".join(f"{task.en} ({count})" for task, count in said),
    )


def _entered(code: str) -> Words:
    """What was entered about somebody, one after another; of a post with what it is for."""
    said: list[Words] = []
    for part in code.split(","):
        what, _, post = part.partition("=")
        words = say(Entered(what))
        if post:
            kind = say(PostKind(post))
            words = Words(f"{words.vi} ({kind.vi})", f"{words.en} ({kind.en})")
        said.append(words)
    return Words("; ".join(one.vi for one in said), "; ".join(one.en for one in said))


def _of(kind: type[StrEnum]) -> Callable[[str], Words]:
    return lambda code: say(kind(code))


_DETAILS: Final[dict[NoticeKind, Callable[[str], Words]]] = {
    NoticeKind.TASK_OPENED: _task,
    NoticeKind.TASK_TAKEN: _task,
    NoticeKind.SUPERIOR_TOLD: _of(AlarmKind),
    NoticeKind.ALARM_RAISED: _of(AlarmKind),
    NoticeKind.REQUEST_REJECTED: _of(RejectionGround),
    NoticeKind.CLOCK_SUSPENDED: _of(SuspensionKind),
    NoticeKind.STAGE_DECIDED: lambda code: _OUTCOMES[code],
    NoticeKind.ACCOUNT_CHANGED: lambda code: ACCOUNT_CHANGES[code],
    NoticeKind.PACK_PUBLISHED: lambda code: same(say_day(date.fromisoformat(code))),
    NoticeKind.QUORUM_LOWERED: same,
    NoticeKind.UNITS_CHANGED: lambda code: ACTS_ABOUT_UNITS[code],
    NoticeKind.RECORDS_JOINED: lambda code: JOININGS[code],
    NoticeKind.FILING_WINDOW_CHANGED: lambda code: WINDOW_CHANGES[code],
    NoticeKind.DECISION_ACTED_ON: lambda code: ACTS_ON_DECISIONS[code],
    NoticeKind.SHARE_ANSWERED: lambda code: SHARE_ANSWERS[code],
    NoticeKind.AUTHOR_HOLDS_POST: _of(PostKind),
    NoticeKind.ACT_QUESTIONED: _of(DoubtCause),
    NoticeKind.QUESTION_DECIDED: _of(QuestionOutcome),
    NoticeKind.WORK_DELEGATED: _moved,
    NoticeKind.ENTERED_ABOUT_YOU: _entered,
    NoticeKind.COMPLAINT_ENDED: _of(ComplaintEnd),
    NoticeKind.RULES_CHANGED: lambda code: Words(*SENTENCES[TransitionReason(code)]),
}
"""What the code of each kind that has one says."""


_WHY: Final = {
    NoticeKind.SUPERIOR_TOLD: "alarm",
    NoticeKind.ALARM_RAISED: "alarm",
    NoticeKind.RULES_CHANGED: "reason",
}
"""The label under which the code of a kind is said, where the headline does not say it."""


def _detail(item: LetterItem) -> Words:
    """What the code says; a code that only newer services know as it stands, for the mail has to go."""
    if item.detail is None or item.kind not in _DETAILS:
        return same("")
    try:
        return _DETAILS[item.kind](item.detail)
    except (KeyError, ValueError):
        return same(item.detail)


_ABOUT: Final[dict[NoticeKind, str]] = {
    NoticeKind.PACK_PUBLISHED: "pack",
    NoticeKind.ALARM_RAISED: "alarms",
    NoticeKind.ACT_QUESTIONED: "questions",
    NoticeKind.FILING_WINDOW_CHANGED: "season",
    NoticeKind.ACCOUNT_CHANGED: "account",
    NoticeKind.ENTERED_ABOUT_YOU: "person",
    NoticeKind.WEBHOOK_OFF: "webhook",
    NoticeKind.UNITS_CHANGED: "units",
    NoticeKind.RECORDS_JOINED: "joining",
    NoticeKind.WORK_DELEGATED: "delegations",
    NoticeKind.DELEGATION_TAKEN_BACK: "delegations",
}
"""The label of what a notice is about, where that is no dossier."""
_REFERENCES: Final = {
    NoticeKind.RULES_CHANGED: "rules",
    NoticeKind.WORK_DELEGATED: "days",
    NoticeKind.DELEGATION_TAKEN_BACK: "days",
    NoticeKind.ENTERED_ABOUT_YOU: "days",
}
"""The label of the number that people quote, where it is not a decision's."""
_LIST_TASKS: Final = frozenset({PostTask.SEND_LIST, PostTask.CONFIRM_LIST})


def _where(item: LetterItem, address: str) -> tuple[str, str]:
    """What the notice is about, and where it is to be read."""
    usual = "list" if item.detail in _LIST_TASKS else "dossier"
    page = page_of(item.kind, item.detail, item.subject_id, item.subject_code)
    return _ABOUT.get(item.kind, usual), f"{address}{page}"


def _pack(item: LetterItem, code: str) -> Words:
    """Rules as people know them; the code where the rulebook has none of it any more."""
    if item.pack_vi is None or item.pack_en is None:
        return same(code)
    version = code.rpartition("@")[2]
    return Words(f"“{item.pack_vi}”, bản {version}", f"“{item.pack_en}”, version {version}")


def _called(item: LetterItem) -> Words:
    """What it is about, as people know it."""
    is_pack = item.kind is NoticeKind.PACK_PUBLISHED
    return _pack(item, item.subject_code) if is_pack else same(item.subject_code)


def headline(item: LetterItem, language: Language) -> str:
    """The notice in one line."""
    told = Template(spoken(HEADLINES[item.kind], language))
    # A draft has no code yet.
    called = spoken(_called(item), language)
    return told.substitute(code=called, detail=spoken(_detail(item), language)).rstrip()


def _facts(item: LetterItem) -> Iterator[tuple[str, Words]]:
    """What is known beside the headline, each under its label."""
    if item.level:
        yield "level", say_level(item.level)
    if item.due_at:
        yield "answer" if item.kind is NoticeKind.DOSSIER_FILED else "due", say_instant(item.due_at)
    if item.reference:
        is_pack = item.kind is NoticeKind.RULES_CHANGED
        said = _pack(item, item.reference) if is_pack else same(item.reference)
        yield _REFERENCES.get(item.kind, "reference"), said
    if item.amount_dong is not None:
        yield "amount", same(say_money(item.amount_dong))
    yield from _reasons(item)


def _reasons(item: LetterItem) -> Iterator[tuple[str, Words]]:
    """Why: by a code of ours, and as whoever acted wrote it."""
    if item.detail and item.kind in _WHY:
        yield _WHY[item.kind], _detail(item)
    if item.reason and item.kind is NoticeKind.SUPPLEMENT_REQUESTED:
        yield "defects", same("".join(f"\n- {defect}" for defect in item.reason.split("\n")))
    elif item.reason:
        yield "reason", same(item.reason)


def _paragraph(item: LetterItem, language: Language, address: str) -> str:
    about, page = _where(item, address)
    facts = [*_facts(item), (about, same(page))]
    lines = [f"{spoken(LABELS[label], language)}: {spoken(value, language)}" for label, value in facts]
    return "\n".join([headline(item, language), *lines, spoken(ADVICE[item.kind], language)])


def _linked(link: LetterLink, language: Language) -> str:
    until = spoken(say_instant(link.good_until), language)
    words = Template(spoken(LABELS["link"], language))
    return words.substitute(page=link.page, code=link.code, until=until)


def compose(
    items: Sequence[LetterItem], language: Language, address: str, link: LetterLink | None = None
) -> Letter:
    """One mail of one notice or of many, and the link that it brings. `address` is where people find the
    pages."""
    label = {name: spoken(words, language) for name, words in LABELS.items()}
    one = len(items) == 1
    subject = headline(items[0], language) if one else Template(label["digest"]).substitute(count=len(items))
    tail = [f"{label['inbox']}: {address}{NOTICES}"]
    if any(notice.kind not in STATUTORY for notice in items):
        tail.append(f"{label['turn_off']} {address}{NOTICE_SETTINGS}")
    if any(notice.kind in STATUTORY for notice in items):
        tail.append(label["statutory"])
    paragraphs = [_paragraph(notice, language, address) for notice in items]
    if link:
        paragraphs.insert(0, _linked(link, language))
    text = "\n\n".join([label["greeting"], *paragraphs, "\n".join(tail), label["regards"]])
    return Letter(subject=subject, text=text + "\n")
