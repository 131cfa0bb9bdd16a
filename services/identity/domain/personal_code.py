"""The code a member signs in with: 8 to 50 characters, a letter, a digit and a special one."""

import unicodedata
from typing import Final

SHORTEST: Final = 8
LONGEST: Final = 50


def normal_form(code: str) -> str:
    """The same characters whichever keyboard composed them (é as one character)."""
    return unicodedata.normalize("NFC", code)


def broken_rules(code: str) -> list[str]:
    """Stable codes of the rules that this code breaks, in the order a screen lists them."""
    code = normal_form(code)
    checks = {
        "code-too-short": len(code) >= SHORTEST,
        "code-too-long": len(code) <= LONGEST,
        "code-without-letter": any(map(_is_latin, code)),
        "code-without-digit": any(map(_is_digit, code)),
        "code-without-special": any(map(_is_special, code)),
        "code-other-alphabet": all(_is_latin(character) for character in code if character.isalpha()),
        "code-unprintable": code.isprintable(),
    }
    return [rule for rule, kept in checks.items() if not kept]


def _is_latin(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


def _is_digit(character: str) -> bool:
    return character in "0123456789"


def _is_special(character: str) -> bool:
    return character.isprintable() and not character.isalnum()
