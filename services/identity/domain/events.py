"""What has happened: to a person of the register, and to a member's account."""

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.identity.domain.account_events import CodeEvent, EmailEvent, LifeEvent, SessionEvent
from services.identity.domain.dependants import ViewReason
from services.identity.domain.factor_events import Factor
from services.identity.domain.ids import (
    AddressChangeId,
    CardId,
    CredentialId,
    DeviceId,
    LinkId,
    MemberId,
    PersonId,
    SessionId,
)
from services.identity.domain.register import Access as Kept
from services.identity.domain.register import Account, Address, Cards, Register, RegisterFacts
from shared.kernel import Event, members


class PersonRegistered(RegisterFacts, Event, name="PersonRegistered"):
    """The register names a person for the first time."""


class PersonUpdated(RegisterFacts, Event, name="PersonUpdated"):
    """The register says something else of a person than before: all of it, as it stands now."""


class SerialLearned(Event, name="SerialLearned"):
    """The person holds a new carte Vitale: it replaces the one before as a proof."""

    person_id: PersonId
    card_id: CardId
    serial_proof: Cards[str]


class SerialRevoked(Event, name="SerialRevoked"):
    """The card was opposed, for ever."""

    person_id: PersonId
    card_id: CardId
    serial_proof: Cards[str]


class PersonDied(Event, name="PersonDied"):
    """The register says so. Rights of those who depend on the person go on."""

    person_id: PersonId
    died_on: Register[dt.date]


class AddressSource(StrEnum):
    """Whose word an address is."""

    REGISTER = "register"
    MEMBER = "member"


class AddressChanged(Event, name="AddressChanged"):
    """The member lives elsewhere. Letters with codes and cards go to the address before, until `post_from`."""

    person_id: PersonId
    change_id: AddressChangeId
    address: Register[Address]
    previous: Register[Address]
    since: Register[dt.date]
    post_from: AwareDatetime


class PostalAddressChanged(Event, name="PostalAddressChanged"):
    """All letters go there from now on, those with codes and cards as well; also told when the name is another."""

    person_id: PersonId
    address: Register[Address]
    since: Register[dt.date | None]
    source: AddressSource
    addressee: Register[str | None] = None
    """What stands above the address on an envelope."""


class _View(Event):
    viewer_id: PersonId
    """Who may see, or no longer may: a member's person id."""
    person_id: PersonId
    """Who is seen."""
    reason: ViewReason


class ViewGranted(_View, name="ViewGranted"):
    """The viewer sees this person's care, documents and messages, but for what is marked confidential."""


class ViewEnded(_View, name="ViewEnded"):
    """From now on the person is no longer shown to this viewer, nor what is past."""


PersonEvent = (
    PersonRegistered
    | PersonUpdated
    | SerialLearned
    | SerialRevoked
    | PersonDied
    | AddressChanged
    | PostalAddressChanged
    | ViewGranted
    | ViewEnded
)


class Access(StrEnum):
    """What a session opens: nothing but the confirmation of the address, as long as that is missing."""

    FULL = "full"
    EMAIL_PENDING = "email-pending"


class CreationObstacle(StrEnum):
    """Why no account came of it; only the holder of the standing account learns it, by mail."""

    ACCOUNT_EXISTS = "account-exists"
    EMAIL_TAKEN = "email-taken"


class _OfAccount(Event):
    member_id: MemberId
    person_id: PersonId


class AccountCreated(_OfAccount, name="AccountCreated"):
    """The general terms were accepted in this version, a code and an address were chosen."""

    email: Account[str]
    cgu_version: str
    cgu_hash: str
    credential_id: CredentialId


class EmailValidationRequested(_OfAccount, name="EmailValidationRequested"):
    """A link goes to the address. Its token is made when the mail is sent, and stands in no event."""

    link_id: LinkId
    expires_at: AwareDatetime
    email: Account[str]
    taken: bool = False
    """It is another member's: no link goes out. Who gave it is shown the same, and who holds it is told."""


class EmailValidated(_OfAccount, name="EmailValidated"):
    """The member reads mail at this address: every service is open."""

    email: Account[str]


class AccountCreationRefused(_OfAccount, name="AccountCreationRefused"):
    """Somebody tried to open another account for the same person, or with the same address."""

    obstacle: CreationObstacle


class SignedIn(_OfAccount, name="SignedIn"):
    """A session was opened with the right code, and with a second factor where one was asked for."""

    session_id: SessionId
    access: Access
    device_id: DeviceId | None = None
    device_name: Kept[str | None] = Field(default=None, examples=["Firefox sur Windows"])
    factor: Factor | None = None


class SignInRefused(_OfAccount, name="SignInRefused"):
    """Tries that were refused, from one origin within a few minutes."""

    count: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class SignedOut(_OfAccount, name="SignedOut"):
    """The member closed a session."""

    session_id: SessionId


AccountEvent = (
    AccountCreated
    | EmailValidationRequested
    | EmailValidated
    | AccountCreationRefused
    | SignedIn
    | SignInRefused
    | SignedOut
    | CodeEvent
    | EmailEvent
    | SessionEvent
    | LifeEvent
)

EVENTS = (*members(PersonEvent), *members(AccountEvent))
