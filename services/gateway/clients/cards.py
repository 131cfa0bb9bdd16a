"""The cards service, as the member's site uses it."""

import datetime as dt
from enum import StrEnum
from typing import Any, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.channel import Answer, Channel, Fresh, Refused, Who, Written
from services.gateway.drafts import Reason


class CardStatus(StrEnum):
    """Whether a card works."""

    ACTIVE = "active"
    DAMAGED = "damaged"
    OPPOSED = "opposed"


class Advice(StrEnum):
    """What the member should do now."""

    NOTHING = "nothing"
    SEND_BACK = "send_back"
    WAIT_FOR_REPLACEMENT = "wait_for_replacement"
    EXPECT_LETTER = "expect_letter"
    CHECK_ADDRESS = "check_address"


class Vitale(Answer):
    """The member's card, and the one that was opposed before or with it."""

    card_id: str
    serial_end: str
    status: CardStatus
    since: AwareDatetime
    issued_on: dt.date
    advice: Advice = Advice.NOTHING
    declaration_id: str | None = None
    opposed_at: AwareDatetime | None = None
    reason: str | None = None
    opposed_serial_end: str | None = None

    @property
    def reportable(self) -> bool:
        """An opposed card is beyond declaring; a damaged one may still be lost or stolen."""
        return self.status is not CardStatus.OPPOSED


class Stage(StrEnum):
    """How far a new card is."""

    REPORTED = "reported"
    OPPOSED = "opposed"
    REQUESTED = "requested"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED_UNDELIVERED = "returned_undelivered"


class Passed(Answer):
    """One thing that happened."""

    stage: Stage
    at: AwareDatetime


class Tracking(Answer):
    """The last declaration and the order it led to."""

    declaration_id: str
    reason: str
    timeline: tuple[Passed, ...] = ()
    stage: Stage
    next: Stage | None = None
    expected_from: dt.date | None = None
    expected_until: dt.date | None = None

    @property
    def under_way(self) -> bool:
        return self.stage not in {Stage.DELIVERED, Stage.RETURNED_UNDELIVERED}


class ReportFacts(Answer):
    """What a member declares about one card."""

    card_id: str
    declaration_id: str
    reason: Reason
    place: str
    happened_on: dt.date


class Cards(Protocol):
    """What the pages ask."""

    async def vitale(self, who: Who, written: str | None) -> Fresh[Vitale | None]: ...
    async def tracking(self, who: Who, written: str | None) -> Fresh[Tracking | None]: ...
    async def report(self, who: Who, command_id: str, facts: ReportFacts) -> Written: ...


class HttpCards:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def vitale(self, who: Who, written: str | None) -> Fresh[Vitale | None]:
        return await self._maybe(who, f"/persons/{who.member}/vitale", Vitale, written)

    async def tracking(self, who: Who, written: str | None) -> Fresh[Tracking | None]:
        return await self._maybe(who, f"/persons/{who.member}/vitale/tracking", Tracking, written)

    async def report(self, who: Who, command_id: str, facts: ReportFacts) -> Written:
        body: dict[str, Any] = {**facts.model_dump(mode="json"), "declared_on_honour": True}
        path = f"/persons/{who.member}/vitale/reports"
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)

    async def _maybe(self, who: Who, path: str, answer: type[Any], written: str | None) -> Fresh[Any]:
        """Nothing there is an answer too: no card known, no order under way."""
        try:
            return await self._channel.query(who, path, answer, written=written)
        except Refused as refused:
            if refused.status != 404:  # noqa: PLR2004 - not found
                raise
            return Fresh(None)
