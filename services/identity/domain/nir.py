"""The NIR (social-security number): its forms, its key, and how it is shown. An attribute of a person, never an id."""

import datetime as dt
import re
from typing import Final, NewType

from shared.kernel import Rejected, require

Nir = NewType("Nir", str)
"""13 characters, upper case: the same number whether it was typed with its key or without."""

LENGTH: Final = 13
WITH_KEY: Final = 15

_IGNORED: Final = str.maketrans("", "", " .\u00a0\u202f")
_MONTH: Final = r"(?:0[1-9]|1[0-2]|[2-9]\d)"
_CIVIL: Final = re.compile(rf"[1-4]\d{{2}}{_MONTH}(?:\d{{2}}|2[AB])\d{{6}}", re.ASCII)  # 3 and 4: waiting numbers (NIA)
_PROVISIONAL: Final = re.compile(r"(?:[78][0-2]|[56][12])\d{11}", re.ASCII)  # NNP, MIG: neither key nor birth date
_ZERO_PART: Final = re.compile(r".{5}(?:00.{6}|.{2}000.{3}|.{5}000)")
_CORSICA: Final = {"2A": "19", "2B": "18"}
_MONTHS: Final = 12


def parse_nir(text: str, *, refuse_zero_parts: bool = False) -> Nir:
    """Bring a typed number to its normal form; a key is checked where it is given.

    Raises:
        Rejected: `nir-length`, `nir-format` or `nir-key`.
    """
    typed = text.translate(_IGNORED).upper()
    require(len(typed) in {LENGTH, WITH_KEY}, otherwise="nir-length")
    number, key = Nir(typed[:LENGTH]), typed[LENGTH:]
    if _PROVISIONAL.fullmatch(number):
        require(not key, otherwise="nir-length")
        return number
    require(_CIVIL.fullmatch(number) is not None, otherwise="nir-format")
    require(not (refuse_zero_parts and _ZERO_PART.fullmatch(number)), otherwise="nir-format")
    require(not key or key == key_of(number), otherwise="nir-key")
    return number


def key_of(nir: Nir) -> str:
    """The two digits that follow the number: 97 - n mod 97, Corsica's letters counted as 19 and 18."""
    if _PROVISIONAL.fullmatch(nir):
        raise Rejected("nir-has-no-key")
    department = nir[5:7]
    digits = nir[:5] + _CORSICA.get(department, department) + nir[7:]
    return f"{97 - int(digits) % 97:02d}"


def masked(nir: Nir) -> str:
    """Sex and year only, as on screens and prints: `1 85 ** ** *** *** **`."""
    if _PROVISIONAL.fullmatch(nir):
        return f"{nir[0]} ** ** ** *** ***"
    return f"{nir[0]} {nir[1:3]} ** ** *** *** **"


def agrees_with_birth(nir: Nir, birth_date: dt.date) -> bool:
    """Whether year and month fit, as far as the number tells them (months from 20 on are unknown ones)."""
    if _PROVISIONAL.fullmatch(nir):
        return True
    month = int(nir[3:5])
    return int(nir[1:3]) == birth_date.year % 100 and (month > _MONTHS or month == birth_date.month)
