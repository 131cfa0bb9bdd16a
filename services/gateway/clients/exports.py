"""Parts of « Mes données », as files that a service makes."""

from typing import Final, Protocol

from services.gateway.clients.who import Who
from shared.web.channel import Channel

PATHS: Final = {"json": "/export", "fhir": "/export/fhir", "pdf": "/export/pdf"}


class Exports(Protocol):
    """What the page asks."""

    async def file(self, who: Who, kind: str) -> bytes: ...


class HttpExports:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def file(self, who: Who, kind: str) -> bytes:
        return await self._channel.file(who, PATHS[kind])
