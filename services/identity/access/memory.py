"""The stores in memory, for fast tests."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.identity.access.challenges_memory import MemoryChallenges, MemoryDevices, MemoryTotp
from services.identity.access.stores import ABOUT_TO_BE_NAMED, Credential, Enrolment, Refusals, Stores
from services.identity.domain.ids import CredentialId, EnrolmentId, MemberId
from shared.sign_in.stores import MemoryTries


class MemoryEnrolments:
    """Enrolments in a dict."""

    def __init__(self) -> None:
        self.rows: dict[EnrolmentId, Enrolment] = {}

    async def put(self, enrolment: Enrolment) -> None:
        self.rows[enrolment.id] = enrolment

    async def get(self, enrolment_id: EnrolmentId, now: dt.datetime) -> Enrolment | None:
        found = self.rows.get(enrolment_id)
        return found if found and now < found.expires_at else None


class MemoryCredentials:
    """Hashes in a dict."""

    def __init__(self) -> None:
        self.rows: dict[CredentialId, Credential] = {}

    async def add(self, credential: Credential) -> None:
        self.rows.setdefault(credential.id, credential)

    async def of(self, member_id: str) -> Sequence[Credential]:
        own = [row for row in self.rows.values() if row.member_id == member_id]
        return sorted(own, key=lambda row: row.created_at, reverse=True)

    async def settle(self, member_id: MemberId, credential_id: CredentialId, now: dt.datetime) -> None:
        self._change(credential_id, active=True)
        for row in await self.of(member_id):
            if row.id != credential_id and row.created_at < now - ABOUT_TO_BE_NAMED:
                del self.rows[row.id]

    async def rehash(self, credential_id: CredentialId, code_hash: str) -> None:
        self._change(credential_id, hash=code_hash)

    async def drop(self, credential_id: CredentialId) -> None:
        self.rows.pop(credential_id, None)

    def _change(self, credential_id: CredentialId, **changes: Any) -> None:
        if credential_id in self.rows:
            self.rows[credential_id] = self.rows[credential_id].model_copy(update=changes)


class MemoryRefusals:
    """Refused tries in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, Refusals] = {}

    async def count(self, refusals_id: str, nir: str, at: dt.datetime) -> None:
        before = self.rows.get(refusals_id) or Refusals(id=refusals_id, nir=nir, count=0, first_at=at, last_at=at)
        self.rows[refusals_id] = before.model_copy(update={"count": before.count + 1, "last_at": at})

    async def last_before(self, time: dt.datetime) -> Sequence[Refusals]:
        return [row for row in self.rows.values() if row.last_at < time]

    async def drop(self, refusals_id: str) -> None:
        self.rows.pop(refusals_id, None)


def memory_stores() -> Stores:
    """Empty ones."""
    return Stores(
        MemoryEnrolments(),
        MemoryCredentials(),
        MemoryTries(),
        MemoryRefusals(),
        MemoryChallenges(),
        MemoryDevices(),
        MemoryTotp(),
    )
