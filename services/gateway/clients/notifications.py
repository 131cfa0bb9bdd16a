"""The notifications service, as the member's site uses it."""

from typing import Protocol

from pydantic import AwareDatetime

from services.gateway.clients.channel import Answer, Channel, Fresh, Who


class Message(Answer):
    """One message to the member, by its template; its words are the site's."""

    message_id: str
    template: str
    at: AwareDatetime
    status: str = "sent"
    reference: str | None = None
    """Stands in the mail too: it tells a mail of ours from another."""


class Messages(Answer):
    """The newest first."""

    messages: tuple[Message, ...] = ()


class Notifications(Protocol):
    """What the pages ask."""

    async def messages(self, who: Who) -> Fresh[Messages]: ...


class HttpNotifications:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def messages(self, who: Who) -> Fresh[Messages]:
        return await self._channel.query(who, f"/members/{who.member}/messages", Messages)
