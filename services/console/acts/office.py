"""What every act needs, put together once; and who acts."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from services.console.access.keys import KeyRing
from services.console.clients.who import Who
from services.console.domain.ids import StaffId
from services.console.domain.staff import StaffAccount
from services.console.domain.words import Role
from services.console.settings import ConsoleSettings
from shared.clock import Clock
from shared.command_handler import Answer
from shared.envelope import Metadata
from shared.event_store import EventStore
from shared.kernel import Command
from shared.personal_data import BlindIndex, Vault
from shared.problems import Refused
from shared.projections.queries import ReadModels
from shared.sign_in.gates import Gatekeeper
from shared.sign_in.hashing import CodeHasher


class Carrier(Protocol):
    """The part of a service that acts use; each as in shared.service."""

    store: Any
    queries: Any
    vault: Any

    async def handle(self, stream: str, command: Command, *, cmd: str, meta: Metadata) -> Answer: ...
    async def state(self, stream: str) -> tuple[Any, int]: ...


@dataclass(frozen=True)
class By:
    """One act: whose, in which role, under which command id."""

    staff_id: StaffId
    role: Role
    cmd: str
    correlation_id: str
    session: str = ""
    auth_time: dt.datetime | None = None

    @property
    def who(self) -> Who:
        """For whom services are asked."""
        return Who(self.staff_id, self.role.value, self.session, self.auth_time)

    def made(self, what: str) -> str:
        """An id of ours, the same on every retry."""
        return str(uuid.uuid5(uuid.UUID(self.cmd), what))

    def part(self, what: str) -> "By":
        """A further command of the same act."""
        return replace(self, cmd=self.made(what))

    def meta(self, pk: str, *, person_id: str | None = None) -> Metadata:
        """Metadata of a command that says openly who has acted."""
        return self._meta(pk, self.staff_id, person_id)

    def meta_of_file(self, person_id: str) -> Metadata:
        """Metadata of a command about a file: who it was stands in the event alone, under the key of its month."""
        return self._meta(person_id, self.role.value, person_id)

    def meta_of_records(self, look_id: str) -> Metadata:
        """The same of a look at the records of looks."""
        return self._meta(look_id, self.role.value, None)

    def needs(self, *roles: Role) -> None:
        """Let these roles pass.

        Raises:
            Refused: `role-refused`.
        """
        if self.role not in roles:
            raise Refused("role-refused")

    def _meta(self, pk: str, actor: str, person_id: str | None) -> Metadata:
        return Metadata(
            pk=pk,
            actor=actor,
            actor_kind=self.role.value,
            correlation_id=self.correlation_id,
            person_id=person_id,
            channel="console",
        )


@dataclass(frozen=True)
class Office:
    """The console's own part: what acts on services besides takes their lines as arguments."""

    service: Carrier
    ring: KeyRing
    hasher: CodeHasher
    gates: Gatekeeper
    logins: BlindIndex
    settings: ConsoleSettings
    clock: Clock

    @property
    def store(self) -> EventStore:
        """The log."""
        found: EventStore = self.service.store
        return found

    @property
    def queries(self) -> ReadModels:
        """The read models."""
        found: ReadModels = self.service.queries
        return found

    @property
    def vault(self) -> Vault:
        """The keys."""
        found: Vault = self.service.vault
        return found

    @cached_property
    def totp_key(self) -> bytes:
        """Seals the secrets of code apps: derived from the pepper, which lies in no database."""
        return self.hasher.derived("console totp")

    @cached_property
    def invitation_key(self) -> bytes:
        """Makes the links of invitations."""
        return self.hasher.derived("console invitations")

    async def account(self, staff_id: StaffId) -> StaffAccount:
        """The account as it is now."""
        found: StaffAccount = (await self.service.state(f"staff:{staff_id}"))[0]
        return found
