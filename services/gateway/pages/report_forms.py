"""What the declaration of a lost, stolen or damaged card asks."""

import datetime as dt
from typing import Annotated, ClassVar, Final

from services.gateway.drafts import Reason
from shared.web.forms import Form, asked, asked_date, wrong

LONGEST_PLACE: Final = 200
EARLIEST: Final = dt.date(1998, 1, 1)
"""Before the first carte Vitale nothing can have happened to one."""

_REASONS: Final = frozenset({"lost", "stolen", "damaged"})


def _reason(text: str) -> str:
    if text not in _REASONS:
        raise wrong("Choisissez ce qui est arrivé à votre carte.")
    return text


def _place(text: str) -> str:
    if len(text) > LONGEST_PLACE:
        raise wrong("Le lieu est trop long : 200 caractères au plus.")
    return text


def not_to_come(date: dt.date, today: dt.date) -> None:
    """Refuse a day to come, and one before the first carte Vitale."""
    if date > today:
        raise wrong("La date ne peut pas être dans l'avenir.")
    if date < EARLIEST:
        raise wrong("La date est trop ancienne : vérifiez l'année.")


class ReasonForm(Form):
    """What happened."""

    reason: Annotated[Reason, asked("Choisissez ce qui est arrivé à votre carte.", _reason)]


class FactsForm(Form):
    """When and where."""

    DATES: ClassVar = frozenset({"happened_on"})

    happened_on: Annotated[
        dt.date,
        asked_date(
            "Saisissez la date.",
            "La date n'existe pas. Saisissez le jour, le mois et les quatre chiffres de l'année.",
            not_to_come,
        ),
    ]
    place: Annotated[str, asked("Indiquez le lieu. Si vous ne le savez pas, écrivez « inconnu ».", _place)]


class HonourForm(Form):
    """« Sur l'honneur »."""

    honour: Annotated[str, asked("Cochez la case pour certifier vos informations.")]
