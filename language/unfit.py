"""Why a value is not taken where it is read, in both languages."""


class Unfit(ValueError):
    """A value that does not fit. Whoever reads a request or a file says each reader only the own language;
    `str()` says both."""

    def __init__(self, en: str, vi: str) -> None:
        super().__init__(f"{vi} ({en})")
        self.en, self.vi = en, vi
