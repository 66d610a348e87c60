"""What a pack says, and what changes from one pack to another, in sentences an officer understands."""

from dataclasses import dataclass

from language.words.base import Words, same
from packs.form import BasisIn
from packs.freezing import PolicyPack
from packs.said import Said
from packs.sentences import sentences_of
from packs.vocabulary import basis_words, number


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRule:
    """A rule as a sentence with its basis; None where it is no rule but the head of the pack."""

    rule: str
    sentence: Words
    basis: BasisIn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A rule that is new, gone, or says something else."""

    rule: str
    sentence: Words


def explain(pack: PolicyPack) -> list[ExplainedRule]:
    """Every rule of the pack as a sentence that quotes its basis."""
    return [
        ExplainedRule(
            rule=said.path,
            sentence=_head(said) + Words(" là ", " is ") + said.value + _quoted(said),
            basis=said.basis,
        )
        for said in sentences_of(pack)
    ]


def _head(said: Said) -> Words:
    return said.scope + same(": ") + said.subject


def _quoted(said: Said) -> Words:
    return same(" [") + basis_words(said.basis) + same("]") if said.basis else same("")


def difference(old: PolicyPack, new: PolicyPack) -> list[Change]:
    """What changes for dossiers from the old pack to the new one, in the new pack's order; what is gone comes
    last.

    A level that is new or gone is one sentence: its rules are to be read in the explanation.
    """
    before = {said.path: said for said in sentences_of(old)}
    after = {said.path: said for said in sentences_of(new)}
    levels = {level.level for level in old.levels} ^ {level.level for level in new.levels}
    changes = [_change(before.get(path), said) for path, said in after.items() if not _of_level(path, levels)]
    gone = [_gone(said) for path, said in before.items() if path not in after and not _of_level(path, levels)]
    return [change for change in changes if change] + gone


def _of_level(path: str, levels: set[str]) -> bool:
    """One of the rules inside a level that only one of the packs has; the level itself is told."""
    level, _, rest = path.partition(".")
    return level in levels and rest != "level"


def _gone(said: Said) -> Change:
    return Change(
        rule=said.path,
        sentence=_head(said)
        + Words(" không còn (trước đây: ", " is gone (it was: ")
        + said.value
        + same(")"),
    )


def _change(old: Said | None, new: Said) -> Change | None:
    if old is None:
        added = _head(new) + Words(" được thêm: ", " is added: ") + new.value + _mark(new)
        return Change(rule=new.path, sentence=added)
    if old.value != new.value or old.subject != new.subject:
        return Change(rule=new.path, sentence=_head(new) + _moved(old, new) + _mark(new))
    if old.basis != new.basis and old.basis and new.basis:
        moved = Words(" không đổi, căn cứ đổi từ “", " stays, its basis changes from “") + basis_words(
            old.basis
        )
        return Change(
            rule=new.path,
            sentence=_head(new) + moved + Words("” thành “", "” to “") + basis_words(new.basis) + same("”"),
        )
    return None


def _moved(old: Said, new: Said) -> Words:
    if old.subject != new.subject:
        return (
            Words(" thay cho “", " takes the place of “")
            + old.subject
            + same("”: ")
            + old.value
            + same(" → ")
            + new.value
        )
    if old.amount is None or new.amount is None or old.unit != new.unit or old.amount == new.amount:
        return Words(" đổi từ ", " changes from ") + old.value + Words(" thành ", " to ") + new.value
    rises = new.amount > old.amount
    verb = Words(" tăng từ ", " rises from ") if rises else Words(" giảm từ ", " falls from ")
    first = old.value if new.unit == same("đồng") else number(old.amount)
    return verb + first + (Words(" lên ", " to ") if rises else Words(" xuống ", " to ")) + new.value


def _mark(said: Said) -> Words:
    """A number that no law gives says so."""
    return Words(" (mẫu)", " (sample)") if said.basis and said.basis.sample else same("")
