"""The forms of « Contrôle »."""

import datetime as dt
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from services.console.acts.reading import Why
from services.console.domain.samples import Verdict
from services.console.domain.words import Purpose
from services.console.pages.accounts import Why as Reason
from services.console.pages.accounts import any_date
from services.console.pages.audit_words import KINDS
from services.console.pages.desk_forms import Day, Number, OfPerson
from shared.lifecycles import Wanted
from shared.web.forms import Form, asked, maybe_date, wrong
from shared.web.french import PARIS

DAY: Final = dt.timedelta(days=1)


def _kind(text: str) -> str:
    if text not in KINDS:
        raise wrong("Choisissez ce qui est tiré.")
    return text


def _size(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > len("1000"):
        raise wrong("Indiquez un nombre de 1 à 100.")
    return int(text)


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError:
        raise wrong("Choisissez un constat.") from None


MaybeDay = Annotated[dt.date | None, maybe_date("Cette date n'existe pas.", any_date)]


class LookForm(Form):
    """Why a dossier is opened."""

    reason: Reason
    ticket: str = ""

    def why(self) -> Why:
        return Why(purpose=Purpose.AUDIT, reason=self.reason, ticket=self.ticket.strip()[:60])


class PersonForm(LookForm, OfPerson):
    """Whose cards."""


class NumberForm(LookForm):
    """What stands on a card or a paper."""

    SECRET: ClassVar = frozenset({"numero"})

    numero: Number


class OpenForm(LookForm):
    """A person of a list, by pseudonym."""

    person: Annotated[str, asked("Choisissez une ligne.")]


class DayForm(LookForm):
    """A day, in Paris."""

    DATES: ClassVar = frozenset({"jour"})

    jour: Day

    def wanted(self) -> Wanted:
        """What moved on it."""
        return of_day(self.jour)


class DrawForm(LookForm):
    """What is drawn, from what."""

    DATES: ClassVar = frozenset({"debut", "fin"})

    kind: Annotated[str, BeforeValidator(_kind)]
    etat: str = ""
    code: Annotated[str, Field(max_length=60)] = ""
    debut: MaybeDay
    fin: MaybeDay
    size: Annotated[int, BeforeValidator(_size)]
    seed: Annotated[str, Field(max_length=100)] = ""

    def wanted(self) -> Wanted:
        """The filter; the last day counts."""
        return Wanted(
            lifecycle=self.kind.partition("/")[2],
            state=self.etat.strip(),
            code=self.code.strip(),
            since=_midnight(self.debut) if self.debut else None,
            until=_midnight(self.fin + DAY) if self.fin else None,
        )


class NoteForm(Form):
    """What one item is."""

    item: Annotated[str, asked("Choisissez une ligne.", squeeze=False)]
    verdict: Annotated[Verdict, BeforeValidator(_verdict)]
    note: str = ""


class CloseForm(Form):
    """What comes of it."""

    reason: Reason


def of_day(day: dt.date) -> Wanted:
    """What moved on a day in Paris."""
    return Wanted(since=_midnight(day), until=_midnight(day + DAY))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), PARIS).astimezone(dt.UTC)
