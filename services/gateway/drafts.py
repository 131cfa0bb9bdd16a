"""What a member's session remembers between two pages."""

import datetime as dt
from typing import Literal

from shared.kernel import Value
from shared.web.states import SessionState

Reason = Literal["lost", "stolen", "damaged"]


class Identity(Value):
    """Step 1 of the creation of an account."""

    surname: str
    nir: str
    birth_date: dt.date
    postcode: str


class Enrolment(Value):
    """An account being created. The proofs are never kept; the code is, sealed, until the account is made of it."""

    identity: Identity | None = None
    """Nothing is typed where a provisional code has said who it is."""
    enrolment_id: str | None = None
    cgu_accepted: bool = False
    code: str | None = None


class Report(Value):
    """A declaration being made: for this card, under the id that makes sending it twice harmless."""

    declaration_id: str
    card_id: str
    reason: Reason
    happened_on: dt.date | None = None
    place: str | None = None


class Reported(Value):
    """A declaration that was sent."""

    declaration_id: str
    card_id: str


class NewIban(Value):
    """An account that was read without a mistake, before the member confirms that he wants to be paid there."""

    iban: str
    masked: str
    bank: str | None


class Looking(Value):
    """What a member looks for among his reimbursements: it stands in no URL."""

    beneficiary: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    payee: str = ""
    words: str = ""


class Uploaded(Value):
    """Files that the cards service has taken for an order, whose form is not complete yet."""

    order_id: str
    photo: str | None = None
    identity_document: str | None = None


class Unread(Value):
    """How many messages the member has not opened, as far as is known until then."""

    count: int
    until: dt.datetime


class CodeAsked(Value):
    """A one-time code that this browser is to give."""

    challenge_id: str
    factor: str
    sent_to: str
    expires_at: dt.datetime
    next: str | None = None
    """Where to go then."""


class App(Value):
    """A code app that is being told its secret."""

    totp_id: str
    secret: str
    uri: str


class Authorising(Value):
    """What an application on the member's phone asks for (RFC 6749 4.1.1, RFC 7636)."""

    client_id: str
    redirect_uri: str
    challenge: str
    state: str = ""
    step_up: bool = False
    """The member is to confirm first that it is he (RFC 9470)."""


class Kin(Value):
    """Somebody whom the member may act for."""

    person_id: str
    given_names: str


class Family(Value):
    """All of them, as far as is known until then."""

    persons: tuple[Kin, ...]
    until: dt.datetime


class Begun(Value):
    """What the steps before had said: it comes back with the form that was typed."""

    report: Report | None = None
    acting_for: Kin | None = None


class State(SessionState):
    """All that is sealed."""

    authorising: Authorising | None = None
    begun: Begun | None = None
    """Of a session that has lapsed while a form was filled in."""

    enrolment: Enrolment | None = None
    mailbox: str | None = None
    """Where the confirmation mail of an account just made went to."""

    report: Report | None = None
    reported: Reported | None = None
    """What the done page tells of."""

    new_iban: NewIban | None = None
    looking: Looking | None = None
    acting_for: Kin | None = None
    """For whom cards, reimbursements and attestations are shown, where it is not the member himself."""
    family: Family | None = None
    uploaded: Uploaded | None = None

    unread: Unread | None = None
    code_asked: CodeAsked | None = None
    """Before the session opens, or before it is confirmed."""
    stepped_up_at: dt.datetime | None = None
    """When the member has confirmed the last time that it is he."""
    app: App | None = None

    email_confirmed: bool = False
    cgu_version: str | None = None
    closing: bool = False
    """The member has asked to be forgotten: one page is left to him."""
    checked_at: dt.datetime | None = None
    """When identity has said the last time that this session is still open."""
    identity_session: str | None = None
    """What identity calls this session: a sign-out names it."""

    @property
    def reference(self) -> str | None:
        """A member ends his session by this name from another device."""
        return self.identity_session


class Grant(SessionState):
    """What an authorisation code stands for, until the application has fetched its token."""

    asked: Authorising | None = None
    member: State = State()
    until: dt.datetime | None = None
    """The token ends with the session that the member has given it from."""

    @property
    def reference(self) -> str | None:
        return self.member.identity_session
