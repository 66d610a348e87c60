"""What a refusal is: an expected 'no' with a stable code, one HTTP status and a sentence in both languages
that says what to do."""

from typing import ClassVar

from language.words.facts import code_of, say_fact


class Refusal(Exception):
    """Base of every refusal. A subclass sets `status`, `vi` and `en`; its class name is the stable code.

    The sentences may hold `{placeholders}` filled from the facts given: `raise QuorumNotReached(needed=4,
    present=3)`. A fact is given as it is (an enum, a day, a number, a rule's basis, a list of these): people
    read it in words, programs as a code. Facts go to the client, so they hold no personal data beyond what
    the caller sent or may see.
    """

    status: ClassVar[int] = 409
    vi: ClassVar[str] = "Yêu cầu bị từ chối."
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **facts: object) -> None:
        self.facts = {name: code_of(value) for name, value in facts.items()}
        self._said = {name: say_fact(value) for name, value in facts.items()}
        super().__init__(self.code, self.facts)

    @property
    def code(self) -> str:
        """The stable name that programs may rely on."""
        return type(self).__name__

    @property
    def detail_vi(self) -> str:
        """The sentence for people."""
        return self.vi.format(**{name: said.vi for name, said in self._said.items()})

    @property
    def detail_en(self) -> str:
        """The same sentence in English."""
        return self.en.format(**{name: said.en for name, said in self._said.items()})


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
