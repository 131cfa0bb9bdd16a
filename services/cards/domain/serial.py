"""The serial number printed on a carte Vitale, brought to one form."""

import re
from typing import Annotated, Final

from pydantic import StringConstraints

from shared.kernel import require

FORMAT: Final = r"^(?:[0-9]{8,9}|[0-9]{11,13})$"
"""With photo 11 digits; without photo 8 to 13. Never 10: those are brought to 11."""

Serial = Annotated[str, StringConstraints(pattern=FORMAT)]

_SEPARATORS: Final = re.compile(r"[\s.\-\u2011]+")
_SHORT: Final = 10


def normalise(text: str) -> str:
    """The digits alone. Ten are the same number as eleven that end in 9 (so says the card's own notice).

    Raises:
        Rejected: it is no serial number.
    """
    digits = _SEPARATORS.sub("", text)
    if len(digits) == _SHORT:
        digits += "9"
    require(re.fullmatch(FORMAT, digits) is not None, otherwise="vitale-serial-invalid")
    return digits
