"""The facts of a refusal: for programs as codes, for people in words."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from language.plan.review_plan import Basis, Budget
from language.words.base import Coded, Words, same
from language.words.said import say
from language.words.values import say_article, say_day, say_instant, say_number


def code_of(fact: object) -> str:
    """As programs read it."""
    match fact:
        case Basis():
            return fact.rule
        case Coded():
            return fact.code
        case Budget():
            return f"{fact.amount} {fact.unit}"
        case list() | tuple():
            return ", ".join(code_of(one) for one in fact)
        case _:
            return str(fact)


def say_fact(fact: object) -> Words:  # noqa: C901, PLR0911 - a flat dispatch
    """As people read it."""
    match fact:
        case Coded():
            return Words(fact.vi, fact.en)
        case StrEnum():
            return say(fact)
        case datetime():
            return say_instant(fact)
        case date():
            return same(say_day(fact))
        case Decimal():
            return say_number(fact)
        case Basis():
            return _cited(fact)
        case Budget():
            unit = say(fact.unit)
            return Words(f"{fact.amount} {unit.vi}", f"{fact.amount} {unit.en}")
        case list() | tuple():
            said = [say_fact(one) for one in fact]
            return Words(", ".join(one.vi for one in said), ", ".join(one.en for one in said))
        case _:
            return same(fact)


def _cited(basis: Basis) -> Words:
    """Where a rule comes from, as a letter names it."""
    if not basis.document:
        return Words("bộ quy định đang áp dụng", basis.rule)
    place = f"{say_article(basis.article)}, {basis.document}" if basis.article else basis.document
    return Words(place, basis.rule)
