"""The notifications service, as the member's site uses it."""

from collections.abc import Collection
from typing import Final, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from shared.web.channel import Answer, Channel, Fresh, Written

PAGE: Final = 50


class Message(Answer):
    """One message to the member: its title, the way it took, and how far it came."""

    message_id: str
    template: str
    title: str
    at: AwareDatetime
    channel: str = "mail"
    status: str = "sent"
    why_filed: str | None = None
    read: bool = True
    reference: str | None = None
    """Stands in the mail or letter too: it tells a message of ours from another."""


class Messages(Answer):
    """The newest first. `older`: there are more, behind this message."""

    messages: tuple[Message, ...] = ()
    unread: int = 0
    older: str | None = None


class Unread(Answer):
    """How many were never opened."""

    unread: int = 0


class OpenedMessage(Message):
    """With its words; none where it held a link or a code."""

    paragraphs: tuple[str, ...] = ()


class Topic(Answer):
    """What a member may do without."""

    topic: str
    wanted: bool


class Reach(Answer):
    """Which mails the member gets, and whether they arrive."""

    topics: tuple[Topic, ...] = ()
    bounced: bool = False


class Ours(Answer):
    """What is said of a message to whoever holds its reference."""

    title: str
    channel: str
    at: AwareDatetime


class Notifications(Protocol):
    """What the pages ask."""

    async def messages(
        self, who: Who, written: str | None, *, limit: int = PAGE, before: str | None = None
    ) -> Fresh[Messages]: ...
    async def unread(self, who: Who, written: str | None) -> Fresh[Unread]: ...
    async def message(self, who: Who, message_id: str) -> Fresh[OpenedMessage]: ...
    async def read(self, who: Who, message_ids: Collection[str] | None, command_id: str) -> Written: ...
    async def reach(self, who: Who, written: str | None) -> Fresh[Reach]: ...
    async def choose(self, who: Who, unwanted: Collection[str], command_id: str) -> Written: ...
    async def ours(self, who: Who, reference: str, command_id: str) -> Ours: ...


class HttpNotifications:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def messages(
        self, who: Who, written: str | None, *, limit: int = PAGE, before: str | None = None
    ) -> Fresh[Messages]:
        behind = f"&before={before}" if before else ""
        path = f"/members/{who.member}/messages?limit={limit}{behind}"
        return await self._channel.query(who, path, Messages, written=written)

    async def unread(self, who: Who, written: str | None) -> Fresh[Unread]:
        return await self._channel.query(who, f"/members/{who.member}/messages/unread", Unread, written=written)

    async def message(self, who: Who, message_id: str) -> Fresh[OpenedMessage]:
        return await self._channel.query(who, f"/members/{who.member}/messages/{message_id}", OpenedMessage)

    async def read(self, who: Who, message_ids: Collection[str] | None, command_id: str) -> Written:
        """These, or all that were not read (`None`)."""
        body = {"message_ids": None if message_ids is None else list(message_ids)}
        path = f"/members/{who.member}/messages/read"
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)

    async def reach(self, who: Who, written: str | None) -> Fresh[Reach]:
        return await self._channel.query(who, f"/members/{who.member}/contact", Reach, written=written)

    async def choose(self, who: Who, unwanted: Collection[str], command_id: str) -> Written:
        body = {"unwanted": sorted(unwanted)}
        path = f"/members/{who.member}/preferences"
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)

    async def ours(self, who: Who, reference: str, command_id: str) -> Ours:
        body = {"reference": reference}
        return await self._channel.command(who, "/references", Ours, command_id=command_id, body=body)
