"""Forgetting a member, at the identity service: asked for, taken back, and its certificate."""

import datetime as dt
from typing import Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from shared.web.channel import Answer, Channel, Written


class KeptLine(Answer):
    """What the law keeps: until a day, or some years after the end of the cover, or for ever (neither)."""

    label: str
    until: dt.date | None = None
    years: int | None = None
    source: str
    verified: bool = False


class ErasureState(Answer):
    """Before a request, and while it can be taken back."""

    requested: bool
    held: bool = False
    requested_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    days: int
    reference: str | None = None
    code: str | None = None
    erased: tuple[str, ...] = ()
    kept: tuple[KeptLine, ...] = ()


class Answered(Answer):
    """What one service dropped."""

    label: str
    at: AwareDatetime


class Certificate(Answer):
    """What was reached, and what is kept."""

    reference: str
    status: str
    held: bool = False
    requested_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    erased_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    erased: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()
    waits_for: tuple[str, ...] = ()
    kept: tuple[KeptLine, ...] = ()


class Erasures(Protocol):
    """What the pages ask."""

    async def state(self, who: Who) -> ErasureState: ...
    async def request(self, who: Who, command_id: str) -> Written: ...
    async def cancel(self, who: Who, command_id: str) -> Written: ...
    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written: ...
    async def certificate(self, who: Who, reference: str, code: str) -> Certificate: ...
    async def certificate_file(self, who: Who, reference: str, code: str, kind: str) -> bytes: ...


class HttpErasures:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def state(self, who: Who) -> ErasureState:
        return (await self._channel.query(who, "/erasure", ErasureState)).value

    async def request(self, who: Who, command_id: str) -> Written:
        return await self._channel.command(who, "/erasure", Written, command_id=command_id, body={})

    async def cancel(self, who: Who, command_id: str) -> Written:
        return await self._channel.command(who, "/erasure/cancellation", Written, command_id=command_id, body={})

    async def cancel_by_link(self, who: Who, command_id: str, token: str) -> Written:
        body = {"token": token}
        return await self._channel.command(who, "/erasures/cancellations", Written, command_id=command_id, body=body)

    async def certificate(self, who: Who, reference: str, code: str) -> Certificate:
        body = {"reference": reference, "code": code}
        return await self._channel.ask(who, "/erasures/certificates", Certificate, body=body)

    async def certificate_file(self, who: Who, reference: str, code: str, kind: str) -> bytes:
        path = "/erasures/certificates/pdf" if kind == "pdf" else "/erasures/certificates"
        return await self._channel.document(who, path, {"reference": reference, "code": code})
