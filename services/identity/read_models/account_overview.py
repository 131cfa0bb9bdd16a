"""Home page « Où en est mon compte ? »: one document per member."""

from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import account_events as later
from services.identity.domain import events as e
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.register import Account
from shared.kernel import Projection, Value, members

Shown = (
    e.AccountCreated
    | e.EmailValidated
    | e.SignedIn
    | later.AccountRecovered
    | later.EmailCorrected
    | later.EmailChangeRequested
    | later.EmailChanged
    | later.EmailBounced
    | later.TermsAccepted
    | later.AccountClosed
)


class AccountOverview(Value):
    """Read model: the address, whether it is confirmed, what it may become, and when somebody came in."""

    member_id: MemberId
    person_id: PersonId
    email: Account[str]
    email_validated: bool = False
    email_to_confirm: Account[str | None] = None
    """Where the member wants to be written to, once he has confirmed it there."""
    email_bounced: bool = False
    """Mail to the address comes back."""
    created_at: AwareDatetime
    cgu_version: str = ""
    signed_in_at: AwareDatetime | None = None
    signed_in_before: AwareDatetime | None = None
    closed: bool = False


def evolve(overview: AccountOverview | None, event: Shown) -> AccountOverview:  # noqa: C901 - one case per event
    if isinstance(event, e.AccountCreated):
        of = event.model_dump(include={"member_id", "person_id", "email", "cgu_version"})
        return AccountOverview(**of, created_at=event.at)
    assert overview is not None
    changes: dict[str, Any]
    match event:
        case e.EmailValidated(email=email):
            changes = {"email": email, "email_validated": True}
        case e.SignedIn():
            changes = {"signed_in_at": event.at, "signed_in_before": overview.signed_in_at}
        case later.AccountRecovered(email=email, cgu_version=version):
            another = {"email": email, "email_validated": False, "email_to_confirm": None, "email_bounced": False}
            changes = {**another, "cgu_version": version}
        case later.EmailCorrected(email=email):
            changes = {"email": email, "email_bounced": False}
        case later.EmailChangeRequested(email=email):
            changes = {"email_to_confirm": email}
        case later.EmailChanged(email=email):
            changes = {"email": email, "email_to_confirm": None, "email_bounced": False}
        case later.EmailBounced():
            changes = {"email_bounced": True}
        case later.TermsAccepted(cgu_version=version):
            changes = {"cgu_version": version}
        case later.AccountClosed():
            changes = {"closed": True}
        case _:
            assert_never(event)
    return overview.model_copy(update=changes)


account_overview = Projection(
    name="identity.account_overview",
    screen="Mon compte",
    version=3,
    document=AccountOverview,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
