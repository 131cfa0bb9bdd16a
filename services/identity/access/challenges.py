"""What is remembered of second factors outside the log, as ports: codes that are asked for, known devices."""

import datetime as dt
from typing import Protocol

from pydantic import AwareDatetime

from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import ChallengeId, CredentialId, DeviceId, MemberId
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
