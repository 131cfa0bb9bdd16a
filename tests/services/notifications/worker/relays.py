"""Two worlds that take mails: one made up for fast tests, one that is the sink of the local stack."""

import asyncio
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Protocol

import aiosmtplib
import httpx

from services.notifications.worker.relay import Accepted, Smtp


class World(Protocol):
    """Where mails go, and how a case makes it behave. Answers are those of the sink: accept, 451, 550, drop, …"""

    def smtp(self) -> Smtp: ...
    def accepted(self) -> Accepted: ...
    async def behave(self, answer: str) -> None: ...
    async def copies(self, mail_id: str) -> int: ...


class MadeUpWorld:
    """A relay in memory."""

    def __init__(self) -> None:
        self.mails: Counter[str] = Counter()
        self.answer = "accept"
        self.open = 0

    def smtp(self) -> Smtp:
        return Smtp("nowhere", 25, 1.0, client=lambda **_: MadeUpClient(self))  # type: ignore[arg-type]

    def accepted(self) -> Accepted:
        return Accepted("http://sink/", httpx.MockTransport(self._asked))

    async def behave(self, answer: str) -> None:
        self.answer = answer

    async def copies(self, mail_id: str) -> int:
        return self.mails[mail_id]

    def _asked(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/accepted"
        count = self.mails[request.url.params["message_id"]]
        return httpx.Response(200, json={"accepted": count > 0, "count": count})


class MadeUpClient:
    """What is used of aiosmtplib's client."""

    def __init__(self, world: MadeUpWorld) -> None:
        self._world = world

    async def connect(self) -> None:
        await asyncio.sleep(0)
        if self._world.answer == "away":
            raise aiosmtplib.SMTPConnectError("away")
        self._world.open += 1

    async def send_message(self, mail: EmailMessage) -> None:
        answer, self._world.answer = self._world.answer, "accept"
        if error := ERRORS.get(answer):
            raise error()
        self._world.mails[str(mail["Message-ID"]).strip("<>")] += 1
        if answer == "accept-and-drop":
            raise aiosmtplib.SMTPServerDisconnected("gone")

    async def quit(self, **_: Any) -> None:
        raise aiosmtplib.SMTPServerDisconnected("what happens after a mail is taken does not matter")

    def close(self) -> None:
        self._world.open -= 1


def refused(kind: Any, *args: Any) -> Callable[[], Exception]:
    return lambda: kind(*args)


SOMEBODY = "jeanne@example.org"
ERRORS: dict[str, Callable[[], Exception]] = {
    "451": refused(aiosmtplib.SMTPDataError, 451, "later"),
    "550": refused(aiosmtplib.SMTPDataError, 550, "never"),
    "drop": refused(aiosmtplib.SMTPServerDisconnected, "gone"),
    "421": refused(aiosmtplib.SMTPDataError, 421, "closing"),
    "sender": refused(aiosmtplib.SMTPSenderRefused, 550, "who are you", "us@example.org"),
    "recipient-later": lambda: aiosmtplib.SMTPRecipientsRefused(
        [aiosmtplib.SMTPRecipientRefused(450, f"<{SOMEBODY}> busy", SOMEBODY)]
    ),
    "550-unknown": lambda: aiosmtplib.SMTPRecipientsRefused(
        [aiosmtplib.SMTPRecipientRefused(550, f"5.1.1 <{SOMEBODY}> unknown", SOMEBODY)]
    ),
    "recipient-disliked": lambda: aiosmtplib.SMTPRecipientsRefused(
        [aiosmtplib.SMTPRecipientRefused(550, f"5.7.1 <{SOMEBODY}>: we do not relay for you", SOMEBODY)]
    ),
    "recipient-full": lambda: aiosmtplib.SMTPRecipientsRefused(
        [aiosmtplib.SMTPRecipientRefused(552, f"<{SOMEBODY}> too much", SOMEBODY)]
    ),
    "recipient-never": lambda: aiosmtplib.SMTPRecipientsRefused(
        [aiosmtplib.SMTPRecipientRefused(550, f"<{SOMEBODY}> unknown", SOMEBODY)]
    ),
}


class Sink:
    """The mail sink of the local stack, by its addresses."""

    def __init__(self, host: str, port: int, url: str) -> None:
        self._host, self._port, self._url = host, port, url
        self._away = False

    def smtp(self) -> Smtp:
        return Smtp(self._host, 1 if self._away else self._port, 5.0)

    def accepted(self) -> Accepted:
        return Accepted(self._url)

    async def behave(self, answer: str) -> None:
        self._away = answer == "away"
        if not self._away:
            async with httpx.AsyncClient(base_url=self._url) as client:
                (await client.post("/api/behaviour", json={"answer": answer})).raise_for_status()

    async def copies(self, mail_id: str) -> int:
        async with httpx.AsyncClient(base_url=self._url) as client:
            return int((await client.get("/accepted", params={"message_id": mail_id})).json()["count"])
