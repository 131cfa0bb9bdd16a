"""What the order of a European card and the declaration of its loss ask."""

import datetime as dt
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, model_validator

from services.gateway.pages.report_forms import not_to_come
from shared.web.forms import Form, asked, asked_date, maybe_date, wrong

IMPOSSIBLE: Final = "La date n'existe pas. Saisissez le jour, le mois et les quatre chiffres de l'année."
LATEST: Final = dt.timedelta(days=730)


def _coming(date: dt.date, today: dt.date) -> None:
    if date < today:
        raise wrong("La date de départ est passée.")
    if date > today + LATEST:
        raise wrong("La date est trop lointaine : vérifiez l'année.")


def _country(text: str) -> str | None:
    return text.strip() or None


def _reason(text: str) -> str:
    if text not in {"lost", "stolen"}:
        raise wrong("Choisissez ce qui est arrivé à votre carte.")
    return text


class TripForm(Form):
    """Where to, and when; both may be open."""

    DATES: ClassVar = frozenset({"departure_on"})

    country: Annotated[str | None, BeforeValidator(_country)]
    posted: str = ""
    departure_on: Annotated[dt.date | None, maybe_date(IMPOSSIBLE, _coming)]

    @model_validator(mode="after")
    def _posted_is_said(self) -> "TripForm":
        if self.country and self.posted not in {"oui", "non"}:
            raise wrong("Répondez par oui ou par non.", "posted")
        return self


class LossForm(Form):
    """What happened to the card, and when."""

    DATES: ClassVar = frozenset({"happened_on"})

    reason: Annotated[Literal["lost", "stolen"], asked("Choisissez ce qui est arrivé à votre carte.", _reason)]
    happened_on: Annotated[dt.date, asked_date("Saisissez la date.", IMPOSSIBLE, not_to_come)]
