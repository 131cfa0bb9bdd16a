"""Whom somebody who controls asks about: a pseudonym of another page, or number and birth date."""

import datetime as dt
import uuid
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, model_validator

from services.console.acts import finding
from services.console.acts.finding import household
from services.console.acts.office import By
from services.console.acts.reading import Household
from services.console.clients.lines import Lines
from services.console.pages.audit_forms import LookForm
from services.console.pages.desk_forms import not_to_come
from shared.web.forms import Form, maybe_date, wrong


def _pseudonym(text: str) -> str:
    text = text.strip().lower()
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError:
        raise wrong("Un pseudonyme a 32 chiffres et lettres, comme sur les autres pages de contrôle.") from None


class _Whom(Form):
    """Nobody, or one person in either way."""

    SECRET: ClassVar = frozenset({"nir"})
    DATES: ClassVar = frozenset({"naissance"})

    personne: Annotated[str, BeforeValidator(_pseudonym)] = ""
    nir: str = ""
    naissance: Annotated[dt.date | None, maybe_date("Cette date n'existe pas.", not_to_come)]

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.nir.strip()) != bool(self.naissance):
            raise wrong("Le numéro et la date de naissance vont ensemble.", "nir")
        return self


class PersonForm(LookForm, _Whom):
    """Whom, why, and for which demand; asked for in this order."""

    @property
    def names_somebody(self) -> bool:
        """Whether anybody was named."""
        return bool(self.personne or self.naissance)

    async def person(self, lines: Lines, by: By) -> tuple[str, Household]:
        """The person's pseudonym, and who is close to him.

        Raises:
            Rejected: `nobody-found`, `role-refused`. channel.Refused: the number is none.
        """
        if self.personne or self.naissance is None:
            return self.personne, household(lines)
        return await finding.by_number(lines, by, self.nir, self.naissance)
