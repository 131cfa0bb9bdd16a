"""Words that commands, events and screens share."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from pydantic import StringConstraints

from shared.kernel import Erased, Personal

T = TypeVar("T")
Staff = Annotated[T | Erased, Personal("staff", of="staff_id")]
"""Of who works here; the key is his own."""
Access = Annotated[T | Erased, Personal("access", of="period")]
"""Who looked at what, and why: a key per month, destroyed when the month is too old (CNIL, logging)."""


def said(word: str | Erased) -> str:
    """What may still be read of it."""
    return word.value if isinstance(word, Erased) else word


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Ticket = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]

UNMASKED: Final = dt.timedelta(minutes=15)


class Role(StrEnum):
    """What somebody may do here; one account has one."""

    AGENT = "agent"
    OPERATIONS = "operations"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class Purpose(StrEnum):
    """What a member's file is read for. The member sees it."""

    VISIT = "visit"
    CALL = "call"
    LETTER = "letter"
    REQUEST = "request"
    INCIDENT = "incident"
    FRAUD = "fraud"
    AUDIT = "audit"


class Part(StrEnum):
    """Which part of a file was read."""

    ACCOUNT = "account"
    PROFILE = "profile"
    CARDS = "cards"
    MESSAGES = "messages"
    REIMBURSEMENTS = "reimbursements"
    DOCUMENTS = "documents"
    EVENTS = "events"
    VALUES = "values"
    ACCESS = "access"
    """Who has looked at it."""
    CARD_DOSSIER = "card-dossier"


class Document(StrEnum):
    """What somebody has shown to prove who he is. No copy is kept, no number either."""

    IDENTITY_CARD = "identity-card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence-permit"
    DRIVING_LICENCE = "driving-licence"


class Action(StrEnum):
    """What takes two persons."""

    FIRST_CODE = "first_code"
    SKIP_PARKED = "skip_parked"
    LEGAL_HOLD = "legal_hold"
    LIFT_LEGAL_HOLD = "lift_legal_hold"


def period_of(time: dt.datetime) -> str:
    """The month whose key closes what was recorded then: 2026-11."""
    return f"{time:%Y-%m}"
