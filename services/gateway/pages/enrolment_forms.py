"""What each step of the creation of an account asks. Only the shape is looked at here: identity decides."""

import datetime as dt
import re
import unicodedata
from typing import Annotated, ClassVar, Final, Self

from pydantic import model_validator

from shared.web.forms import Form, asked, asked_date, wrong

_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_NIR: Final = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.ASCII)
_CORSICA: Final = {"2A": "19", "2B": "18"}
_POSTCODE: Final = re.compile(r"\d{5}", re.ASCII)
_IBAN_END: Final = re.compile(r"[0-9A-Z]{7}")
_SERIAL: Final = re.compile(r"\d{8,13}", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
SHORTEST_CODE: Final = 8
LONGEST_CODE: Final = 50
LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 100
EARLIEST_BIRTH: Final = dt.date(1890, 1, 1)


def read_nir(text: str) -> str:
    """13 or 15 characters, with or without spaces; where the key is given it is checked: it finds slips."""
    nir = _SEPARATORS.sub("", text).upper()
    if len(nir) not in {13, 15}:
        raise wrong("Le numéro de sécurité sociale doit compter 13 ou 15 caractères.")
    if not _NIR.fullmatch(nir):
        raise wrong("Le numéro de sécurité sociale ne contient que des chiffres (et, en Corse, 2A ou 2B).")
    if len(nir) == 15 and not _key_fits(nir):  # noqa: PLR2004 - with its key
        raise wrong(
            "Le numéro de sécurité sociale contient une erreur : ses deux derniers chiffres ne correspondent pas."
        )
    return nir


def _key_fits(nir: str) -> bool:
    department = nir[5:7]
    number = int(nir[:5] + _CORSICA.get(department, department) + nir[7:13])
    return 97 - number % 97 == int(nir[13:])


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise wrong("Le nom est trop long : 100 caractères au plus.")
    return text


def past_date(date: dt.date, today: dt.date) -> None:
    """A birth date that a living person may have."""
    if not EARLIEST_BIRTH <= date <= today:
        raise wrong("La date de naissance ne peut pas être celle-là : vérifiez l'année.")


def _postcode(text: str) -> str:
    postcode = _SEPARATORS.sub("", text)
    if not _POSTCODE.fullmatch(postcode):
        raise wrong("Le code postal doit compter 5 chiffres.")
    return postcode


def _iban_end(text: str) -> str:
    end = _SEPARATORS.sub("", text).upper()
    if not _IBAN_END.fullmatch(end):
        raise wrong("Saisissez exactement les 7 derniers caractères de votre IBAN, sans le reste.")
    return end


def _serial(text: str) -> str:
    serial = _SEPARATORS.sub("", text)
    if not _SERIAL.fullmatch(serial):
        raise wrong("Le numéro de série compte de 8 à 13 chiffres.")
    return serial


def _code(text: str) -> str:
    code = unicodedata.normalize("NFC", text)
    if len(code) > LONGEST_CODE:
        raise wrong("Votre code est trop long : 50 caractères au plus.")
    kept = {
        "8 caractères au moins": len(code) >= SHORTEST_CODE,
        "une lettre": any(unicodedata.name(one, "").startswith("LATIN ") for one in code if one.isalpha()),
        "un chiffre": any(one in "0123456789" for one in code),
        "un caractère spécial": any(one.isprintable() and not one.isalnum() for one in code),
    }
    missing = [words for words, there in kept.items() if not there]
    if missing:
        raise wrong(f"Il manque à votre code : {', '.join(missing)}.")
    return code


def _email(text: str) -> str:
    if len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        raise wrong("L'adresse n'a pas la bonne forme. Par exemple : prenom.nom@exemple.fr.")
    return text


class IdentityForm(Form):
    """Step 1."""

    DATES: ClassVar = frozenset({"birth_date"})

    surname: Annotated[str, asked("Saisissez votre nom de famille.", _name)]
    nir: Annotated[str, asked("Saisissez votre numéro de sécurité sociale.", read_nir)]
    birth_date: Annotated[
        dt.date,
        asked_date(
            "Saisissez votre date de naissance.",
            "La date de naissance n'existe pas. Saisissez le jour, le mois et les quatre chiffres de l'année.",
            past_date,
        ),
    ]
    postcode: Annotated[str, asked("Saisissez votre code postal.", _postcode)]


class ProofsForm(Form):
    """Step 2. Neither is shown again, nor kept."""

    SECRET: ClassVar = frozenset({"iban_end", "serial"})

    iban_end: Annotated[str, asked("Saisissez les 7 derniers caractères de votre IBAN.", _iban_end)]
    serial: Annotated[str, asked("Saisissez le numéro de série de votre carte Vitale.", _serial)]


class TermsForm(Form):
    """Step 3."""

    accepted: Annotated[str, asked("Cochez la case pour accepter les conditions générales d'utilisation.")]


class CodeForm(Form):
    """Step 4."""

    SECRET: ClassVar = frozenset({"code", "code_again"})

    code: Annotated[str, asked("Choisissez votre code personnel.", _code, squeeze=False)]
    code_again: Annotated[str, asked("Saisissez votre code une seconde fois.", squeeze=False)]

    @model_validator(mode="after")
    def _same(self) -> Self:
        if self.code != unicodedata.normalize("NFC", self.code_again):
            raise wrong("Les deux codes ne sont pas les mêmes.", "code_again")
        return self


class EmailForm(Form):
    """Step 5."""

    email: Annotated[str, asked("Saisissez votre adresse e-mail.", _email)]
    email_again: Annotated[str, asked("Saisissez votre adresse une seconde fois.")]

    @model_validator(mode="after")
    def _same(self) -> Self:
        if self.email != self.email_again:
            raise wrong("Les deux adresses ne sont pas les mêmes.", "email_again")
        return self
