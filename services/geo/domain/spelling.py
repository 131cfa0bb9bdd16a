"""One spelling of a name, however it is written."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_OTHER: Final = re.compile(r"[^a-z0-9]+")
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})
_SAINT: Final = re.compile(r"\bst(e?)\b")


@lru_cache(maxsize=1_000)  # a name is asked for twice in a row
def normal(text: str) -> str:
    """Without accents, hyphens, case: « St-Étienne » and « SAINT ETIENNE » are one name."""
    plain = _OTHER.sub(" ", (text if text.isascii() else _plain(text)).lower()).strip()
    return _SAINT.sub(r"saint\1", plain) if "st" in plain else plain


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode()
