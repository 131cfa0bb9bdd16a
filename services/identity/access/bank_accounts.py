"""Reading an IBAN that a member types, and asking the banks whose account it is."""

import datetime as dt
import re
from collections.abc import Collection
from typing import Final, Protocol

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidAccountCode,
    InvalidBankCode,
    InvalidBBANChecksum,
    InvalidBranchCode,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    InvalidStructure,
    SchwiftyException,
)

from services.identity.domain.bank_events import HolderVerdict
from services.identity.domain.iban import masked_iban
from shared.kernel import Rejected, Value, require

_IGNORED: Final = re.compile(r"[\s.\-\u00a0\u202f]+")
_CHARACTERS: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{2,32}")
_KEYED: Final = frozenset({"FR", "MC"})
"""Countries whose national key (RIB) is checked; that of others is their banks' business."""
_CODES: Final[dict[type[SchwiftyException], str]] = {
    InvalidCountryCode: "iban-country",
    InvalidLength: "iban-length",
    InvalidStructure: "iban-format",
    InvalidChecksumDigits: "iban-key",
    InvalidBBANChecksum: "iban-rib-key",
    InvalidBankCode: "iban-format",
    InvalidBranchCode: "iban-format",
    InvalidAccountCode: "iban-format",
}


class ReadIban(Value):
    """An account that benefits may be paid to. The bank's name is a hint, and proves nothing."""

    iban: str
    masked: str
    bank: str | None


def read_iban(text: str, sepa: Collection[str]) -> ReadIban:
    """Check in this order: characters, country, length, mod 97, and for FR and MC the RIB key.

    Raises:
        Rejected: `iban-format`, `iban-country`, `iban-length`, `iban-key` or `iban-rib-key`.
    """
    typed = _IGNORED.sub("", text).upper()
    require(_CHARACTERS.fullmatch(typed) is not None, otherwise="iban-format")
    require(typed[:2] in sepa, otherwise="iban-country")
    try:
        found = IBAN(typed, validate_bban=typed[:2] in _KEYED)
    except SchwiftyException as error:
        raise Rejected(_CODES.get(type(error), "iban-format")) from None
    return ReadIban(iban=str(found), masked=masked_iban(str(found)), bank=found.bank_name)


class Holder(Value):
    """Who the account is said to belong to."""

    surname: str
    given_names: str
    birth_date: dt.date


class HolderCheck(Protocol):
    """The banks' answer to « is this account his? » (in France SEPAmail DIAMOND)."""

    async def check(self, iban: str, holder: Holder) -> HolderVerdict:
        """Match, doubt or mismatch."""
        ...


class LocalHolderCheck:
    """Stands in for the banks where there is no line to them: two invented banks tell the doubtful cases apart.

    An account at bank 99998 belongs to somebody else, one at bank 99997 to somebody of a similar name.
    """

    _VERDICTS: Final = {"99998": HolderVerdict.MISMATCH, "99997": HolderVerdict.DOUBT}

    async def check(self, iban: str, holder: Holder) -> HolderVerdict:
        """By the bank alone."""
        del holder
        return self._VERDICTS.get(iban[4:9], HolderVerdict.MATCH)
