"""The cards service, as the member's site uses it."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.ceam import Ceam
from services.gateway.clients.maybe import maybe
from services.gateway.clients.who import Who
from services.gateway.drafts import Reason
from shared.numbers import number_of
from shared.web.channel import Answer, Channel, Fresh, Written


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
    UPDATE = "update"


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
    updated_at: AwareDatetime | None = None
    used_after_opposition: AwareDatetime | None = None
    residence_until: AwareDatetime | None = None

    @property
    def reportable(self) -> bool:
        """An opposed card is beyond declaring; a damaged one may still be lost or stolen."""
        return self.status is not CardStatus.OPPOSED


class Stage(StrEnum):
    """How far a new card is."""

    REPORTED = "reported"
    OPPOSED = "opposed"
    REQUESTED = "requested"
    DOCUMENTS_RECEIVED = "documents_received"
    PHOTO_REJECTED = "photo_rejected"
    PHOTO_RESUBMITTED = "photo_resubmitted"
    VALIDATED = "validated"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED_UNDELIVERED = "returned_undelivered"
    ADDRESS_CHECKED = "address_checked"
    RESENT = "resent"
    CANCELLED = "cancelled"


BEFORE_PRODUCTION: Final = frozenset(
    {
        Stage.REQUESTED,
        Stage.DOCUMENTS_RECEIVED,
        Stage.PHOTO_REJECTED,
        Stage.PHOTO_RESUBMITTED,
        Stage.VALIDATED,
    }
)


class Passed(Answer):
    """One thing that happened."""

    stage: Stage
    at: AwareDatetime


class Tracking(Answer):
    """The last declaration and the order it led to."""

    declaration_id: str
    reason: str
    order_id: str | None = None
    timeline: tuple[Passed, ...] = ()
    stage: Stage
    next: Stage | None = None
    expected_from: dt.date | None = None
    expected_until: dt.date | None = None
    photo_fault: str | None = None
    arrival: str | None = None
    cancellation: str | None = None

    @property
    def number(self) -> str | None:
        """What the order is asked for by."""
        return number_of(self.order_id) if self.order_id else None

    @property
    def under_way(self) -> bool:
        return self.stage not in {Stage.DELIVERED, Stage.CANCELLED}

    @property
    def waits_for_member(self) -> bool:
        """The next step is the member's own."""
        return self.stage in {Stage.REQUESTED, Stage.PHOTO_REJECTED, Stage.RETURNED_UNDELIVERED}

    @property
    def on_its_way(self) -> bool:
        return self.stage in {Stage.SENT, Stage.RESENT}

    @property
    def cancellable(self) -> bool:
        """Nothing is made yet."""
        return self.stage in BEFORE_PRODUCTION


class ReportFacts(Answer):
    """What a member declares about one card."""

    card_id: str
    declaration_id: str
    reason: Reason
    place: str
    happened_on: dt.date


class Seen(Answer):
    """Somebody for whom the member may act: himself, or a child."""

    person_id: str
    given_names: str = ""
    age: int | None = None

    @property
    def first_name(self) -> str:
        return self.given_names.partition(" ")[0]


class People(Answer):
    """The member first."""

    people: tuple[Seen, ...]


class Letterbox(Answer):
    """Where cards go."""

    lines: tuple[str, ...]


class Received(Answer):
    """A file that was taken."""

    file: str


class AllCards(Answer):
    """A person's cards side by side."""

    vitale: Vitale | None = None
    tracking: Tracking | None = None
    ceam: Ceam | None = None


NONE: Final = AllCards()


class Cards(Protocol):
    """What the pages ask."""

    async def all_of(self, who: Who, written: str | None) -> Fresh[AllCards]: ...
    async def people(self, who: Who) -> tuple[Seen, ...]: ...
    async def address(self, who: Who) -> tuple[str, ...]: ...
    async def vitale(self, who: Who, written: str | None) -> Fresh[Vitale | None]: ...
    async def tracking(self, who: Who, written: str | None) -> Fresh[Tracking | None]: ...
    async def report(self, who: Who, command_id: str, facts: ReportFacts) -> Written: ...
    async def declaration(self, who: Who, declaration_id: str) -> bytes: ...
    async def upload(self, who: Who, kind: str, content: bytes) -> str: ...
    async def order(self, who: Who, command_id: str, order_id: str, what: str, **facts: Any) -> Written: ...
    async def order_again(self, who: Who, command_id: str) -> Written: ...


class HttpCards:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def people(self, who: Who) -> tuple[Seen, ...]:
        return (await self._channel.query(who, f"/members/{who.member}/people", People)).value.people

    async def address(self, who: Who) -> tuple[str, ...]:
        """Nothing where the register has not named the person, or hides it."""
        found = await maybe(self._channel, who, f"/persons/{who.person}/address", Letterbox)
        return found.value.lines if found.value else ()

    async def all_of(self, who: Who, written: str | None) -> Fresh[AllCards]:
        return await self._channel.query(who, f"/persons/{who.person}/cards", AllCards, written=written)

    async def vitale(self, who: Who, written: str | None) -> Fresh[Vitale | None]:
        return await maybe(self._channel, who, f"/persons/{who.person}/vitale", Vitale, written)

    async def tracking(self, who: Who, written: str | None) -> Fresh[Tracking | None]:
        """Asked of all cards together: that nothing is under way has an age, too."""
        found = await self.all_of(who, written)
        return Fresh(found.value.tracking, found.lag, found.as_of)

    async def report(self, who: Who, command_id: str, facts: ReportFacts) -> Written:
        body: dict[str, Any] = {**facts.model_dump(mode="json"), "declared_on_honour": True}
        path = f"/persons/{who.person}/vitale/reports"
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)

    async def declaration(self, who: Who, declaration_id: str) -> bytes:
        """The declaration as a PDF."""
        return await self._channel.file(who, f"/persons/{who.person}/vitale/reports/{declaration_id}/document")

    async def upload(self, who: Who, kind: str, content: bytes) -> str:
        """A photo or an identity document; the name under which the service keeps it."""
        path = f"/persons/{who.person}/vitale/files/{kind}"
        return (await self._channel.upload(who, path, Received, content)).file

    async def order(self, who: Who, command_id: str, order_id: str, what: str, **facts: Any) -> Written:
        """`what`: documents, photo, receipt, address, cancellation."""
        path = f"/persons/{who.person}/vitale/orders/{order_id}/{what}"
        return await self._channel.command(who, path, Written, command_id=command_id, body=facts)

    async def order_again(self, who: Who, command_id: str) -> Written:
        """After a cancelled order."""
        path = f"/persons/{who.person}/vitale/orders"
        return await self._channel.command(who, path, Written, command_id=command_id, body={})
