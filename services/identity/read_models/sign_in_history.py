"""Screen « Mes connexions »: who came in, who tried, and what became of the keys; one document per member."""

from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime

from services.identity.domain import account_events as later
from services.identity.domain import events as e
from services.identity.domain import factor_events as f
from services.identity.domain import provisional as p
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.register import Access
from shared.kernel import Erased, Projection, Value, members

KEPT: Final = 100

OfSessions = (
    e.SignedIn
    | e.SignInRefused
    | e.SignedOut
    | later.SessionsEnded
    | later.DeviceForgotten
    | later.SignInsLocked
    | later.SignInsReopened
)
OfKeys = (
    later.AccountRecovered
    | later.CodeChanged
    | later.CodeReset
    | later.EmailChangeRequested
    | later.EmailChanged
    | f.TotpEnabled
    | f.TotpDisabled
    | p.ProvisionalEvent
)
OfLife = e.AccountCreated | later.TermsAccepted | later.AccountLocked | later.AccountUnlocked | later.AccountClosed
Shown = OfSessions | OfKeys | OfLife


class Kind(StrEnum):
    """What a line of the history says."""

    SIGNED_IN = "signed-in"
    REFUSED = "refused"
    SIGNED_OUT = "signed-out"
    ENDED = "ended"
    RECOVERED = "recovered"
    CODE_CHANGED = "code-changed"
    CODE_RESET = "code-reset"
    EMAIL_ASKED = "email-asked"
    EMAIL_CHANGED = "email-changed"
    APP_ENABLED = "app-enabled"
    APP_DISABLED = "app-disabled"
    PAPER_CODE_ASKED = "paper-code-asked"
    PAPER_CODE_POSTED = "paper-code-posted"
    PAPER_CODE_HANDED_OVER = "paper-code-handed-over"
    PAPER_CODE_USED = "paper-code-used"
    DEVICE_FORGOTTEN = "device-forgotten"
    SHUT = "shut"
    REOPENED = "reopened"
    CREATED = "created"
    TERMS_ACCEPTED = "terms-accepted"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    CLOSED = "closed"


class By(StrEnum):
    """Whose act it was, where it was not the member's own."""

    DESK = "desk"
    LETTER = "letter"
    """Somebody with the code of the letter that told of the account."""
    REGISTER = "register"


class Entry(Value):
    """One line; refused tries of a few minutes are one line with a count."""

    kind: Kind
    at: AwareDatetime
    count: int = 1
    device: str | None = None
    by: By | None = None


class SignInHistory(Value):
    """Read model: the last lines, the newest first."""

    member_id: MemberId
    person_id: PersonId
    entries: Access[tuple[Entry, ...]] = ()


PLAIN: Final[dict[type[Any], Kind]] = {
    e.SignedOut: Kind.SIGNED_OUT,
    later.AccountRecovered: Kind.RECOVERED,
    later.CodeChanged: Kind.CODE_CHANGED,
    later.CodeReset: Kind.CODE_RESET,
    later.EmailChangeRequested: Kind.EMAIL_ASKED,
    later.EmailChanged: Kind.EMAIL_CHANGED,
    f.TotpEnabled: Kind.APP_ENABLED,
    f.TotpDisabled: Kind.APP_DISABLED,
    p.ProvisionalCodeRequested: Kind.PAPER_CODE_ASKED,
    p.ProvisionalCodePosted: Kind.PAPER_CODE_POSTED,
    p.ProvisionalCodeHandedOver: Kind.PAPER_CODE_HANDED_OVER,
    p.ProvisionalCodeUsed: Kind.PAPER_CODE_USED,
    later.DeviceForgotten: Kind.DEVICE_FORGOTTEN,
    later.SignInsLocked: Kind.SHUT,
    later.SignInsReopened: Kind.REOPENED,
    e.AccountCreated: Kind.CREATED,
    later.TermsAccepted: Kind.TERMS_ACCEPTED,
    later.AccountLocked: Kind.LOCKED,
    later.AccountUnlocked: Kind.UNLOCKED,
    later.AccountClosed: Kind.CLOSED,
}
_LOCKED_BY: Final = {later.LockReason.CONTESTED: By.LETTER, later.LockReason.DESK: By.DESK}
_CLOSED_BY: Final = {later.CloseReason.DESK: By.DESK, later.CloseReason.DEATH: By.REGISTER}


def evolve(history: SignInHistory | None, event: Shown) -> SignInHistory:
    before = history or SignInHistory(member_id=event.member_id, person_id=event.person_id)
    lines = [_entry(event), *(() if isinstance(before.entries, Erased) else before.entries)]
    # Refused tries are noted a few minutes late, and streams are read beside one another.
    lines.sort(key=lambda one: (one.at, one.kind), reverse=True)
    return before.model_copy(update={"entries": tuple(lines[:KEPT])})


def _entry(event: Shown) -> Entry:
    match event:
        case e.SignedIn(device_name=name):
            return Entry(kind=Kind.SIGNED_IN, at=event.at, device=name if isinstance(name, str) else None)
        case e.SignInRefused():
            return Entry(kind=Kind.REFUSED, at=event.last_at, count=event.count)
        case later.SessionsEnded(session_ids=sessions):
            return Entry(kind=Kind.ENDED, at=event.at, count=len(sessions))
        case _:
            return Entry(kind=PLAIN[type(event)], at=event.at, by=_by(event))


def _by(event: Shown) -> By | None:
    match event:
        case p.ProvisionalCodeHandedOver() | later.AccountUnlocked():
            return By.DESK
        case later.AccountLocked(reason=locked):
            return _LOCKED_BY[locked]
        case later.AccountClosed(reason=closed):
            return _CLOSED_BY.get(closed)
        case _:
            return None


sign_in_history = Projection(
    name="identity.sign_in_history",
    screen="Mes appareils et connexions",
    version=4,
    document=SignInHistory,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
