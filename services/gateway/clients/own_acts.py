"""What the member did himself: each service tells it of its own log, and one that is down is named."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from shared.web.channel import Answer, Channel, Refused, ServiceDown

SERVICES: Final = ("identity", "cards", "reimbursements", "notifications")
"""Those where a member acts."""


class Act(Answer):
    """One public event that he brought about."""

    what: str
    at: AwareDatetime
    by: str
    """`member`, `visitor` (with a link, or before he had signed in), `other` (somebody who acts for him)."""
    acting_for: str | None = None
    """The person whom he acted for."""
    by_program: bool = False


class Acts(Answer):
    """The newest first; `missing`: services that did not answer."""

    acts: tuple[Act, ...] = ()
    missing: tuple[str, ...] = ()


class OwnActs(Protocol):
    """What the pages ask."""

    async def of(self, who: Who) -> Acts: ...


@dataclass(frozen=True)
class HttpOwnActs:
    """The same, over the wire."""

    lines: Mapping[str, Channel]

    async def of(self, who: Who) -> Acts:
        """Of all services, side by side."""
        found = await asyncio.gather(*(self._of(who, name) for name in SERVICES))
        acts = [act for one in found if one is not None for act in one.acts]
        missing = tuple(name for name, one in zip(SERVICES, found, strict=True) if one is None)
        return Acts(acts=tuple(sorted(acts, key=lambda act: act.at, reverse=True)), missing=missing)

    async def _of(self, who: Who, service: str) -> Acts | None:
        try:
            return (await self.lines[service].query(who, "/own-acts", Acts)).value
        except (ServiceDown, Refused):
            return None
