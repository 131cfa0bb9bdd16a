"""What identity is told by its environment: the fund's choices, all with the default of its rules."""

import datetime as dt
from enum import StrEnum

from services.identity.domain.tries import Policy
from shared.settings import BaseServiceSettings


class WhenAsked(StrEnum):
    """How careful signing in is."""

    OFF = "off"
    NEW_DEVICE = "new_device"
    ALWAYS = "always"


class IdentitySettings(BaseServiceSettings):
    """Limits and lifetimes."""

    nir_refuse_zero_parts: bool = False
    link_hours: int = 24
    enrolment_minutes: int = 30
    proofs_per_day: int = 5
    """Wrong tries for one NIR before the immediate way is closed for a day."""
    proofs_per_origin: int = 100
    """Tries an hour from one address prefix, right ones included: a barracks has one."""
    creations_per_enrolment: int = 10
    sign_in_failures: int = 10
    one_time_codes: WhenAsked = WhenAsked.NEW_DEVICE
    """When signing in takes a one-time code as well."""
    device_days: int = 400
    """How long a browser is known after the last sign-in."""
    refusal_minutes: int = 5
    answer_seconds: float = 0.25
    """Answers that must not differ in time come after so long, whatever they say."""
    argon2_memory_kib: int = 47_104
    hashes_at_once: int = 2
    hashes_waiting: int = 64

    def proofs(self) -> Policy:
        """Tries to prove one identity."""
        return Policy(failures=self.proofs_per_day, window=dt.timedelta(days=1))

    def origins(self) -> Policy:
        """Tries to prove any identity from one place."""
        return Policy(failures=self.proofs_per_origin, window=dt.timedelta(hours=1))

    def creations(self) -> Policy:
        """Tries to finish one enrolment: another code, another address."""
        return Policy(failures=self.creations_per_enrolment, window=self.enrolment_lifetime)

    def sign_ins(self) -> Policy:
        """Tries to sign in with one NIR from one place."""
        return Policy(failures=self.sign_in_failures, window=dt.timedelta(days=1), delays_from=3)

    @property
    def device_lifetime(self) -> dt.timedelta:
        """How long a browser is known after the last sign-in."""
        return dt.timedelta(days=self.device_days)

    @property
    def enrolment_lifetime(self) -> dt.timedelta:
        """How long a proved identity waits for its account."""
        return dt.timedelta(minutes=self.enrolment_minutes)

    @property
    def link_lifetime(self) -> dt.timedelta:
        """How long a link in a mail works."""
        return dt.timedelta(hours=self.link_hours)
