"""Codes that are guessed first: common ones, and those made of what is known of a person."""

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

_LOOKALIKES: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
SHORTEST_WORD: Final = 4


def is_common(code: str, known: Collection[str]) -> bool:
    """Whether the code is a known word with digits and signs around it, or written with look-alikes.

    `known` holds folded words, and whole codes without their signs.
    """
    signs = _folded(code)
    whole = "".join(character for character in signs if character.isalnum())
    around = whole.strip("0123456789")
    turned = _word(signs.strip("0123456789!?.,;:*+-_#&%/ ").translate(_LOOKALIKES))
    return any(form in known for form in (whole, around, turned))


def is_personal(code: str, words: Iterable[str]) -> bool:
    """Whether the code holds one of these words, of four characters or more; a shorter one, if it is nothing else."""
    typed = "".join(character for character in _folded(code) if character.isalnum())
    letters = typed.strip("0123456789")
    folded = {_word(_folded(word)) for word in words}
    return any(word == letters or (len(word) >= SHORTEST_WORD and word in typed) for word in folded if word)


def dates_of(birth_date: dt.date) -> tuple[str, ...]:
    """A birth date as people write it in a code."""
    return tuple(f"{birth_date:{form}}" for form in ("%d%m%Y", "%d%m%y", "%Y%m%d"))


def _folded(text: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _word(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
