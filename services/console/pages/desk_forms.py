"""The forms of the desk."""

import datetime as dt
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator

from services.console.acts import reading
from services.console.domain.words import Document, Purpose
from services.console.pages.accounts import Why
from shared.web.forms import Form, asked, asked_date, wrong

SHORTEST: Final = 5
LONGEST: Final = 60


def not_to_come(date: dt.date, today: dt.date) -> None:
    """A birth date, or the day of a loss."""
    if date > today:
        raise wrong("Cette date est à venir.")


def _purpose(text: str) -> Purpose:
    try:
        return Purpose(text)
    except ValueError:
        raise wrong("Choisissez un motif.") from None


def _document(text: str) -> Document:
    try:
        return Document(text)
    except ValueError:
        raise wrong("Choisissez la pièce que vous avez vue.") from None


def _stolen(text: str) -> bool:
    if text not in {"lost", "stolen"}:
        raise wrong("Dites si la carte est perdue ou volée.")
    return text == "stolen"


def _sworn(text: str) -> bool:
    if text != "oui":
        raise wrong("La personne doit le certifier sur l'honneur.")
    return True


def _number(text: str) -> str:
    if not SHORTEST <= len(text) <= LONGEST:
        raise wrong("Un numéro a de 5 à 60 caractères.")
    return text


Day = Annotated[dt.date, asked_date("Saisissez la date.", "Cette date n'existe pas.", not_to_come)]
Number = Annotated[str, asked("Saisissez un numéro.", _number)]


class OfPerson(Form):
    """Whom: the whole number and the birth date."""

    SECRET: ClassVar = frozenset({"nir"})
    DATES: ClassVar = frozenset({"naissance"})

    nir: Annotated[str, asked("Saisissez le numéro de sécurité sociale entier.")]
    naissance: Day


class _Looking(Form):
    """Why, and for which demand."""

    purpose: Annotated[Purpose, BeforeValidator(_purpose)]
    reason: Why
    ticket: str = ""

    def why(self) -> reading.Why:
        return reading.Why(purpose=self.purpose, reason=self.reason, ticket=self.ticket.strip()[:60])


class LookUpForm(_Looking, OfPerson):
    """A person who is there, or on the telephone."""


class RequestForm(_Looking):
    """What the person reads on a screen or a paper of ours."""

    SECRET: ClassVar = frozenset({"numero"})

    numero: Number


class CodeForm(Form):
    """Which papers the agent has seen."""

    document: Annotated[Document, BeforeValidator(_document)]


class LossForm(Form):
    """What the caller says of himself and of his card. Nothing of it is shown again."""

    SECRET: ClassVar = frozenset({"surname", "postcode", "iban"})
    DATES: ClassVar = frozenset({"jour"})

    surname: Annotated[str, asked("Saisissez le nom que dit la personne.")]
    postcode: Annotated[str, asked("Saisissez le code postal que dit la personne.")]
    iban: Annotated[str, asked("Saisissez les 7 derniers caractères de l'IBAN que dit la personne.")]
    what: Annotated[bool, BeforeValidator(_stolen)]
    jour: Day
    place: Annotated[str, asked("Saisissez le lieu.")]
    honour: Annotated[bool, BeforeValidator(_sworn)]
