"""The two languages of the pages. What is written in templates and code is English; the Vietnamese stands in
the catalogues under `locale/vi`, one for each part of the pages."""

import gettext
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from language.telling import Language


def N_(message: str) -> str:
    """Marks a message that stands in code and is looked up where it is shown."""
    return message


FOLDER: Final = Path(__file__).resolve().parents[1] / "locale"


def catalogues(language: Language, folder: Path = FOLDER) -> Iterator[Catalog]:
    """The catalogues of a language."""
    for file in sorted((folder / language.value).glob("*.po")):
        with file.open("rb") as opened:
            yield read_po(opened, locale=language.value)


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """What says things in this language."""
    if language is Language.EN:
        return gettext.NullTranslations()
    whole = Catalog(locale=language.value, charset="utf-8")
    for catalogue in catalogues(language):
        for message in catalogue:
            if message.id:
                whole.add(message.id, message.string)
    packed = BytesIO()
    write_mo(packed, whole)
    packed.seek(0)
    return gettext.GNUTranslations(packed)


def wished(cookie: str | None, accepted: str, asked: str | None = None) -> Language:
    """The language somebody asks for, has chosen before, or whose browser prefers it; else Vietnamese."""
    for wish in (asked, cookie):
        if wish in set(Language):
            return Language(wish)
    weights: Mapping[str, int] = {
        part.split(";")[0].strip()[:2].lower(): -place for place, part in enumerate(accepted.split(","))
    }
    return Language.EN if weights.get("en", -99) > weights.get("vi", -98) else Language.VI
