"""The desk's work over all services, in the one shape that they have (shared/admin/work.py)."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from pydantic import Field as Limits

from services.console.clients.who import Who
from shared.web.channel import Answer, Channel, Written

BASE: Final = "/internal/work"
NOT_FOUND: Final = 404


class Field(Answer):
    """What a decision needs besides its reason."""

    name: str
    choices: tuple[str, ...]


class Decision(Answer):
    """What may be done."""

    name: str
    fields: tuple[Field, ...] = ()


class Item(Answer):
    """One thing to do."""

    kind: str
    id: str
    since: dt.datetime
    person_id: str | None = None
    summary: Mapping[str, str] = Limits(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    files: tuple[str, ...] = ()

    def decision(self, name: str) -> Decision | None:
        """One of what may be done."""
        return next((one for one in self.decisions if one.name == name), None)


class Items(Answer):
    """The oldest first; `full`: kinds of which more wait than are listed."""

    items: tuple[Item, ...]
    full: tuple[str, ...] = ()


class WorkLine:
    """The work of one service, over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def items(self, who: Who) -> Items:
        return (await self._channel.query(who, BASE, Items)).value

    async def decide(
        self, who: Who, cmd: str, item: Item, decision: str, reason: str, fields: Mapping[str, str]
    ) -> Written:
        body = {"decision": decision, "reason": reason, "fields": dict(fields)}
        path = f"{BASE}/{item.kind}/{item.id}/decision"
        return await self._channel.command(who, path, Written, command_id=cmd, body=body)

    async def file(self, who: Who, item: Item, name: str) -> bytes:
        return await self._channel.file(who, f"{BASE}/{item.kind}/{item.id}/files/{name}")
