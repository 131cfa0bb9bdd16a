"""The account that a person is paid to: asked for, held for three days, cancelled or changed (L114-10-2-1)."""

import datetime as dt
from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import bank_commands as c
from services.identity.domain import bank_events as e
from services.identity.domain.ages import day_of
from services.identity.domain.iban import masked_iban
from services.identity.domain.ids import BankChangeId
from shared.kernel import Decider, Erased, Value, require


class Pending(Value):
    """A change that is held."""

    request_id: BankChangeId
    iban: str | Erased
    due_at: AwareDatetime
    in_doubt: bool


class BankDetails(Value):
    """Only what the rules below need to decide."""

    iban: str | Erased | None = None
    since: dt.date | None = None
    registered: str | Erased | None = None
    """What the register said last."""
    pending: Pending | None = None
    ended: frozenset[BankChangeId] = frozenset()
    """Changes that were cancelled or stopped."""
    done: frozenset[BankChangeId] = frozenset()
    blocked: bool = False


def decide(bank: BankDetails, command: c.BankCommand) -> list[e.BankEvent]:  # noqa: PLR0911 - one for each command
    match command:
        case c.RecordRegisterIban():
            return _register(bank, command)

        case c.RequestBankDetailsChange():
            return _request(bank, command)

        case c.CompleteBankDetailsChange():
            return _complete(bank, command)

        case c.CancelBankDetailsChange():
            return _cancel(bank, command)

        case c.ConfirmBankHolder(request_id=request_id):
            pending = _require_pending(bank, request_id)
            if not pending.in_doubt:
                return []
            confirmed = e.BankHolderConfirmed(**command.model_dump())
            return [confirmed, _changed(pending, command)] if command.at >= pending.due_at else [confirmed]

        case c.RefuseBankHolder(request_id=request_id):
            if request_id in bank.ended:
                return []
            _require_pending(bank, request_id)
            return [e.BankDetailsChangeStopped(**command.model_dump(), by=e.StoppedBy.DESK)]

        case c.UnblockBankChanges():
            return [e.BankChangesUnblocked(**command.model_dump())] if bank.blocked else []

        case _:
            assert_never(command)


def _register(bank: BankDetails, command: c.RecordRegisterIban) -> list[e.BankEvent]:
    """The register repeats what it knows; of two accounts, the one that holds from the later day is paid to."""
    since = command.since or day_of(command.as_of)
    known = command.iban in {bank.iban, bank.registered}
    if isinstance(command.iban, Erased) or known or (bank.since is not None and since < bank.since):
        return []
    changed = e.BankDetailsChanged(
        at=command.at,
        person_id=command.person_id,
        iban=command.iban,
        masked=masked_iban(command.iban),
        since=since,
        source=e.Source.REGISTER,
    )
    if bank.pending is None:
        return [changed]
    stopped = e.BankDetailsChangeStopped(
        at=command.at,
        person_id=command.person_id,
        request_id=bank.pending.request_id,
        by=e.StoppedBy.REGISTER,
    )
    return [stopped, changed]


def _request(bank: BankDetails, command: c.RequestBankDetailsChange) -> list[e.BankEvent]:
    require(not bank.blocked, otherwise="bank-changes-blocked")
    recent = command.refused_until is not None and command.at < command.refused_until
    require(not recent, otherwise="bank-change-too-soon")
    require(bank.pending is None, otherwise="bank-change-pending")
    require(command.iban != bank.iban, otherwise="iban-unchanged")
    require(command.holder is not e.HolderVerdict.MISMATCH, otherwise="iban-holder-mismatch")
    assert isinstance(command.iban, str)
    facts = command.model_dump(exclude={"refused_until"})
    return [e.BankDetailsChangeRequested(**facts, masked=masked_iban(command.iban))]


def _complete(bank: BankDetails, command: c.CompleteBankDetailsChange) -> list[e.BankEvent]:
    pending = bank.pending
    if pending is None or pending.request_id != command.request_id or pending.in_doubt:
        return []  # cancelled meanwhile, or the desk has yet to say whose account it is
    require(command.at >= pending.due_at, otherwise="bank-hold-not-over")
    return [_changed(pending, command)]


def _cancel(bank: BankDetails, command: c.CancelBankDetailsChange) -> list[e.BankEvent]:
    if command.request_id in bank.ended:
        return []
    require(command.request_id not in bank.done, otherwise="bank-change-done")
    _require_pending(bank, command.request_id)
    return [e.BankDetailsChangeCancelled(**command.model_dump(), blocks=command.by is e.CancelledBy.LINK)]


def _changed(pending: Pending, command: c.CompleteBankDetailsChange | c.ConfirmBankHolder) -> e.BankDetailsChanged:
    require(isinstance(pending.iban, str), otherwise="person-erased")
    return e.BankDetailsChanged(
        at=command.at,
        person_id=command.person_id,
        iban=pending.iban,
        masked=masked_iban(str(pending.iban)),
        since=day_of(command.at),
        source=e.Source.MEMBER,
        request_id=pending.request_id,
    )


def _require_pending(bank: BankDetails, request_id: BankChangeId) -> Pending:
    require(bank.pending is not None and bank.pending.request_id == request_id, otherwise="bank-change-unknown")
    assert bank.pending is not None
    return bank.pending


def evolve(bank: BankDetails, event: e.BankEvent) -> BankDetails:
    changes: dict[str, Any]
    match event:
        case e.BankDetailsChangeRequested(holder=holder):
            facts = event.model_dump(include={"request_id", "iban", "due_at"})
            changes = {"pending": Pending(**facts, in_doubt=holder is e.HolderVerdict.DOUBT)}
        case e.BankHolderConfirmed():
            held = bank.pending.model_copy(update={"in_doubt": False}) if bank.pending else None
            changes = {"pending": held}
        case e.BankDetailsChangeCancelled(request_id=request_id, blocks=blocks):
            changes = {"pending": None, "ended": bank.ended | {request_id}, "blocked": bank.blocked or blocks}
        case e.BankDetailsChangeStopped(request_id=request_id):
            changes = {"pending": None, "ended": bank.ended | {request_id}}
        case e.BankDetailsChanged():
            changes = {"iban": event.iban, "since": event.since, "pending": None}
            if event.source is e.Source.REGISTER:
                changes["registered"] = event.iban
            if event.request_id is not None:
                changes["done"] = bank.done | {event.request_id}
        case e.BankChangesUnblocked():
            changes = {"blocked": False}
        case _:
            assert_never(event)
    return bank.model_copy(update=changes)


bank_details = Decider(category="bank", retention="care", initial=BankDetails(), decide=decide, evolve=evolve)
