"""What the console asks of cards: how a card stands, a loss that somebody reports by telephone."""

import datetime as dt
from typing import Final

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel, Written

BASE: Final = "/internal/desk"


class DeskCards(Answer):
    """How the carte Vitale stands."""

    status: str | None = None
    since: dt.datetime | None = None
    opposed_at: dt.datetime | None = None
    stage: str | None = None


class CardsDesk:
    """Over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def cards(self, who: Who, person_id: str) -> DeskCards:
        return (await self._channel.query(who, f"{BASE}/{person_id}/cards", DeskCards)).value

    async def report(self, who: Who, cmd: str, person_id: str, reason: str, place: str, day: dt.date) -> Written:
        body = {"reason": reason, "place": place, "happened_on": day.isoformat(), "declared_on_honour": True}
        path = f"{BASE}/{person_id}/vitale-reports"
        return await self._channel.command(who, path, Written, command_id=cmd, body=body)
