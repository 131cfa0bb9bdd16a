"""How the staff proves who it is: a hash and a sealed secret per account, an invitation until it is taken up."""

import datetime as dt
from typing import Protocol

from pydantic import AwareDatetime, Field

from services.console.domain.ids import CredentialId, StaffId
from shared.kernel import Value
from shared.mongo import Database


class StaffKeys(Value):
    """A code's hash and the secret of the app. They count once an event names them. Truth, not derived: backed up."""

    id: CredentialId
    staff_id: StaffId
    hash: str = Field(repr=False)
    sealed: bytes = Field(repr=False)
    step: int = 0
    """The newest time step whose code was used."""


class Invitation(Value):
    """`id` is the hash of what the link says."""

    id: str
    staff_id: StaffId
    sealed: bytes = Field(repr=False)
    """The secret that the app is told when the invitation is taken up."""
    expires_at: AwareDatetime


class KeyRing(Protocol):
    """Where both are kept."""

    async def prepare(self) -> None: ...
    async def put(self, keys: StaffKeys) -> None: ...
    async def get(self, credential_id: CredentialId) -> StaffKeys | None: ...
    async def advance(self, credential_id: CredentialId, step: int) -> bool:
        """Use the code of a time step; False if it, or a later one, was used before."""
        ...

    async def invite(self, invitation: Invitation) -> None: ...
    async def invitation(self, invitation_id: str, now: dt.datetime) -> Invitation | None: ...
    async def taken_up(self, invitation_id: str) -> None: ...


class MemoryKeyRing:
    """In dicts."""

    def __init__(self) -> None:
        self.keys: dict[str, StaffKeys] = {}
        self.invitations: dict[str, Invitation] = {}

    async def prepare(self) -> None:
        return None

    async def put(self, keys: StaffKeys) -> None:
        self.keys[keys.id] = keys

    async def get(self, credential_id: CredentialId) -> StaffKeys | None:
        return self.keys.get(credential_id)

    async def advance(self, credential_id: CredentialId, step: int) -> bool:
        known = self.keys.get(credential_id)
        if known is None or step <= known.step:
            return False
        self.keys[credential_id] = known.model_copy(update={"step": step})
        return True

    async def invite(self, invitation: Invitation) -> None:
        self.invitations[invitation.id] = invitation

    async def invitation(self, invitation_id: str, now: dt.datetime) -> Invitation | None:
        found = self.invitations.get(invitation_id)
        return found if found is not None and now < found.expires_at else None

    async def taken_up(self, invitation_id: str) -> None:
        self.invitations.pop(invitation_id, None)


class MongoKeyRing:
    """`credentials {_id, staff_id, hash, sealed, step}` and `invitations {_id, staff_id, sealed, expires_at}`."""

    def __init__(self, database: Database) -> None:
        self._keys = database["credentials"]
        self._invitations = database["invitations"]

    async def prepare(self) -> None:
        """Let the database drop what has expired."""
        await self._invitations.create_index("expires_at", expireAfterSeconds=0)

    async def put(self, keys: StaffKeys) -> None:
        row = keys.model_dump(exclude={"id"})
        await self._keys.replace_one({"_id": keys.id}, {"_id": keys.id, **row}, upsert=True)

    async def get(self, credential_id: CredentialId) -> StaffKeys | None:
        row = await self._keys.find_one({"_id": credential_id})
        return StaffKeys(id=row.pop("_id"), **row) if row else None

    async def advance(self, credential_id: CredentialId, step: int) -> bool:
        changed = await self._keys.update_one({"_id": credential_id, "step": {"$lt": step}}, {"$set": {"step": step}})
        return changed.modified_count == 1

    async def invite(self, invitation: Invitation) -> None:
        row = invitation.model_dump(exclude={"id"})
        await self._invitations.replace_one({"_id": invitation.id}, {"_id": invitation.id, **row}, upsert=True)

    async def invitation(self, invitation_id: str, now: dt.datetime) -> Invitation | None:
        row = await self._invitations.find_one({"_id": invitation_id, "expires_at": {"$gt": now}})
        return Invitation(id=row.pop("_id"), **row) if row else None

    async def taken_up(self, invitation_id: str) -> None:
        await self._invitations.delete_one({"_id": invitation_id})
