"""« Mes dépenses de santé »: a picture of what was spent and what came back, and the same as a table."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from fastapi import APIRouter, Response

from services.gateway.clients.reimbursement_answers import MonthOfSpending
from services.gateway.pages.asking import MemberVisit
from shared.web.french import month as in_words

SHOWN: Final = 13
WIDTH, HEIGHT, LEFT, FOOT = 720, 260, 84, 28
SLOT: Final = (WIDTH - LEFT) / SHOWN

router = APIRouter(prefix="/mes-remboursements/depenses")


class Bar(NamedTuple):
    """One month: where its two bars stand, in units of the drawing."""

    x: float
    spent_y: float
    spent_height: float
    back_y: float
    back_height: float
    letter: str


class Line(NamedTuple):
    """A line of the scale."""

    y: float
    euros: int


@router.get("")
async def picture(visit: MemberVisit) -> Response:
    months = (await visit.site.reimbursements.spending(visit.who)).months[-SHOWN:]
    top = scale(max((one.paid for one in months), default=0))
    return await visit.page(
        "money/spending.html",
        months=months,
        bars=bars(months, top),
        lines=[Line(_y(top * part // 4, top), top * part // 4) for part in range(5)],
        size=(WIDTH, HEIGHT, LEFT, HEIGHT - FOOT, SLOT),
        spent=sum(one.paid for one in months),
        back=sum(one.reimbursed for one in months),
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


def scale(most: int) -> int:
    """The top of the scale in cents: a round number of euros above the highest bar, four steps of it."""
    step = 1000
    while step * 4 < most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step * 4


def bars(months: Sequence[MonthOfSpending], top: int) -> list[Bar]:
    """The bars, from the left."""
    return [_bar(position, one, top) for position, one in enumerate(months)]


def _bar(position: int, one: MonthOfSpending, top: int) -> Bar:
    spent, back = _y(one.paid, top), _y(one.reimbursed, top)
    foot = HEIGHT - FOOT
    letter = in_words(one.month)[0].upper()
    return Bar(round(LEFT + position * SLOT, 1), spent, round(foot - spent, 1), back, round(foot - back, 1), letter)


def _y(cents: int, top: int) -> float:
    return round(HEIGHT - FOOT - (HEIGHT - FOOT - 12) * cents / top, 1)
