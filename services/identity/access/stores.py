"""What is remembered outside the log, as ports. The MongoDB stores and those in memory pass the same cases."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import AwareDatetime, Field

from services.identity.access.challenges import ChallengeStore, DeviceStore, TotpStore
from services.identity.domain.ids import CredentialId, EnrolmentId, MemberId, PersonId, ProvisionalCodeId
from shared.kernel import Value
from shared.sign_in.stores import TriesStore


class Enrolment(Value):
    """A person has proved who he is, and may open his account until then. Ids only."""

    id: EnrolmentId
    person_id: PersonId
    expires_at: AwareDatetime
    provisional_code_id: ProvisionalCodeId | None = None
    """What proved it, where it was a code on paper: it also opens again an account that is lost."""


class Credential(Value):
    """The hash of a code. It counts once an event names it; `active` says that this is known here."""

    id: CredentialId
    member_id: MemberId
    hash: str = Field(repr=False)
    created_at: AwareDatetime
    active: bool = False


ABOUT_TO_BE_NAMED: Final = dt.timedelta(minutes=10)
"""How long after it was made an event may still be on its way that names a credential."""


class Refusals(Value):
    """Refused tries of a few minutes, by keyed hashes: whether the number exists is not asked here."""

    id: str
    nir: str
    count: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class EnrolmentStore(Protocol):
    """Short-lived."""

    async def put(self, enrolment: Enrolment) -> None:
        """Keep it until it expires."""
        ...

    async def get(self, enrolment_id: EnrolmentId, now: dt.datetime) -> Enrolment | None:
        """The one of this id, as long as it has not expired."""
        ...


class CredentialStore(Protocol):
    """Hashes of codes. Truth, not derived: backed up."""

    async def add(self, credential: Credential) -> None:
        """Keep a new one; the one that has this id already stays as it is."""
        ...

    async def of(self, member_id: str) -> Sequence[Credential]:
        """The active one of a member and any that was made since, the newest first: seldom more than one."""
        ...

    async def settle(self, member_id: MemberId, credential_id: CredentialId, now: dt.datetime) -> None:
        """An event names this one: of the member's others, those that nobody can still be about to name are dropped."""
        ...

    async def rehash(self, credential_id: CredentialId, code_hash: str) -> None:
        """Keep the same code under a stronger hash."""
        ...

    async def drop(self, credential_id: CredentialId) -> None:
        """No event will name it."""
        ...


class RefusalStore(Protocol):
    """Refused sign-ins that no event tells of yet."""

    async def count(self, refusals_id: str, nir: str, at: dt.datetime) -> None:
        """One more."""
        ...

    async def last_before(self, time: dt.datetime) -> Sequence[Refusals]:
        """Those whose last try was before this time."""
        ...

    async def drop(self, refusals_id: str) -> None:
        """An event tells of them."""
        ...


async def nothing_to_prepare() -> None:
    """For stores without indexes."""


@dataclass(frozen=True)
class Stores:
    """All of them; `prepare` creates their indexes and may be repeated."""

    enrolments: EnrolmentStore
    credentials: CredentialStore
    tries: TriesStore
    refusals: RefusalStore
    challenges: ChallengeStore
    devices: DeviceStore
    totp: TotpStore
    prepare: Callable[[], Awaitable[None]] = nothing_to_prepare
