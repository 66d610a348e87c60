"""Templates, in both languages."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from language.telling import Language
from services.portal.showing.assets import Assets
from services.portal.showing.languages import translations
from services.portal.showing.values import Values

FOLDER: Final = Path(__file__).resolve().parents[1] / "templates"


def environment(language: Language) -> Environment:
    """Everything is escaped, and a name that is not there is an error and no empty place."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.filters.update(Values(language).filters())
    return env


class Renderer:
    """Draws pages."""

    def __init__(self, assets: Assets) -> None:
        self._environments = {language: environment(language) for language in Language}
        for env in self._environments.values():
            env.globals["asset"] = assets.address

    def draw(self, language: Language, template: str, facts: dict[str, Any]) -> str:
        """A page as text."""
        return self._environments[language].get_template(template).render(facts, language=language.value)

    def say(self, language: Language, message: str, **facts: object) -> str:
        """One sentence that stands in code."""
        said = translations(language).gettext(message)
        return said % facts if facts else said
