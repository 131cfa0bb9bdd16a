"""Events of identity about a person: bank details, address, attestations, told to whoever must be able to object."""

from typing import Final

from pydantic import AwareDatetime

from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId
from services.notifications.inbound.making import SINCE, message
from shared.canonical import iso
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class OfPerson(Incoming):
    """Something happened to a member's data."""

    person_id: MemberId


class ChangeAsked(OfPerson):
    """Another account was asked for, and is held until `due_at`. The link that cancels it is derived when sending."""

    request_id: str
    due_at: AwareDatetime
    previous_email: str | Erased | None = None


class Changed(OfPerson):
    """Payments go elsewhere. Without a request it is the register's word about somebody who may have no account."""

    request_id: str | None = None


class Revoked(Incoming):
    """An attestation holds no longer. Who had it made, events of the first days do not say."""

    member_id: MemberId | None = None


def asked(event: ChangeAsked, delivery: Delivered) -> list[Issued]:
    """To the current address, to the one before it, and by post: one of the three reaches the member."""
    params = {"link_id": event.request_id, "expires_at": iso(event.due_at)}
    told = [
        message(event.person_id, Template.BANK_CHANGE_REQUESTED, delivery, params),
        message(event.person_id, Template.BANK_CHANGE_LETTER, delivery),
    ]
    if isinstance(event.previous_email, str):
        before = message(event.person_id, Template.BANK_CHANGE_TOLD_BEFORE, delivery, params, to=event.previous_email)
        told.append(before)
    return told


def changed(event: Changed, delivery: Delivered) -> list[Issued]:
    """What the member asked for has been done."""
    if event.request_id is None:
        return []
    return [message(event.person_id, Template.BANK_DETAILS_CHANGED, delivery)]


def cancelled(event: OfPerson, delivery: Delivered) -> list[Issued]:
    """Whoever cancelled it: if it was not the member, he hears of it now."""
    return [message(event.person_id, Template.BANK_CHANGE_CANCELLED, delivery)]


def stopped(event: OfPerson, delivery: Delivered) -> list[Issued]:
    """What he has asked for will not be."""
    return [message(event.person_id, Template.BANK_CHANGE_STOPPED, delivery)]


def moved(event: OfPerson, delivery: Delivered) -> list[Issued]:
    """By post to the address before: letters go there until the new one is trusted."""
    return [
        message(event.person_id, Template.ADDRESS_CHANGED, delivery),
        message(event.person_id, Template.ADDRESS_LETTER, delivery),
    ]


def revoked(event: Revoked, delivery: Delivered) -> list[Issued]:
    """Whether he wanted it or his rights have ended: he should give it to nobody any more."""
    if event.member_id is None:
        return []
    return [message(event.member_id, Template.ATTESTATION_REVOKED, delivery)]


from_persons: Final = Reaction(
    name="notifications.persons",
    source="identity",
    since=SINCE,
    handles={
        "BankDetailsChangeRequested": On(ChangeAsked, asked),
        "BankDetailsChangeCancelled": On(OfPerson, cancelled),
        "BankDetailsChangeStopped": On(OfPerson, stopped),
        "BankDetailsChanged": On(Changed, changed),
        "AddressChanged": On(OfPerson, moved),
        "AttestationRevoked": On(Revoked, revoked),
    },
)
