"""Templates: ours and the component kit's, always escaped; a name that does not exist fails the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    Undefined,
    UndefinedError,
)
from jinja2.ext import Extension

from shared.web import french
from shared.web.assets import Assets

KIT: Final = "govuk_frontend_jinja"
COMMON: Final = Path(__file__).with_name("templates")
"""Macros that every site has."""


class Loud(Undefined):
    """May be tested, as the kit's macros do with their many options; shown, it fails, unless a dict lacked it."""

    def __str__(self) -> str:
        if self._undefined_name is None or isinstance(self._undefined_obj, Mapping):
            return ""
        raise UndefinedError(self._undefined_message)


class Typography(Extension):
    """Puts the spaces of French into our own templates when they are read."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        del filename
        return source if name is None or name.startswith(KIT) else french.typography(source)


class Templates:
    """Renders pages by name."""

    def __init__(self, assets: Assets, folder: Path, **names: Any) -> None:
        """Those of a `folder`; `names` are known to all of them."""
        self._environment = Environment(
            loader=ChoiceLoader([PrefixLoader({KIT: PackageLoader(KIT)}), FileSystemLoader([folder, COMMON])]),
            autoescape=True,
            undefined=Loud,
            auto_reload=False,  # it would look at every file at every page
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=[Typography],
        )
        self.assets = assets
        self._environment.globals.update(static=assets.url, **names)
        self._environment.filters.update(
            jour=french.day,
            phrase=french.sentence,
            moment=french.moment,
            heure=french.clock_time,
            heure_courte=french.hour,
            typo=french.typography,
            euros=french.euros,
            decimale=french.decimal,
            jour_court=french.short_day,
            mois=french.month,
        )

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        return self._environment.get_template(name).render(context)
