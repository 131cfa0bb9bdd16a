"""The serial number of a carte Vitale, as it is printed on the card."""

import re
from typing import Final

from shared.kernel import require

_IGNORED: Final = re.compile(r"[\s.\-\u00a0\u202f]+")
_DIGITS: Final = re.compile(r"[0-9]{8,13}")
_SHORT: Final = 10


def parse_serial(text: str) -> str:
    """Digits only. With a photo a card has 11, without one 8 to 13; 10 are the same number as with a 9 behind them.

    Raises:
        Rejected: `serial-format`.
    """
    digits = _IGNORED.sub("", text)
    require(_DIGITS.fullmatch(digits) is not None, otherwise="serial-format")
    return f"{digits}9" if len(digits) == _SHORT else digits
