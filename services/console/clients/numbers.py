"""What the console asks of a service: whose is this number?"""

from typing import Final

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel

PATH: Final = "/internal/desk/number-look-ups"


class Whose(Answer):
    """One person."""

    person_id: str


class NumberLine:
    """Over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def whose(self, who: Who, number: str) -> Whose:
        return await self._channel.ask(who, PATH, Whose, body={"number": number})
