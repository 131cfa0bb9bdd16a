"""History of « Mon profil » : what changed, when, and by whose act; one document per person."""

from enum import StrEnum
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import bank_events as b
from services.identity.domain import events as e
from services.identity.domain.dependants import ViewReason
from services.identity.domain.ids import PersonId
from services.identity.domain.register import Address, Register, RegisterFacts, facts_of
from shared.kernel import Erased, Projection, Value, members

KEPT: Final = 200

OfPerson = (
    e.PersonRegistered | e.PersonUpdated | e.AddressChanged | e.PostalAddressChanged | e.ViewGranted | e.ViewEnded
)
Shown = OfPerson | b.BankEvent


class By(StrEnum):
    """Whose act it was."""

    MEMBER = "member"
    REGISTER = "register"
    DESK = "desk"
    LINK = "link"
    """Somebody who holds the link of a message."""
    TIME = "time"
    """A date has come: a birthday, the end of a delay."""


PARTS: Final[dict[str, tuple[str, ...]]] = {
    "civil-status": ("nir", "surname", "given_names", "birth_date", "sex"),
    "address": ("address",),
    "contact": ("contact",),
    "doctor": ("doctor",),
    "rights": ("rights", "rights_from", "rights_to", "own_cover", "insured_person_id", "rank"),
    "exemptions": ("exemptions",),
    "family": ("parents", "household_id"),
    "confidential": ("confidential",),
    "death": ("died_on",),
}


class Change(Value):
    """One line: codes, whose words the page has; never a value."""

    what: str
    at: AwareDatetime
    by: By


class ProfileHistory(Value):
    """Read model: the last lines, the newest first; and the register's last word, to tell what the next one changes."""

    person_id: PersonId
    known: Register[RegisterFacts | None] = None
    posted: Register[Address | None] = None
    """Where letters go: told again for another name, it is no change of address."""
    changes: tuple[Change, ...] = ()


def evolve(history: ProfileHistory | None, event: Shown) -> ProfileHistory:
    before = history or ProfileHistory(person_id=event.person_id)
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            now = before.model_copy(update={"known": facts_of(event)})
            return _with(now, event, By.REGISTER, *_changed(before.known, facts_of(event)))
        case e.AddressChanged():
            return _with(before, event, By.MEMBER, "address")
        case e.PostalAddressChanged(source=source, address=address):
            by = By.REGISTER if source is e.AddressSource.REGISTER else By.TIME
            now = before.model_copy(update={"posted": address})
            return now if before.posted == address else _with(now, event, by, "address-confirmed")
        case e.ViewGranted():
            return _with(before, event, By.REGISTER, "view-granted")
        case e.ViewEnded(reason=reason):
            by = By.REGISTER if reason is ViewReason.LINK_ENDED else By.TIME
            return _with(before, event, by, f"view-ended-{reason}")
        case _:
            by, what = _of_bank(event)
            return _with(before, event, by, what)


def _of_bank(event: b.BankEvent) -> tuple[By, str]:
    match event:
        case b.BankDetailsChangeRequested():
            return By.MEMBER, "bank-change-requested"
        case b.BankDetailsChangeCancelled(by=way):
            return By.LINK if way is b.CancelledBy.LINK else By.MEMBER, "bank-change-cancelled"
        case b.BankDetailsChangeStopped(by=way):
            return By(str(way)), "bank-change-stopped"
        case b.BankDetailsChanged(source=source):
            return By(str(source)), "bank-details"
        case b.BankHolderConfirmed():
            return By.DESK, "bank-holder-confirmed"
        case b.BankChangesUnblocked(by=way):
            return By.DESK if way is b.UnblockedBy.DESK else By.MEMBER, "bank-changes-unblocked"
        case _:
            assert_never(event)


def _with(history: ProfileHistory, event: Shown, by: By, *what: str) -> ProfileHistory:
    """Sorted: streams are read beside one another, and a rebuild may meet them in another order."""
    lines = [*history.changes, *(Change(what=one, at=event.at, by=by) for one in what)]
    lines.sort(key=lambda line: (line.at, line.what), reverse=True)
    return history.model_copy(update={"changes": tuple(lines[:KEPT])})


def _changed(known: RegisterFacts | Erased | None, now: RegisterFacts) -> list[str]:
    if not isinstance(known, RegisterFacts):
        return ["registered"]
    return [part for part, names in PARTS.items() if any(getattr(known, name) != getattr(now, name) for name in names)]


profile_history = Projection(
    name="identity.profile_history",
    screen="Historique de mon profil",
    version=2,
    document=ProfileHistory,
    handles=members(Shown),
    key=lambda event: event.person_id,
    evolve=evolve,
)
