"""The lines to the services, put together once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from services.console.clients.audit import AuditLine
from services.console.clients.cards import CardsDesk
from services.console.clients.dossier import DossierLine
from services.console.clients.identity import IdentityDesk
from services.console.clients.numbers import NumberLine
from services.console.clients.retention import RetentionLine
from services.console.clients.work import WorkLine
from shared.web.channel import Channel

WORKING: Final = ("identity", "cards", "notifications", "reimbursements", "geo")
"""The services that have work for the desk."""
NUMBERED: Final = ("identity", "cards", "notifications", "reimbursements")
"""Those where members read numbers."""


@dataclass(frozen=True)
class Lines:
    """One line to each service that the console speaks to, the console itself included."""

    channels: Mapping[str, Channel]

    def to(self, service: str) -> Channel:
        """The line to one service."""
        return self.channels[service]

    @cached_property
    def identity(self) -> IdentityDesk:
        return IdentityDesk(self.to("identity"))

    @cached_property
    def cards(self) -> CardsDesk:
        return CardsDesk(self.to("cards"))

    @cached_property
    def retention(self) -> RetentionLine:
        return RetentionLine(self.to("identity"))

    @cached_property
    def auditing(self) -> Mapping[str, AuditLine]:
        """By service."""
        return {name: AuditLine(one) for name, one in self.channels.items()}

    @cached_property
    def work(self) -> Mapping[str, WorkLine]:
        """By service."""
        return {name: WorkLine(self.to(name)) for name in WORKING if name in self.channels}

    @cached_property
    def numbers(self) -> Mapping[str, NumberLine]:
        """By service: who knows numbers that members read."""
        return {name: NumberLine(self.to(name)) for name in NUMBERED if name in self.channels}

    @cached_property
    def dossiers(self) -> Mapping[str, DossierLine]:
        """By service: what an auditor follows."""
        return {name: DossierLine(line) for name, line in self.channels.items()}
