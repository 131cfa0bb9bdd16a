"""Rows of two files that mean one person at one place: one result. In doubt they stay apart.

RPPS says where somebody practises, in several rows if he has several skills; the annuaire santé says his convention.
Rows come here whose name, kind and postcode are the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """What decides. `registered`: of RPPS; `speciality`, `spot`: 0 where unknown."""

    registered: bool
    spot: int
    speciality: int
    place: bytes


@dataclass(eq=False)
class Practice:
    """One source's rows of one person at one place."""

    spot: int
    rows: list[int] = field(default_factory=list)
    specialities: set[int] = field(default_factory=set)
    claims: "list[Practice]" = field(default_factory=list)
    """Those of the other source that may be it."""

    def fits(self, other: "Practice") -> bool:
        """Homonyms have different specialities, where both are known."""
        return not (self.specialities and other.specialities) or bool(self.specialities & other.specialities)


def joined(rows: Sequence[Row]) -> list[list[int]]:
    """The results that these rows are: of each the row that stands for it, then the others."""
    order = sorted(range(len(rows)), key=lambda at: rows[at].place)
    registered = _practices(rows, (at for at in order if rows[at].registered))
    agreed = _practices(rows, (at for at in order if not rows[at].registered))
    alone: list[Practice] = []
    for one in agreed:
        meant = _only([other for other in registered if other.fits(one)], one)
        (meant.claims if meant else alone).append(one)
    for one in registered:
        meant = _only(one.claims, one)
        alone += [other for other in one.claims if other is not meant]
        one.rows += meant.rows if meant else []
    return [one.rows for one in (*registered, *alone)]


def _practices(rows: Sequence[Row], own: Iterable[int]) -> list[Practice]:
    """By street and number; where those are unknown, by speciality."""
    found: dict[tuple[int, int], Practice] = {}
    for at in own:
        row = rows[at]
        one = found.setdefault((row.spot, 0 if row.spot else row.speciality), Practice(row.spot))
        one.rows.append(at)
        one.specialities |= {row.speciality} - {0}
    return list(found.values())


def _only(found: Sequence[Practice], beside: Practice) -> Practice | None:
    """The one there is; of several the one at the same street and number; None in doubt."""
    if len(found) > 1:
        found = [one for one in found if one.spot == beside.spot != 0]
    return found[0] if len(found) == 1 else None
