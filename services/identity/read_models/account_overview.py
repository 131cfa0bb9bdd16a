"""Home page « Où en est mon compte ? »: one document per member."""

from typing import assert_never

from pydantic import AwareDatetime

from services.identity.domain import events as e
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.register import Account
from shared.kernel import Projection, Value, members

Shown = e.AccountCreated | e.EmailValidated | e.SignedIn


class AccountOverview(Value):
    """Read model: the address, whether it is confirmed, and the last two times somebody came in."""

    member_id: MemberId
    person_id: PersonId
    email: Account[str]
    email_validated: bool = False
    created_at: AwareDatetime
    signed_in_at: AwareDatetime | None = None
    signed_in_before: AwareDatetime | None = None


def evolve(overview: AccountOverview | None, event: Shown) -> AccountOverview:
    match event:
        case e.AccountCreated():
            whose = event.model_dump(include={"member_id", "person_id", "email"})
            return AccountOverview(**whose, created_at=event.at)
        case e.EmailValidated(email=email):
            assert overview is not None
            return overview.model_copy(update={"email": email, "email_validated": True})
        case e.SignedIn():
            assert overview is not None
            before = overview.signed_in_at
            return overview.model_copy(update={"signed_in_at": event.at, "signed_in_before": before})
        case _:
            assert_never(event)


account_overview = Projection(
    name="identity.account_overview",
    version=1,
    document=AccountOverview,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
