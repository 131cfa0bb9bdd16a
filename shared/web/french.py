"""French as it is written: spaces that do not break, dates, hours."""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_BEFORE: Final = re.compile(r" (?=[:;?!»](?!=))")
_AFTER: Final = re.compile(r"(?<=«) ")
_NUMBERS: Final = re.compile(
    r"(?<=n°) |(?<=\d) (?=\d|(?:h|heures?|min|minutes?|jours?|mois|ans?|caractères|chiffres)\b)"
)


def typography(text: str) -> str:
    """The spaces that must not break: before : ; ? ! », after «, inside « 14 h », « 8 jours » and « 04 94 »."""
    for spaces in (_BEFORE, _AFTER, _NUMBERS):
        text = spaces.sub(NBSP, text)
    return text


def sentence(text: str) -> str:
    """The same, as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def day(value: dt.date | dt.datetime) -> str:
    """24 novembre 2026."""
    if isinstance(value, dt.datetime):
        value = value.astimezone(PARIS).date()
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number}{NBSP}{_MONTHS[value.month - 1]} {value.year}"


def moment(value: dt.datetime) -> str:
    """24 novembre 2026 à 14 h 02."""
    local = value.astimezone(PARIS)
    return f"{day(local)} à {local.hour}{NBSP}h{NBSP}{local.minute:02}"


def hour(value: dt.datetime) -> str:
    """14 h 02."""
    local = value.astimezone(PARIS)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}"


def clock_time(value: dt.datetime) -> str:
    """14:02:07."""
    return f"{value.astimezone(PARIS):%H:%M:%S}"


def euros(cents: int) -> str:
    """1 234,50 €, with a minus sign where it is taken away."""
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", "\u202f")
    return f"{MINUS if cents < 0 else ''}{text},{rest:02}{NBSP}€"


def decimal(value: float) -> str:
    """1 234,5."""
    return f"{value:,.1f}".replace(",", "\u202f").replace(".", ",")


def short_day(value: dt.date) -> str:
    """24/11/2026."""
    return f"{value:%d/%m/%Y}"


def month(value: str) -> str:
    """2026-11: novembre 2026."""
    year, number = value.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"
