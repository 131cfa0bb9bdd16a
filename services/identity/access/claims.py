"""Names that belong to one stream: a NIR to a person, an address and a link to an account. Derived from the log."""

from collections.abc import Callable

from services.identity.domain import events as e
from services.identity.domain.account_events import (
    AccountClosed,
    AccountRecovered,
    CodeResetRequested,
    EmailChanged,
    EmailChangeRequested,
    EmailCorrected,
    SignInsLocked,
)
from services.identity.domain.account_state import Account
from services.identity.domain.bank_details import BankDetails
from services.identity.domain.bank_events import BankDetailsChangeRequested, BankEvent
from services.identity.domain.email import email_key
from services.identity.domain.erasure_events import ErasureEvent, ErasureRequested
from services.identity.domain.erasure_state import Erasure
from services.identity.domain.ids import LinkId
from services.identity.domain.person import Person
from shared.command_handler import Claims
from shared.kernel import Erased
from shared.personal_data import BlindIndex


def person_claims(nir: BlindIndex) -> Callable[[Person, list[e.PersonEvent]], Claims]:
    """The person's number; a former one stays his, so that nobody else gets it."""

    def claims(person: Person, events: list[e.PersonEvent]) -> Claims:
        known = person.facts.nir if person.facts else None
        new = {event.nir for event in events if isinstance(event, e.PersonRegistered | e.PersonUpdated)}
        return Claims(take=[nir.of(number) for number in new - {known} if isinstance(number, str)])

    return claims


def account_claims(email: BlindIndex) -> Callable[[Account, list[e.AccountEvent]], Claims]:
    """The account's address, unless it is another's, and the links that were sent to it."""

    def claims(account: Account, events: list[e.AccountEvent]) -> Claims:
        take: list[str] = []
        release: list[str] = []
        for event in events:
            match event:
                case EmailCorrected() | AccountRecovered():
                    release += _given_up(event, email)
                case EmailChanged():
                    take += _name(event.email, email)
                    release += _given_up(event, email)
                case e.EmailValidationRequested(link_id=link_id, taken=taken):
                    take += [*([] if taken else _name(event.email, email)), link_claim(link_id)]
                case (
                    EmailChangeRequested(link_id=link_id)
                    | CodeResetRequested(link_id=link_id)
                    | SignInsLocked(link_id=link_id)
                ):
                    take.append(link_claim(link_id))
                case AccountClosed():
                    release += _name(account.email, email)
        return Claims(take=take, release=release)

    return claims


def _name(address: str | Erased, email: BlindIndex) -> list[str]:
    return [email.of(email_key(address))] if isinstance(address, str) else []


def _given_up(event: EmailCorrected | AccountRecovered | EmailChanged, email: BlindIndex) -> list[str]:
    """The address before, unless it is the same written otherwise."""
    return [name for name in _name(event.previous, email) if name not in _name(event.email, email)]


def bank_claims(_: BankDetails, events: list[BankEvent]) -> Claims:
    """A change that was asked for, by its id: the link that cancels it knows nothing else."""
    return Claims(
        take=[bank_change_claim(event.request_id) for event in events if isinstance(event, BankDetailsChangeRequested)]
    )


def bank_change_claim(request_id: str) -> str:
    """How the person behind a change is found."""
    return f"bank-change:{request_id}"


def erasure_claims(_: Erasure, events: list[ErasureEvent]) -> Claims:
    """A request to be forgotten, by its id for the link that cancels it, and by the reference of its certificate."""
    asked = [event for event in events if isinstance(event, ErasureRequested)]
    return Claims(take=[erasure_claim(name) for event in asked for name in (event.erasure_id, event.reference)])


def erasure_claim(name: str) -> str:
    """How the person behind an erasure is found."""
    return f"erasure:{name}"


def link_claim(link_id: LinkId) -> str:
    """How the account behind a link is found."""
    return f"link:{link_id}"
