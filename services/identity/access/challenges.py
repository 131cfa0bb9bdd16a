"""What is remembered of second factors outside the log, as ports: codes that are asked for, known devices."""

import datetime as dt
from typing import Protocol

from pydantic import AwareDatetime, Field

from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, CredentialId, DeviceId, MemberId, TotpId
from shared.kernel import Value


class Challenge(Value):
    """A one-time code is asked for: of this member, in this browser session, for this purpose."""

    id: ChallengeId
    member_id: MemberId
    credential_id: CredentialId
    session: str
    purpose: Purpose
    factor: Factor
    expires_at: AwareDatetime
    tries: int = 0
    used_by: str | None = None
    """The command that gave the right code: the same one, sent twice, has the same answer."""


class Totp(Value):
    """The sealed secret of a member's code app, and the keyed hashes of the recovery codes that are left."""

    id: TotpId
    member_id: MemberId
    sealed: bytes = Field(repr=False)
    recovery: tuple[str, ...] = Field(default=(), repr=False)
    step: int = 0
    """The newest time step whose code was used."""


class TotpStore(Protocol):
    """Secrets of code apps. Truth, not derived: backed up."""

    async def put(self, totp: Totp) -> None:
        """Keep a new one."""
        ...

    async def get(self, totp_id: TotpId) -> Totp | None:
        """The one of this id."""
        ...

    async def set_recovery(self, totp_id: TotpId, hashes: tuple[str, ...]) -> None:
        """These recovery codes are good, and no others."""
        ...

    async def use_recovery(self, totp_id: TotpId, code_hash: str) -> bool:
        """Use one up; False if it is none of them."""
        ...

    async def advance(self, totp_id: TotpId, step: int) -> bool:
        """Use the code of a time step; False if it, or a later one, was used before."""
        ...

    async def drop(self, member_id: MemberId) -> None:
        """Forget the member's."""
        ...


class ChallengeStore(Protocol):
    """Short-lived."""

    async def put(self, challenge: Challenge) -> None:
        """Keep a new one until it expires."""
        ...

    async def get(self, challenge_id: ChallengeId) -> Challenge | None:
        """The one of this id."""
        ...

    async def standing(self, member_id: MemberId, session: str, purpose: Purpose, now: dt.datetime) -> Challenge | None:
        """The one that is asked in this session and can still be answered, or could until its tries were used up."""
        ...

    async def count(self, challenge_id: ChallengeId, most: int) -> bool:
        """Count one try; False if there were so many already, or it is used."""
        ...

    async def use(self, challenge_id: ChallengeId, cmd: str) -> bool:
        """Let this command use it; False if another one has."""
        ...


class DeviceStore(Protocol):
    """Browsers in which a member has signed in."""

    async def known(self, member_id: str, device_id: DeviceId, now: dt.datetime) -> bool:
        """Whether this is one of them."""
        ...

    async def remember(self, member_id: MemberId, device_id: DeviceId, expires_at: dt.datetime) -> None:
        """It is one until then."""
        ...

    async def forget(self, member_id: MemberId, device_id: DeviceId | None = None) -> None:
        """It is none any more; without a name, all of the member's."""
        ...
