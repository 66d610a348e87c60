"""Vietnamese as an official writes it: nothing for programs, no English, no foreign number in a sentence."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.history import _details, fact_of
from language.cases import Vote
from language.journey.transition import SENTENCES
from language.messages.notices import NoticeKind
from language.messages.transition import TransitionReason
from language.plan.review_plan import Basis, Budget, BudgetUnit
from language.posts.kinds import PostTask
from language.refusals import Refusal
from language.telling import Language
from language.words.base import Words
from language.words.content import AUTHOR_FIELDS, CONTENT
from language.words.event_fields import FIELDS
from language.words.events import _SENTENCES, PARTS
from language.words.facts import code_of, say_fact
from language.words.said import VOCABULARY
from language.words.states import STATES
from language.words.values import LEVELS, say_article, say_money
from rehearsal.switching import switch_lines
from services.intake.domain.dossier import DossierState
from services.postroom.domain.letter_details import (
    ACCOUNT_CHANGES,
    ACTS_ABOUT_UNITS,
    ACTS_ON_DECISIONS,
    WINDOW_CHANGES,
)
from services.postroom.domain.letter_texts import ADVICE, HEADLINES, LABELS
from services.postroom.domain.letters import compose
from tests.letter_cases import told
from tests.manner import WRONG, faults
from tests.refusal_kinds import every_refusal, facts_wanted, refused

EVENTS = Path(__file__).parent / "events"


SAMPLES: tuple[Any, ...] = (
    DossierState.FILED,
    PostTask.FORMAL_CHECK,
    Vote.REJECT,
    date(2025, 9, 5),
    datetime(2025, 9, 5, 16, 59, tzinfo=UTC),
    Decimal("99.99"),
    Budget(amount=10, unit=BudgetUnit.WORKING_DAYS),
    Basis(rule="formal_check.check", document="Nghị định 13/2012/NĐ-CP", article="Điều 5.2"),
    [NoticeKind.STAGE_DECIDED, NoticeKind.AWARD_PAID],
)


@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_reads_as_an_official_writes(kind: type[Refusal]) -> None:
    for value in SAMPLES:
        facts = dict.fromkeys(facts_wanted(kind), value)
        refusal = refused(kind, facts)
        assert not faults(refusal.detail_vi), refusal.detail_vi
        assert all(refusal.facts[name] == code_of(value) for name in facts)


@pytest.mark.parametrize("value", SAMPLES, ids=str)
def test_a_fact_is_said_in_words(value: Any) -> None:
    assert not faults(say_fact(value).vi)


def test_values_are_written_as_in_a_letter() -> None:
    assert say_fact(date(2025, 9, 5)).vi == "05/09/2025"
    assert say_fact(Decimal("99.99")).vi == "99,99"
    assert say_money(1_000_000) == "1.000.000 đ"
    assert say_fact(Decimal(100).normalize()).vi == "100"
    assert say_article("Điều 5.2 Điều lệ") == "khoản 2 Điều 5 Điều lệ"
    assert say_article("Điều 12.1.a") == "điểm a khoản 1 Điều 12"
    assert say_article("Điều 10.3a và điều 5.2.") == "khoản 3a Điều 10 và khoản 2 Điều 5."
    assert say_fact(SAMPLES[7]).vi == "khoản 2 Điều 5, Nghị định 13/2012/NĐ-CP"
    assert code_of(SAMPLES[7]) == "formal_check.check"


def _words() -> Iterator[tuple[str, str]]:
    tables: dict[str, dict[Any, Words]] = {
        "levels": dict(LEVELS),
        "content": dict(CONTENT),
        "authors": dict(AUTHOR_FIELDS),
        "fields": dict(FIELDS),
        "parts": dict(PARTS),
        "events": dict(_SENTENCES),
        "headlines": dict(HEADLINES),
        "advice": dict(ADVICE),
        "labels": dict(LABELS),
        "accounts": dict(ACCOUNT_CHANGES),
        "acts about units": dict(ACTS_ABOUT_UNITS),
        "acts on decisions": dict(ACTS_ON_DECISIONS),
        "windows": dict(WINDOW_CHANGES),
        **{kind.__name__: dict(words) for kind, words in VOCABULARY.items()},
        **{name: dict(words) for name, words in STATES.items()},
    }
    for table, words in tables.items():
        for name, said in words.items():
            yield f"{table} {getattr(name, '__name__', name)}", said.vi
    for reason, (vi, _) in SENTENCES.items():
        yield f"reason {reason}", vi


@pytest.mark.parametrize(("name", "vi"), list(_words()))
def test_a_word_reads_as_an_official_writes(name: str, vi: str) -> None:
    assert not faults(vi), name


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_mail_reads_as_an_official_writes(kind: NoticeKind) -> None:
    letter = compose([told(kind)], Language.VI, "https://sk.vn")
    assert not faults(letter.subject)
    assert not faults(letter.text)


@pytest.mark.parametrize("sample", sorted(EVENTS.glob("*.json")), ids=lambda sample: sample.stem)
def test_a_history_shows_no_ids_whatever_has_no_name(sample: Path) -> None:
    kind, _, version = sample.stem.rpartition("-")
    event = {"kind": kind, "version": int(version), "detail": json.loads(sample.read_text())}
    for line in _details(fact_of(event), {}):
        assert not WRONG["an id"].search(line), line
        assert not WRONG["a day for programs"].search(line), line
        assert "None" not in line, line


def test_what_became_of_a_switch_is_told_as_an_official_writes() -> None:
    count = {
        "step": "EXAMINATION",
        "from_level": "DISTRICT",
        "to_level": "COMMUNE",
        "marks": "SOME",
        "count": 3,
        "kind": "MOVED",
        "stage": "KEPT",
        "moved": 2,
        "declined": 1,
        "closed": 0,
        "sentence_vi": SENTENCES[TransitionReason.JOURNEY_ENDS][0],
    }
    switched = {"day": "2025-07-01", "seconds": 1.5, "done": [count, {**count, "to_level": None}]}
    for line in switch_lines({**switched, "back": switched}):
        assert not faults(line), line
