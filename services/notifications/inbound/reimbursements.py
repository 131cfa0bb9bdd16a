"""Events of reimbursements: that something was paid is told at most every 15 days, without what or how much."""

import datetime as dt
from typing import Final

from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId
from services.notifications.inbound.making import SINCE, OfMember, ids, message, telling
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction

HALTS: Final = {"pending": Template.CLAIM_PENDING, "rejected": Template.CLAIM_REJECTED}
NEWS: Final = dt.timedelta(days=15)
"""A payment of before, in a file that brings past years, say, is no news."""


class Paid(Incoming):
    """Of a payment only whose it is, and when."""

    person_id: MemberId
    paid_on: dt.date


def paid(event: Paid, delivery: Delivered) -> list[Issued]:
    """Remember it for the next « Information de paiement »."""
    if delivery.recorded_at.date() - event.paid_on > NEWS:
        return []
    named = ids(Template.PAYMENT_INFORMATION, delivery)
    command = c.NotePayment(at=delivery.recorded_at, member_id=event.person_id, **named)
    return [Issued(f"mailbox:{event.person_id}", command)]


class Returned(Incoming):
    """A transfer that came back: to whom it had gone, and when."""

    person_id: MemberId
    on: dt.date


def returned(event: Returned, delivery: Delivered) -> list[Issued]:
    """The member must look at his bank details, or no payment reaches him."""
    if delivery.recorded_at.date() - event.on > NEWS:
        return []
    return [message(event.person_id, Template.TRANSFER_RETURNED, delivery)]


class Halt(Incoming):
    """What became of a claim, and until when it can be answered."""

    stage: str
    until: dt.date | None = None


class Halted(OfMember):
    """A claim waits for somebody, or was rejected."""

    halt: Halt | Erased


def halted(event: Halted, delivery: Delivered) -> list[Issued]:
    """By when to answer is said; why, and for which care, stands in the account alone."""
    if isinstance(event.halt, Erased) or event.halt.stage not in HALTS:
        return []
    until = {"until": event.halt.until.isoformat() if event.halt.until else ""}
    return [message(event.member_id, HALTS[event.halt.stage], delivery, until)]


class Stated(Incoming):
    """A statement was made: whose, and whether because its month was over (not because he asked)."""

    person_id: MemberId
    due: bool = False


def stated(event: Stated, delivery: Delivered) -> list[Issued]:
    """Whoever asked for it has it."""
    return [message(event.person_id, Template.STATEMENT_READY, delivery)] if event.due else []


from_reimbursements: Final = Reaction(
    name="notifications.reimbursements",
    source="reimbursements",
    since=SINCE,
    handles={
        "PaymentIssued": On(Paid, paid),
        "PaymentReturned": On(Returned, returned),
        "SignalDecided": On(OfMember, telling(Template.REPORT_DECIDED)),
        "ClaimHalted": On(Halted, halted),
        "StatementIssued": On(Stated, stated),
    },
)
