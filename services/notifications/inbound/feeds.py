"""Files of the printer and of the mail relay: what became of letters and mails once they had left."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from services.notifications.domain import commands as c
from services.notifications.domain.ids import MemberId, MessageId, SendingId
from services.notifications.inbound.status_reports import FOR_GOOD
from shared.feeds import Feed, Kind, Line, Order
from shared.kernel import Rejected

Sent = tuple[MemberId, MessageId]
FindSending = Callable[[SendingId], Awaitable[Sent | None]]
"""Whose mail or letter it is; relay and printer know its own id alone."""


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


class _FeedLine(BaseModel):
    """A field more than we know is no reason to set a line aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    at: AwareDatetime


class LetterLine(_FeedLine):
    """`letters`: printed and posted, or brought back by the post."""

    letter_id: Annotated[str, AfterValidator(_uuid)]


class BounceLine(_FeedLine):
    """`bounces`: what a delivery status notification says (RFC 3464), without the address."""

    message_id: Annotated[str, Field(max_length=200)]
    """As the mail's header had it, with or without its angle brackets."""
    status: Annotated[str, Field(pattern=r"^[245]\.\d{1,3}\.\d{1,3}$")]

    @property
    def sending_id(self) -> SendingId:
        """Its Message-ID begins with it."""
        return SendingId(self.message_id.strip("<> ").partition("@")[0])


@dataclass(frozen=True)
class Reader:
    """Lines → commands."""

    find: FindSending

    async def printed(self, news: LetterLine, line: Line) -> Sequence[Order]:
        sending_id = SendingId(news.letter_id)
        whose = await self._whose(sending_id, line.at)
        return [_order(c.RecordLetterPrinted(**whose, sending_id=sending_id))]

    async def returned(self, news: LetterLine, line: Line) -> Sequence[Order]:
        return [_order(c.RecordLetterReturned(**await self._whose(SendingId(news.letter_id), line.at)))]

    async def bounced(self, news: BounceLine, line: Line) -> Sequence[Order]:
        whose = await self._whose(news.sending_id, line.at)
        return [_order(c.RecordMessageBounced(**whose))] if news.status.startswith(FOR_GOOD) else []

    async def _whose(self, sending_id: SendingId, at: dt.datetime) -> dict[str, Any]:
        found = await self.find(sending_id)
        if found is None:
            raise Rejected("sending-unknown")
        return {"at": at, "member_id": found[0], "message_id": found[1]}


def _order(command: c.RecordLetterPrinted | c.RecordLetterReturned | c.RecordMessageBounced) -> Order:
    member_id = command.member_id
    return Order(f"mailbox:{member_id}", command, pk=member_id, person_id=member_id)


def feeds(reader: Reader) -> tuple[Feed, ...]:
    """The files that this service takes."""
    letters: dict[str, Kind[Any]] = {
        "printed": Kind(LetterLine, reader.printed),
        "returned": Kind(LetterLine, reader.returned),
    }
    return (
        Feed("letters", "printer", letters),
        Feed("bounces", "mail-relay", {"bounced": Kind(BounceLine, reader.bounced)}),
    )
