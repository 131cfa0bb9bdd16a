"""What identity is told by its environment: the fund's choices, all with the default of its rules."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from shared.settings import BaseServiceSettings
from shared.sign_in.tries import Policy

SEPA: Final = frozenset(
    (
        *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR"),
        *("HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO"),
        *("RS", "SE", "SI", "SK", "SM", "VA"),
    )
)
"""Where benefits may be paid to (L114-10-2-1): the countries of the SEPA schemes."""


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
    resets_per_day: int = 5
    """Links for one NIR that a forgotten code may ask for."""
    reset_minutes: int = 30
    emails_per_day: int = 10
    """Other addresses that a member may give in a day: nobody tries out a list."""
    provisional_days: int = 30
    """How long a code on paper works."""
    sign_ins_per_origin: int = 200
    """Wrong tries an hour from one address prefix, of devices that are not known: a barracks has one prefix."""
    proofs_per_origin: int = 100
    """Wrong tries an hour from one address prefix; where the answer tells nothing, right ones count as well."""
    creations_per_enrolment: int = 10
    sign_in_failures: int = 10
    sign_in_delays_from: int = 3
    """The failure after which one waits 1 second, then 2, 4, 8 …"""
    one_time_codes: WhenAsked = WhenAsked.NEW_DEVICE
    """When signing in takes a one-time code as well."""
    device_days: int = 400
    """How long a browser is known after the last sign-in."""
    refusal_minutes: int = 5
    answer_seconds: float = 0.25
    """Answers that must not differ in time come after so long, whatever they say."""
    address_days: int = 15
    """How long letters with codes and cards go on to the address before."""
    erasure_days: Annotated[int, Field(ge=1, le=30)] = 14
    """How long a request to be forgotten can be taken back; done within a month in all (RGPD, art. 12)."""
    bank_hold_hours: int = 72
    """How long a new account waits: the member may cancel meanwhile."""
    bank_quiet_hours: int = 72
    """No change of account so soon after a change of address, code or second factor."""
    sepa: frozenset[str] = SEPA
    fund_address: tuple[str, ...] = ("247 avenue Jacques Cartier", "83090 TOULON CEDEX 9")
    organism: str = "08 835 0300"
    """As attestations print it."""
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
        """Tries to sign in with one NIR from one device that is known, or from all that are not."""
        return Policy(failures=self.sign_in_failures, window=dt.timedelta(days=1), delays_from=self.sign_in_delays_from)

    def sign_in_origins(self) -> Policy:
        """Tries to sign in with any NIR from one place."""
        return Policy(failures=self.sign_ins_per_origin, window=dt.timedelta(hours=1))

    def resets(self) -> Policy:
        """Links for one forgotten code."""
        return Policy(failures=self.resets_per_day, window=dt.timedelta(days=1))

    def emails(self) -> Policy:
        """Other addresses for one account."""
        return Policy(failures=self.emails_per_day, window=dt.timedelta(days=1))

    @property
    def reset_lifetime(self) -> dt.timedelta:
        """How long the link for a forgotten code works."""
        return dt.timedelta(minutes=self.reset_minutes)

    @property
    def device_lifetime(self) -> dt.timedelta:
        """How long a browser is known after the last sign-in."""
        return dt.timedelta(days=self.device_days)

    @property
    def address_hold(self) -> dt.timedelta:
        """Between a new address and the first letter with a code that goes there."""
        return dt.timedelta(days=self.address_days)

    @property
    def bank_hold(self) -> dt.timedelta:
        """Between the request of another account and the change."""
        return dt.timedelta(hours=self.bank_hold_hours)

    @property
    def erasure_hold(self) -> dt.timedelta:
        """Between the request to be forgotten and its end."""
        return dt.timedelta(days=self.erasure_days)

    @property
    def bank_quiet(self) -> dt.timedelta:
        """After what may be a change of hands."""
        return dt.timedelta(hours=self.bank_quiet_hours)

    @property
    def enrolment_lifetime(self) -> dt.timedelta:
        """How long a proved identity waits for its account."""
        return dt.timedelta(minutes=self.enrolment_minutes)

    @property
    def link_lifetime(self) -> dt.timedelta:
        """How long a link in a mail works."""
        return dt.timedelta(hours=self.link_hours)
