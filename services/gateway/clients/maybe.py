"""Nothing there is an answer too: no card known, no order under way."""

from http import HTTPStatus
from typing import Any

from services.gateway.clients.who import Who
from shared.web.channel import Channel, Fresh, Refused


async def maybe(channel: Channel, who: Who, path: str, answer: type[Any], written: str | None = None) -> Fresh[Any]:
    """The answer, or None where the service says that there is none.

    Raises:
        Refused, ServiceDown: there is no answer.
    """
    try:
        return await channel.query(who, path, answer, written=written)
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return Fresh(None)
