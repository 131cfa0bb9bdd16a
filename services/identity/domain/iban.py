"""The IBAN that the register has on file, as far as account creation needs it."""

import re
from typing import Final

from shared.kernel import require

LAST: Final = 7

_SPACES: Final = re.compile(r"[\s\u00a0\u202f]+")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_LAST_7: Final = re.compile(r"[A-Z0-9]{7}")


def parse_iban(text: str) -> str:
    """Without spaces, in upper case.

    Raises:
        Rejected: `iban-format` or `iban-key`.
    """
    iban = _SPACES.sub("", text).upper()
    require(_IBAN.fullmatch(iban) is not None, otherwise="iban-format")
    number = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    require(int(number) % 97 == 1, otherwise="iban-key")
    return iban


def parse_last_7(text: str) -> str:
    """The last seven characters as a visitor types them: the screen says « chiffres », letters occur all the same.

    Raises:
        Rejected: `iban-last7-format`.
    """
    typed = _SPACES.sub("", text).upper()
    require(_LAST_7.fullmatch(typed) is not None, otherwise="iban-last7-format")
    return typed


def last_7(iban: str) -> str:
    """End of the account number and RIB key."""
    return iban[-LAST:]


def masked_iban(iban: str) -> str:
    """What its holder sees after signing in: country, check digits and the last five, `FR76 •••• … ••90 189`."""
    hidden = f"{iban[:4]}{'•' * (len(iban) - 9)}{iban[-5:]}"
    return " ".join(hidden[start : start + 4] for start in range(0, len(hidden), 4))


def short_mask(iban: str) -> str:
    """What a document or an agent sees: country and the last two, `FR •• 89`."""
    return f"{iban[:2]} •• {iban[-2:]}"
