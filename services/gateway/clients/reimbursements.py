"""The reimbursements service, as the member's site uses it."""

import base64
import datetime as dt
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.reimbursement_answers import (
    Age,
    Claims,
    Deductions,
    Detail,
    Found,
    Payment,
    Spending,
    Statements,
    Tomorrow,
)
from services.gateway.clients.who import Who
from shared.web.channel import Answer, Channel, Fresh, Written

AGE_KEPT: Final = 5.0
"""Seconds: far less than passes between two files."""


class File(Answer):
    """A PDF, as base64."""

    content: str

    @property
    def bytes(self) -> bytes:
        return base64.b64decode(self.content)


class Summary(Answer):
    """What the member's home shows; the payment is the last one to himself."""

    payment: Payment | None = None
    claims: Claims = Claims()
    deductions: Deductions = Deductions()
    as_of: AwareDatetime | None = None


class Reimbursements(Protocol):
    """What the pages ask."""

    async def search(self, who: Who, wanted: Mapping[str, Any]) -> Found: ...
    async def summary(self, who: Who) -> Fresh[Summary]: ...
    async def line(self, who: Who, line_id: str) -> Detail: ...
    async def report(self, who: Who, command_id: str, line_id: str, motive: str, account: str) -> Written: ...
    async def deductions(self, who: Who) -> Deductions: ...
    async def tomorrow(self, who: Who, question: Mapping[str, Any]) -> Tomorrow: ...
    async def claims(self, who: Who) -> Claims: ...
    async def spending(self, who: Who) -> Spending: ...
    async def statements(self, who: Who) -> Statements: ...
    async def statement(self, who: Who, month: str) -> bytes: ...
    async def explanations(self, who: Who) -> bytes: ...
    async def as_of(self, who: Who) -> dt.datetime | None: ...


class HttpReimbursements:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._age: tuple[float, dt.datetime | None] = (0.0, None)

    async def search(self, who: Who, wanted: Mapping[str, Any]) -> Found:
        return await self._channel.ask(who, f"/persons/{who.member}/reimbursements/search", Found, body=wanted)

    async def summary(self, who: Who) -> Fresh[Summary]:
        found = (await self._channel.query(who, f"/persons/{who.member}/summary", Summary)).value
        return Fresh(found, as_of=found.as_of)

    async def line(self, who: Who, line_id: str) -> Detail:
        return (await self._channel.query(who, f"/persons/{who.member}/reimbursements/lines/{line_id}", Detail)).value

    async def report(self, who: Who, command_id: str, line_id: str, motive: str, account: str) -> Written:
        path = f"/persons/{who.member}/reimbursements/lines/{line_id}/reports"
        body = {"motive": motive, "account": account}
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)

    async def deductions(self, who: Who) -> Deductions:
        return (await self._channel.query(who, f"/persons/{who.member}/deductions", Deductions)).value

    async def tomorrow(self, who: Who, question: Mapping[str, Any]) -> Tomorrow:
        return await self._channel.ask(who, f"/persons/{who.member}/tomorrow", Tomorrow, body=question)

    async def claims(self, who: Who) -> Claims:
        return (await self._channel.query(who, f"/persons/{who.member}/claims", Claims)).value

    async def spending(self, who: Who) -> Spending:
        return (await self._channel.query(who, f"/persons/{who.member}/spending", Spending)).value

    async def statements(self, who: Who) -> Statements:
        return (await self._channel.query(who, f"/persons/{who.member}/statements", Statements)).value

    async def statement(self, who: Who, month: str) -> bytes:
        return (await self._channel.query(who, f"/persons/{who.member}/statements/{month}", File)).value.bytes

    async def explanations(self, who: Who) -> bytes:
        return await self._channel.file(who, f"/persons/{who.member}/explanations")

    async def as_of(self, who: Who) -> dt.datetime | None:
        """Until when the fund's files reach: the same for everybody, and asked for now and then only."""
        until, as_of = self._age
        if until < time.monotonic():
            as_of = (await self._channel.query(who, f"/persons/{who.member}/age", Age)).value.as_of
            self._age = (time.monotonic() + AGE_KEPT, as_of)
        return as_of
