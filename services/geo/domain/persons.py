"""Who may be the same person in two files, or in two rows of one: no number joins them, only name, trade and place."""

import hashlib
from typing import Final, NamedTuple

from services.geo.domain.facts import Facts, Practitioner, Source
from services.geo.domain.spelling import normal

FILES: Final = frozenset({Source.RPPS, Source.AMELI})
"""Those that list persons."""
_WAYS: Final = frozenset(
    "bis ter allee avenue boulevard bvd chemin chem cours impasse imp lieu dit montee passage place "  # noqa: SIM905 - no column
    "quai residence res route rte rue square voie les des aux".split()
)
_SIGNIFICANT: Final = 3
"""Letters of a street's word that says which one it is."""


class Trace(NamedTuple):
    """What two rows of one person have in common; 0: unknown."""

    person: int = 0
    """63 bits of surname, given name, kind and postcode: at most homonyms share them."""
    spot: int = 0
    """31 bits of house number and street, or of the site."""


def trace_of(source: Source, facts: Facts, who: Practitioner | None, key: bytes = b"") -> Trace:
    """A practitioner's, under a key where it is kept."""
    if source not in FILES or who is None or not who.surname or not facts.postcode:
        return Trace()
    person = "|".join((normal(f"{who.surname} {who.given_name}"), facts.kind, facts.postcode))
    where = _street(who.street) or facts.site
    return Trace(_number(f"person|{person}", key, 8), _number(f"spot|{where}", key, 4) if where else 0)


def _street(text: str) -> str:
    """« 12 bis, av. du Four » and « 12 AVENUE DU FOUR » are one: the number, and the word that no other street has."""
    words = normal(text).split()
    number = next((word for word in words if word.isdecimal()), "")
    names = (word for word in words if len(word) >= _SIGNIFICANT and word.isalpha() and word not in _WAYS)
    name = next(names, "")
    return f"{number} {name}" if name else ""


def _number(text: str, key: bytes, size: int) -> int:
    """One bit less than so many bytes: databases know signed numbers alone."""
    digest = hashlib.blake2b(text.encode(), key=key, digest_size=size).digest()
    return int.from_bytes(digest, "big") >> 1 or 1
