"""Spans of time, shares, ladders and complaints of a pack in words: what more than one part of it has."""

from collections.abc import Iterator

from language.words.base import Words, same
from language.words.said import say
from packs.complaints import ComplaintAgainIn, ComplaintIn
from packs.form import BasisIn, BudgetIn, ExtensionIn, RungIn, ShareIn
from packs.said import Said, Scope
from packs.vocabulary import number


def say_budget(scope: Scope, name: str, subject: Words, budget: BudgetIn, basis: BasisIn) -> Said:
    """A rule that is a span of time."""
    return scope.counts(name, subject, (budget.amount, say(budget.unit)), basis)


def say_extension(scope: Scope, extension: ExtensionIn | None) -> Iterator[Said]:
    """By how much a clock may be made longer, if at all."""
    if extension:
        yield say_budget(
            scope,
            "extension",
            Words("được gia hạn nhiều nhất", "longest extension"),
            extension.most,
            extension.basis,
        )


def say_ladder(scope: Scope, ladder: list[RungIn], name: str = "ladder") -> Iterator[Said]:
    """Every rung, and when it fires."""
    for rung in ladder:
        anchor, span = say(rung.anchor), number(abs(rung.offset)) + same(" ") + say(rung.unit)
        if rung.offset == 0:
            when = Words(
                f"đúng {anchor.vi}, tính theo {say(rung.unit).vi}",
                f"at {anchor.en}, counted in {say(rung.unit).en}",
            )
        elif rung.offset < 0:
            when = Words(f"trước {anchor.vi} {span.vi}", f"{span.en} before {anchor.en}")
        else:
            when = Words(f"sau {anchor.vi} {span.vi}", f"{span.en} after {anchor.en}")
        subject = Words(f"bậc nhắc việc “{rung.id}”", f"rung “{rung.id}”")
        yield scope.says(f"{name}.{rung.id}", subject, say(rung.action) + same(", ") + when, rung.basis)
        if rung.quorum:
            yield say_share(
                scope,
                f"{name}.{rung.id}.quorum",
                subject + Words(": túc số hạ xuống", ": quorum falls to"),
                rung.quorum,
            )


def say_share(scope: Scope, name: str, subject: Words, share: ShareIn) -> Said:
    """A share of those counted."""
    value = same(f"{share.numerator}/{share.denominator} ") + say(share.counted_over)
    return scope.says(name, subject, value, share.basis)


def about_complaints(scope: Scope, first: ComplaintIn, again: ComplaintAgainIn) -> Iterator[Said]:
    """Who settles a complaint, who the second one, and the times of both."""
    by = Words(", kể cả người đã ra quyết định", ", whoever decided, too")
    above = Words(" ở đơn vị cấp trên", " in the unit above")
    spent = Words("thời hạn giải quyết", "time to settle")
    for name, title, rule, ending in (
        ("complaint", Words(", khiếu nại", ", complaints"), first, by if first.by_decider else same("")),
        ("complaint_again", Words(", khiếu nại lần hai", ", second complaints"), again, above),
    ):
        inner = Scope(path=f"{scope.path}.{name}", title=scope.title + title)
        until = Words("thời hiệu khiếu nại", "time to complain")
        yield say_budget(inner, "within", until, rule.within, rule.basis)
        settler = Words("người giải quyết", "settled by")
        yield inner.says("post", settler, say(rule.post) + ending, rule.basis)
        yield say_budget(inner, "settling", spent, rule.settling, rule.basis)
        yield from say_extension(inner, rule.extension)
        yield from say_ladder(inner, rule.ladder)
