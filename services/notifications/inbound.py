"""Events of identity and cards, read tolerantly, and what members are told about them."""

import base64
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Final

from pydantic import AwareDatetime

from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId, MessageId, Reference
from shared.canonical import iso
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction

SINCE: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""There was nothing before: both reactions are as old as the services."""


class OfMember(Incoming):
    """Something happened in a member's account."""

    member_id: MemberId


class WithAddress(OfMember):
    """The same, and the address it happened to."""

    email: str | Erased


class LinkWanted(WithAddress):
    """A link goes to this address. Its token is derived when the mail is made, and stands in no event."""

    link_id: str
    expires_at: AwareDatetime


class CodeWanted(OfMember):
    """A one-time code goes to the member. It is derived when the mail is made, as a link's token is."""

    challenge_id: str
    purpose: str
    expires_at: AwareDatetime


class Obstacle(OfMember):
    """Somebody tried to open a second account."""

    obstacle: str


def validation(event: LinkWanted, delivery: Delivered) -> list[Issued]:
    """To the new address itself, which is not proved yet."""
    if isinstance(event.email, Erased):
        return []
    params = {"link_id": event.link_id, "expires_at": iso(event.expires_at)}
    mail = message(event.member_id, Template.EMAIL_VALIDATION, delivery, params, to=event.email)
    return [_address(event.member_id, event.email, delivery, confirmed=False), mail]


def one_time_code(event: CodeWanted, delivery: Delivered) -> list[Issued]:
    """To the address that is proved."""
    params = {"challenge_id": event.challenge_id, "purpose": event.purpose, "expires_at": iso(event.expires_at)}
    return [message(event.member_id, Template.ONE_TIME_CODE, delivery, params)]


def validated(event: WithAddress, delivery: Delivered) -> list[Issued]:
    """From now on every notice goes to this address."""
    if isinstance(event.email, Erased):
        return []
    welcome = message(event.member_id, Template.ACCOUNT_OPENED, delivery)
    return [_address(event.member_id, event.email, delivery, confirmed=True), welcome]


def refused(event: Obstacle, delivery: Delivered) -> list[Issued]:
    """Only the holder of the standing account learns that there is one."""
    taken = event.obstacle == "email-taken"
    return [message(event.member_id, Template.EMAIL_TAKEN if taken else Template.ACCOUNT_EXISTS, delivery)]


def telling(template: Template) -> Callable[[OfMember, Delivered], list[Issued]]:
    """A notice that says no more than that there is news."""
    return lambda event, delivery: [message(event.member_id, template, delivery)]


def message(
    member_id: MemberId,
    template: Template,
    delivery: Delivered,
    params: dict[str, str] | None = None,
    to: str | None = None,
) -> Issued:
    """A message about one event; its ids are made from the event's."""
    cause = delivery.stored["id"]
    command = c.RequestMessage(
        at=delivery.recorded_at,
        member_id=member_id,
        message_id=MessageId(str(uuid.uuid5(uuid.UUID(cause), template))),
        template=template,
        cause_event_id=cause,
        reference=reference(cause, template),
        params=params or {},
        to=to,
    )
    return Issued(f"mailbox:{member_id}", command)


def reference(cause: str, template: Template) -> Reference:
    """Sixty bits that nobody can guess without the event's id, in letters that are read out well."""
    bits = uuid.uuid5(uuid.UUID(cause), f"reference|{template}").bytes
    text = base64.b32encode(bits)[:12].decode().translate(str.maketrans("IO", "89"))
    return Reference("-".join(text[start : start + 4] for start in (0, 4, 8)))


def _address(member_id: MemberId, email: str, delivery: Delivered, *, confirmed: bool) -> Issued:
    command = c.LearnAddress(at=delivery.recorded_at, member_id=member_id, email=email, confirmed=confirmed)
    return Issued(f"mailbox:{member_id}", command)


from_identity: Final = Reaction(
    name="notifications.identity",
    source="identity",
    since=SINCE,
    handles={
        "EmailValidationRequested": On(LinkWanted, validation),
        "EmailValidated": On(WithAddress, validated),
        "OneTimeCodeRequested": On(CodeWanted, one_time_code),
        "AccountCreationRefused": On(Obstacle, refused),
    },
)

from_cards: Final = Reaction(
    name="notifications.cards",
    source="cards",
    since=SINCE,
    handles={
        "VitaleReportedLost": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedStolen": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedDamaged": On(OfMember, telling(Template.VITALE_DECLARED)),
        "VitaleReplacementOrdered": On(OfMember, telling(Template.VITALE_ORDERED)),
        "VitaleReplacementInProduction": On(OfMember, telling(Template.VITALE_IN_PRODUCTION)),
        "VitaleReplacementSent": On(OfMember, telling(Template.VITALE_SENT)),
        "VitaleReplacementDelivered": On(OfMember, telling(Template.VITALE_DELIVERED)),
        "VitaleReplacementReturned": On(OfMember, telling(Template.VITALE_RETURNED)),
    },
)
