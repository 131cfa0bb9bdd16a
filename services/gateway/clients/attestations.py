"""Attestations de droits: made by identity, downloaded by members, checked by anybody."""

import datetime as dt
from typing import Annotated, Protocol

from pydantic import AwareDatetime, BeforeValidator

from services.gateway.clients.who import Who
from shared.kernel import ERASED
from shared.web.channel import Answer, Channel, Fresh, Written


class Attestation(Answer):
    """One that was made."""

    attestation_id: str
    number: str
    scope: str
    day: dt.date
    past: bool = False
    until: dt.date | None = None
    with_exemptions: bool = False
    names: Annotated[tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)] = ()
    """« effacé » alone where the account that had it made is forgotten."""
    issued_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    reason: str | None = None

    @property
    def forgotten(self) -> bool:
        """Whether there is no file of it any more."""
        return self.names == (ERASED.value,)


class AttestationList(Answer):
    """The newest first."""

    attestations: tuple[Attestation, ...] = ()


class Wanted(Answer):
    """What a new one is to say."""

    scope: str
    dependant_id: str | None = None
    day: dt.date | None = None
    with_exemptions: bool = False


class StatusOf(Answer):
    """Whether a document still stands: `stands`, `revoked` or `unknown`."""

    status: str


class Attestations(Protocol):
    """What the pages ask."""

    async def mine(self, who: Who, written: str | None) -> Fresh[AttestationList]: ...
    async def ask(self, who: Who, command_id: str, wanted: Wanted) -> Written: ...
    async def pdf(self, who: Who, attestation_id: str) -> bytes: ...
    async def revoke(self, who: Who, command_id: str, attestation_id: str) -> Written: ...
    async def status(self, who: Who, attestation_id: str) -> StatusOf: ...


class HttpAttestations:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def mine(self, who: Who, written: str | None) -> Fresh[AttestationList]:
        return await self._channel.query(who, "/attestations", AttestationList, written=written)

    async def ask(self, who: Who, command_id: str, wanted: Wanted) -> Written:
        body = wanted.model_dump(mode="json")
        return await self._channel.command(who, "/attestations", Written, command_id=command_id, body=body)

    async def pdf(self, who: Who, attestation_id: str) -> bytes:
        return await self._channel.file(who, f"/attestations/{attestation_id}/pdf")

    async def revoke(self, who: Who, command_id: str, attestation_id: str) -> Written:
        path = f"/attestations/{attestation_id}/revocation"
        return await self._channel.command(who, path, Written, command_id=command_id, body={})

    async def status(self, who: Who, attestation_id: str) -> StatusOf:
        return (await self._channel.query(who, f"/attestations/{attestation_id}/status", StatusOf)).value
