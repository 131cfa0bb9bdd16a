"""Screen « Mes connexions »: who came in, and who tried; one document per member."""

from enum import StrEnum
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import events as e
from services.identity.domain.ids import MemberId, SessionId
from shared.kernel import Projection, Value, members

KEPT: Final = 100

Shown = e.SignedIn | e.SignInRefused | e.SignedOut


class Kind(StrEnum):
    """What a line of the history says."""

    SIGNED_IN = "signed-in"
    REFUSED = "refused"
    SIGNED_OUT = "signed-out"


class Entry(Value):
    """One line; refused tries of a few minutes are one line with a count."""

    kind: Kind
    at: AwareDatetime
    session_id: SessionId | None = None
    count: int = 1


class SignInHistory(Value):
    """Read model: the last lines, the newest first."""

    member_id: MemberId
    entries: tuple[Entry, ...] = ()


def evolve(history: SignInHistory | None, event: Shown) -> SignInHistory:
    match event:
        case e.SignedIn():
            entry = Entry(kind=Kind.SIGNED_IN, at=event.at, session_id=event.session_id)
        case e.SignInRefused():
            entry = Entry(kind=Kind.REFUSED, at=event.last_at, count=event.count)
        case e.SignedOut():
            entry = Entry(kind=Kind.SIGNED_OUT, at=event.at, session_id=event.session_id)
        case _:
            assert_never(event)
    lines = [entry, *(history.entries if history else ())]
    lines.sort(key=lambda one: one.at, reverse=True)  # refused tries are noted a few minutes late
    return SignInHistory(member_id=event.member_id, entries=tuple(lines[:KEPT]))


sign_in_history = Projection(
    name="identity.sign_in_history",
    version=1,
    document=SignInHistory,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
