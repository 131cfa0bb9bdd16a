"""« Accessibilité »: the declaration, made of the grid of the 106 criteria of RGAA 4.1.2."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Visiting

FILE: Final = Path(__file__).parents[1] / "accessibility.tsv"
HALF: Final = 50

router = APIRouter()


class State(StrEnum):
    """What was seen of a criterion."""

    CONFORMING = "C"
    FAILING = "NC"
    UNSEEN = "V"
    """Nobody has verified it: it counts as not conforming."""
    NONE = "NA"
    """Nothing on the site that it is about."""


class Criterion(NamedTuple):
    """One of them: its number, what it asks in short, and how it was seen."""

    number: str
    words: str
    state: State
    how: str


class Grid:
    """All of them."""

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        self.criteria = criteria

    @classmethod
    def read(cls, text: str) -> "Grid":
        """From lines of number, words, state and how it was seen, tabs between."""
        rows = [line.split("\t") for line in text.splitlines()]
        return cls([Criterion(number, words, State(state), how) for number, words, state, how in rows])

    def of(self, state: State) -> list[Criterion]:
        return [one for one in self.criteria if one.state is state]

    @property
    def failing(self) -> list[Criterion]:
        return self.of(State.FAILING)

    @property
    def unseen(self) -> list[Criterion]:
        return self.of(State.UNSEEN)

    @property
    def conforming(self) -> int:
        return len(self.of(State.CONFORMING))

    @property
    def applying(self) -> int:
        """How many the site has anything to do with."""
        return len(self.criteria) - len(self.of(State.NONE))

    @property
    def rate(self) -> int:
        """Percent of those that apply, rounded down."""
        return 100 * self.conforming // self.applying

    @property
    def status(self) -> str:
        """As the law names it, by the rate; what is unverified counts as not respected."""
        if self.rate < HALF:
            return "non conforme"
        return "partiellement conforme" if self.failing or self.unseen else "totalement conforme"


GRID: Final = Grid.read(FILE.read_text(encoding="utf-8"))


@router.get("/accessibilite")
async def declaration(visit: Visiting) -> Response:
    return await visit.page("public/accessibility.html", grid=GRID)
