"""The words of a message: one template each, rendered as text and as HTML."""

import datetime as dt
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

FOLDER: Final = Path(__file__).parent / "templates"
WIDTH: Final = 72
MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_BLANK_LINE: Final = re.compile(r"\n\s*\n")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Words:
    """A message ready to be sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Plain:
    """The same without what belongs to a mail: for a page of the account, and for a letter."""

    subject: str
    paragraphs: tuple[str, ...]


class Renderer:
    """Renders the templates under `templates/messages`, each within the layout of its form."""

    def __init__(self) -> None:
        self._html = _environment("layout.html", _html_paragraphs, autoescape=True)
        self._text = _environment("layout.txt", _text_paragraphs, autoescape=False)

    def render(self, template: str, context: Mapping[str, Any]) -> Words:
        """Subject, text and HTML of one message."""
        name = f"messages/{template}.html"
        text = self._text.get_template(name)
        return Words(
            subject=_block(text, "subject", context),
            text=_BLANK_LINES.sub("\n\n", text.render(context)).strip() + "\n",
            html=self._html.get_template(name).render(context),
        )

    def plain(self, template: str, context: Mapping[str, Any]) -> Plain:
        """Subject and paragraphs of one message."""
        text = self._text.get_template(f"messages/{template}.html")
        body = _paragraphs(_block(text, "body", context))
        return Plain(_block(text, "subject", context), tuple(" ".join(part.split()) for part in body))

    def subject(self, template: str) -> str:
        """What every message of this kind is called."""
        return _block(self._text.get_template(f"messages/{template}.html"), "subject", {})


def _environment(layout: str, paragraphs: Any, *, autoescape: bool) -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=autoescape,  # noqa: S701 - off for plain text alone
        undefined=StrictUndefined,
    )
    found.globals["layout"] = layout
    found.filters["paragraphs"] = paragraphs
    found.filters["day"] = day
    return found


def day(iso: str) -> str:
    """`2026-04-09` → « 9 avril 2026 »."""
    date = dt.date.fromisoformat(iso)
    return f"{date.day}{'er' if date.day == 1 else ''} {MONTHS[date.month - 1]} {date.year}"


def _block(template: Template, name: str, context: Mapping[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(dict(context)))).strip()


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in _BLANK_LINE.split(text.strip())]


def _html_paragraphs(text: Markup) -> Markup:
    """The text comes escaped from its block."""
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup(part)) for part in _paragraphs(text))  # noqa: S704


def _text_paragraphs(text: str) -> str:
    filled = [textwrap.fill(" ".join(part.split()), WIDTH, break_long_words=False) for part in _paragraphs(text)]
    return "\n\n".join(filled)
