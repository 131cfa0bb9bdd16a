"""What identity can be asked. Every outside fact (time, made ids) arrives in the command."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from services.identity.domain.account_commands import StandingCommand
from services.identity.domain.events import CreationObstacle
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
from services.identity.domain.register import Account, Address, Register, RegisterFacts
from shared.kernel import Command, Made


class RegisterPerson(RegisterFacts, Command):
    """Take over what the register says of a person."""


class LearnSerial(Command):
    """A card was issued: its serial number proves who holds it. Only its keyed hash is known here."""

    person_id: PersonId
    card_id: CardId
    serial_proof: str


class RevokeSerial(Command):
    """The card was opposed: its serial number proves nothing any more."""

    person_id: PersonId
    card_id: CardId
    serial_proof: str


class ReviewViews(Command):
    """A birthday has come: see who may still see this person."""

    person_id: PersonId


class ChangeAddress(Command):
    """The member says where he lives; `post_from` is when letters with codes and cards may go there."""

    person_id: PersonId
    change_id: Made[AddressChangeId]
    address: Register[Address]
    post_from: Made[AwareDatetime]


class ConfirmAddress(Command):
    """The member has had time to object at the address before."""

    person_id: PersonId
    change_id: AddressChangeId


class RepeatPost(Command):
    """Say once more where letters go: whoever has to know had forgotten it."""

    person_id: PersonId


PersonCommand = RegisterPerson | LearnSerial | RevokeSerial | ReviewViews | ChangeAddress | ConfirmAddress | RepeatPost


class CreateAccount(Command):
    """Open an account for a person who has proved who he is."""

    member_id: MemberId
    person_id: PersonId
    email: Account[str]
    cgu_version: str
    cgu_hash: str
    credential_id: Made[CredentialId]
    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]
    taken: Made[bool] = False
    """The address is another member's."""


class RequestEmailValidation(Command):
    """Send a new link: the one before no longer works."""

    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]
    taken: Made[bool] = False
    """The address is another member's, or was not and is now."""


class ValidateEmail(Command):
    """Use a link."""

    link_id: LinkId


class NoteCreationAttempt(Command):
    """Somebody tried to create an account that this one stands in the way of; its holder is told by mail."""

    obstacle: CreationObstacle


class SignIn(Command):
    """Open a session, the code being right: `credential_id` says which one was checked."""

    credential_id: CredentialId
    session_id: Made[SessionId]
    device_id: Made[DeviceId | None] = None
    device_name: Made[str | None] = None
    factor: Factor | None = None


class CountRefusedSignIns(Command):
    """Note the tries that were refused within a few minutes, from one origin."""

    count: Annotated[int, Field(gt=0)]
    first_at: AwareDatetime
    last_at: AwareDatetime


class SignOut(Command):
    """Close a session."""

    session_id: SessionId


AccountCommand = (
    CreateAccount
    | RequestEmailValidation
    | ValidateEmail
    | NoteCreationAttempt
    | SignIn
    | CountRefusedSignIns
    | SignOut
    | StandingCommand
)
