"""Events of identity: who a member is reached as, and what he is told."""

from collections.abc import Callable
from typing import Final

from pydantic import AwareDatetime

from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId
from services.notifications.inbound.making import SINCE, OfMember, message, telling
from shared.canonical import iso
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.postal import envelope
from shared.reactions import Incoming, On, Reaction

"""Not said on an envelope."""


class WithAddress(OfMember):
    """The same, and the address it happened to."""

    email: str | Erased


class GivenAddress(WithAddress):
    """An address that is not proved yet; `taken`: it is another member's, who is told by a message of his own."""

    taken: bool = False


class LinkWanted(GivenAddress):
    """A link goes to this address. Its token is derived when the mail is made, and stands in no event."""

    link_id: str
    expires_at: AwareDatetime


class NoticeWithLink(OfMember):
    """A link goes to the address that is proved."""

    link_id: str
    expires_at: AwareDatetime


class AddressReplaced(WithAddress):
    """And the address before."""

    previous: str | Erased


class PaperCodeWanted(OfMember):
    """A code goes to the person by post. It is derived when the letter is made."""

    code_id: str
    expires_at: AwareDatetime


class HandedOver(PaperCodeWanted):
    """A code is printed at the desk; whether it opens again an account that stands."""

    account_exists: bool = False


class Opened(OfMember):
    """An account was opened; from what its first code is called a letter's contest code is derived."""

    credential_id: str


class CodeWanted(OfMember):
    """A one-time code goes to the member. It is derived when the mail is made, as a link's token is."""

    challenge_id: str
    purpose: str
    expires_at: AwareDatetime


class Obstacle(OfMember):
    """Somebody tried to open a second account."""

    obstacle: str


class Closed(OfMember):
    """An account is over."""

    reason: str = ""


class Postal(Incoming):
    """Where a person lives."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


class Posted(Incoming):
    """Where letters to a person go, by the register's word or his own once it is trusted."""

    person_id: MemberId
    addressee: str | Erased | None = None
    address: Postal | Erased


def validation(event: LinkWanted, delivery: Delivered) -> list[Issued]:
    """To the new address itself, which is not proved yet."""
    if isinstance(event.email, Erased) or event.taken:
        return []
    params = {"link_id": event.link_id, "expires_at": iso(event.expires_at)}
    mail = message(event.member_id, Template.EMAIL_VALIDATION, delivery, params, to=event.email)
    return [_address(event.member_id, event.email, delivery, confirmed=False), mail]


def change_wanted(event: LinkWanted, delivery: Delivered) -> list[Issued]:
    """To the new address itself: until it is proved, all else goes to the one before."""
    if isinstance(event.email, Erased) or event.taken:
        return []
    params = {"link_id": event.link_id, "expires_at": iso(event.expires_at)}
    return [message(event.member_id, Template.EMAIL_CHANGE, delivery, params, to=event.email)]


def corrected(event: GivenAddress, delivery: Delivered) -> list[Issued]:
    """What is still held goes to the address as it is now; its link comes with another event."""
    if isinstance(event.email, Erased) or event.taken:
        return []
    return [_address(event.member_id, event.email, delivery, confirmed=False)]


def changed(event: AddressReplaced, delivery: Delivered) -> list[Issued]:
    """Both are told: whoever reads mail at the old one may not have asked for it."""
    if isinstance(event.email, Erased):
        return []
    notices = [message(event.member_id, Template.EMAIL_CHANGED, delivery)]
    if not isinstance(event.previous, Erased):
        notices.append(message(event.member_id, Template.EMAIL_CHANGED, delivery, to=event.previous, copy="previous"))
    return [_address(event.member_id, event.email, delivery, confirmed=True), *notices]


def with_link(template: Template) -> Callable[[NoticeWithLink, Delivered], list[Issued]]:
    """A notice with a link of its own."""
    return lambda event, delivery: [
        message(
            event.member_id,
            template,
            delivery,
            {"link_id": event.link_id, "expires_at": iso(event.expires_at)},
        )
    ]


def opened(event: Opened, delivery: Delivered) -> list[Issued]:
    """By post: whoever opened it does not read that."""
    return [message(event.member_id, Template.ACCOUNT_CREATED, delivery, {"opened_with": event.credential_id})]


def paper_code(event: PaperCodeWanted, delivery: Delivered) -> list[Issued]:
    """To the address that the register knows."""
    params = {"code_id": event.code_id, "expires_at": iso(event.expires_at)}
    return [message(event.member_id, Template.PROVISIONAL_CODE, delivery, params)]


def handed_over(event: HandedOver, delivery: Delivered) -> list[Issued]:
    """For the printer of the desk. Whoever has an account is told twice: it may be somebody else who stands there."""
    params = {"code_id": event.code_id, "expires_at": iso(event.expires_at)}
    printed = message(event.member_id, Template.PROVISIONAL_CODE_DESK, delivery, params)
    told = (Template.CODE_HANDED_OVER, Template.CODE_HANDED_OVER_LETTER) if event.account_exists else ()
    return [printed, *(message(event.member_id, template, delivery) for template in told)]


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


def closed(event: Closed, delivery: Delivered) -> list[Issued]:
    """Whoever is forgotten was told before: from now on nobody knows where he reads mail."""
    return [] if event.reason == "erasure" else [message(event.member_id, Template.ACCOUNT_CLOSED, delivery)]


def posted(event: Posted, delivery: Delivered) -> list[Issued]:
    """Also to somebody who has no account yet."""
    address = event.address
    if not isinstance(event.addressee, str) or isinstance(address, Erased):
        return []
    command = c.LearnPostalAddress(
        at=delivery.recorded_at,
        member_id=event.person_id,
        lines=(event.addressee, *envelope(address.lines, address.postcode, address.city, address.country)),
    )
    return [Issued(f"mailbox:{event.person_id}", command)]


def _address(member_id: MemberId, email: str, delivery: Delivered, *, confirmed: bool) -> Issued:
    command = c.LearnAddress(at=delivery.recorded_at, member_id=member_id, email=email, confirmed=confirmed)
    return Issued(f"mailbox:{member_id}", command)


from_identity: Final = Reaction(
    name="notifications.identity",
    source="identity",
    since=SINCE,
    handles={
        "AccountCreated": On(Opened, opened),
        "AccountRecovered": On(OfMember, telling(Template.CODE_CHANGED)),
        "ProvisionalCodeRequested": On(PaperCodeWanted, paper_code),
        "ProvisionalCodeHandedOver": On(HandedOver, handed_over),
        "EmailValidationRequested": On(LinkWanted, validation),
        "EmailValidated": On(WithAddress, validated),
        "OneTimeCodeRequested": On(CodeWanted, one_time_code),
        "CodeResetRequested": On(NoticeWithLink, with_link(Template.CODE_RESET)),
        "CodeReset": On(OfMember, telling(Template.CODE_CHANGED)),
        "CodeChanged": On(OfMember, telling(Template.CODE_CHANGED)),
        "EmailCorrected": On(GivenAddress, corrected),
        "EmailChangeRequested": On(LinkWanted, change_wanted),
        "EmailChanged": On(AddressReplaced, changed),
        "SignInsLocked": On(NoticeWithLink, with_link(Template.SIGN_INS_LOCKED)),
        "AccountLocked": On(OfMember, telling(Template.ACCOUNT_LOCKED)),
        "AccountClosed": On(Closed, closed),
        "AccountCreationRefused": On(Obstacle, refused),
    },
)

from_register: Final = Reaction(
    name="notifications.register",
    source="identity",
    since=SINCE,
    handles={"PostalAddressChanged": On(Posted, posted)},
)
