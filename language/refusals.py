"""What a refusal is: an expected 'no' with a stable code, one HTTP status and a sentence in both languages
that says what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from language.words.base import Words
from language.words.facts import code_of, say_fact

LONGEST_ECHO: Final = 200
"""So much of what somebody sent is said back to them."""
OWN_WORDS: Final = 2_000
"""For a refusal that lists what we say ourselves, not what somebody sent."""
_AWAY_FOR_A_MOMENT: Final = 503


def cut(text: str, longest: int = LONGEST_ECHO) -> str:
    """The text, or its beginning where it is longer."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class Refusal(Exception):
    """Base of every refusal. A subclass sets `status`, `vi` and `en`; its class name is the stable code.

    The sentences may hold `{placeholders}` filled from the facts given: `raise QuorumNotReached(needed=4,
    present=3)`. A fact is given as it is (an enum, a day, a number, a rule's basis, a list of these): people
    read it in words, programs as a code. Facts go to the client, so they hold no personal data beyond what
    the caller sent or may see, and are cut to `longest_fact`.
    """

    status: ClassVar[int] = 409
    longest_fact: ClassVar[int] = LONGEST_ECHO
    vi: ClassVar[str] = "Yêu cầu bị từ chối."
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **facts: object) -> None:
        self.facts = {name: cut(code_of(value), self.longest_fact) for name, value in facts.items()}
        self._said = {name: self._cut(say_fact(value)) for name, value in facts.items()}
        super().__init__(self.code, self.facts)

    def _cut(self, said: Words) -> Words:
        return Words(cut(said.vi, self.longest_fact), cut(said.en, self.longest_fact))

    @property
    def code(self) -> str:
        """The stable name that programs may rely on."""
        return type(self).__name__

    @property
    def passes_by_itself(self) -> bool:
        """Nobody has to mend anything: the same, asked again in a few seconds, may go through. Every edge
        says so in its own way."""
        return self.status == _AWAY_FOR_A_MOMENT

    @property
    def detail_vi(self) -> str:
        """The sentence for people."""
        return self.vi.format(**{name: said.vi for name, said in self._said.items()})

    @property
    def detail_en(self) -> str:
        """The same sentence in English."""
        return self.en.format(**{name: said.en for name, said in self._said.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyPart:
    """A row or a cell that is at fault: where it is, its stable code, and the sentence in both languages."""

    path: str
    code: str
    vi: str
    en: str


class ListRefused(Refusal):
    """Base of the refusals of a list: they name every part that is at fault, not the first one."""

    longest_fact = OWN_WORDS
    SUMMED: ClassVar[int] = 3

    def __init__(self, parts: Iterable[FaultyPart], **facts: object) -> None:
        self.parts = tuple(parts)
        super().__init__(
            count=len(self.parts),
            first_vi="; ".join(f"{part.path}: {part.vi}" for part in self.parts[: self.SUMMED]),
            first_en="; ".join(f"{part.path}: {part.en}" for part in self.parts[: self.SUMMED]),
            **facts,
        )


class NotFound(Refusal):
    """Nothing of that id is there, or the caller may not know that it is."""

    status = 404
    vi = "Không tìm thấy. Hãy kiểm tra lại mã hoặc đường dẫn."
    en = "Not found. Check the id or the address."


class Forbidden(Refusal):
    """The caller holds no post that gives this right in this unit at this time."""

    status = 403
    vi = (
        "Bạn không giữ vị trí cho phép làm việc này ở đơn vị này vào lúc này. Hãy dùng tài khoản giữ vị "
        "trí đó, hoặc hỏi quản trị viên của đơn vị."
    )
    en = (
        "You hold no post that allows this in this unit at this time. Use the account that holds such a "
        "post, or ask the unit's administrator."
    )


class UnitUnknown(Refusal):
    """The organisation has no such unit."""

    status = 422
    vi = "Đơn vị không có trong tổ chức của tỉnh. Hãy kiểm tra mã đơn vị."
    en = "The organisation has no such unit. Check its id."


class CodeTaken(Refusal):
    """Another row has this code."""

    status = 409
    vi = "Mã {code} đã được dùng. Hãy chọn mã khác."
    en = "The code {code} is taken. Choose another."
