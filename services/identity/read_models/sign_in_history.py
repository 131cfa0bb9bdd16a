"""Screen « Mes connexions »: who came in, who tried, and what became of the keys; one document per member."""

from enum import StrEnum
from typing import Any, Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import account_events as later
from services.identity.domain import events as e
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.register import Account
from shared.kernel import Erased, Projection, Value, members

KEPT: Final = 100

Shown = (
    e.SignedIn
    | e.SignInRefused
    | e.SignedOut
    | later.SessionsEnded
    | later.AccountRecovered
    | later.CodeChanged
    | later.CodeReset
    | later.EmailChanged
    | later.SignInsLocked
    | later.SignInsReopened
    | later.AccountLocked
    | later.AccountUnlocked
)


class Kind(StrEnum):
    """What a line of the history says."""

    SIGNED_IN = "signed-in"
    REFUSED = "refused"
    SIGNED_OUT = "signed-out"
    ENDED = "ended"
    RECOVERED = "recovered"
    CODE_CHANGED = "code-changed"
    CODE_RESET = "code-reset"
    EMAIL_CHANGED = "email-changed"
    SHUT = "shut"
    REOPENED = "reopened"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Entry(Value):
    """One line; refused tries of a few minutes are one line with a count."""

    kind: Kind
    at: AwareDatetime
    count: int = 1
    device: str | None = None


class SignInHistory(Value):
    """Read model: the last lines, the newest first."""

    member_id: MemberId
    person_id: PersonId
    entries: Account[tuple[Entry, ...]] = ()


_PLAIN: Final[dict[type[Any], Kind]] = {
    e.SignedOut: Kind.SIGNED_OUT,
    later.AccountRecovered: Kind.RECOVERED,
    later.CodeChanged: Kind.CODE_CHANGED,
    later.CodeReset: Kind.CODE_RESET,
    later.EmailChanged: Kind.EMAIL_CHANGED,
    later.SignInsLocked: Kind.SHUT,
    later.SignInsReopened: Kind.REOPENED,
    later.AccountLocked: Kind.LOCKED,
    later.AccountUnlocked: Kind.UNLOCKED,
}


def evolve(history: SignInHistory | None, event: Shown) -> SignInHistory:
    before = history or SignInHistory(member_id=event.member_id, person_id=event.person_id)
    lines = [_entry(event), *(() if isinstance(before.entries, Erased) else before.entries)]
    lines.sort(key=lambda one: one.at, reverse=True)  # refused tries are noted a few minutes late
    return before.model_copy(update={"entries": tuple(lines[:KEPT])})


def _entry(event: Shown) -> Entry:
    match event:
        case e.SignedIn(device_name=name):
            return Entry(kind=Kind.SIGNED_IN, at=event.at, device=name if isinstance(name, str) else None)
        case e.SignInRefused():
            return Entry(kind=Kind.REFUSED, at=event.last_at, count=event.count)
        case later.SessionsEnded(session_ids=sessions):
            return Entry(kind=Kind.ENDED, at=event.at, count=len(sessions))
        case (
            e.SignedOut()
            | later.AccountRecovered()
            | later.CodeChanged()
            | later.CodeReset()
            | later.EmailChanged()
            | later.SignInsLocked()
            | later.SignInsReopened()
            | later.AccountLocked()
            | later.AccountUnlocked()
        ):
            return Entry(kind=_PLAIN[type(event)], at=event.at)
        case _:
            assert_never(event)


sign_in_history = Projection(
    name="identity.sign_in_history",
    version=3,
    document=SignInHistory,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
