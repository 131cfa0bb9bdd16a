"""Bank details of one person, used by the tests of identity."""

import datetime as dt
from typing import Any

from services.identity.domain import bank_commands as c
from services.identity.domain import bank_events as e
from services.identity.domain.iban import masked_iban
from services.identity.domain.ids import BankChangeId
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, SINCE, after

OLD = "FR1420041010050500013M02606"
NEW = "FR7630006000011234567890189"
THIRD = "FR7630004000010000012345617"
REQUEST = BankChangeId("88888888-8888-4888-8888-888888888888")
NEXT_REQUEST = BankChangeId("99999999-9999-4999-8999-999999999999")
HOLD = dt.timedelta(hours=72)


def told(iban: str = OLD, since: dt.date | None = SINCE, as_of: dt.datetime = AS_OF) -> c.RecordRegisterIban:
    return c.RecordRegisterIban(at=NOW, person_id=CLAIRE, iban=iban, since=since, as_of=as_of)


def changed(iban: str = OLD, since: dt.date = SINCE, **facts: Any) -> e.BankDetailsChanged:
    known: dict[str, Any] = {"at": NOW, "source": e.Source.REGISTER}
    return e.BankDetailsChanged(person_id=CLAIRE, iban=iban, masked=masked_iban(iban), since=since, **known | facts)


def request(iban: str = NEW, **facts: Any) -> c.RequestBankDetailsChange:
    known: dict[str, Any] = {"request_id": REQUEST, "holder": e.HolderVerdict.MATCH, "due_at": after(hours=72)}
    return c.RequestBankDetailsChange(at=NOW, person_id=CLAIRE, iban=iban, **known | facts)


def requested(iban: str = NEW, **facts: Any) -> e.BankDetailsChangeRequested:
    made = request(iban, **facts).model_dump(exclude={"refused_until"})
    return e.BankDetailsChangeRequested(**made, masked=masked_iban(iban))


def complete(at: dt.datetime, request_id: BankChangeId = REQUEST) -> c.CompleteBankDetailsChange:
    return c.CompleteBankDetailsChange(at=at, person_id=CLAIRE, request_id=request_id)


def completed(iban: str = NEW, at: dt.datetime = NOW + HOLD) -> e.BankDetailsChanged:
    return changed(iban, at.date(), at=at, source=e.Source.MEMBER, request_id=REQUEST)


def cancel(by: e.CancelledBy = e.CancelledBy.LINK, request_id: BankChangeId = REQUEST) -> c.CancelBankDetailsChange:
    return c.CancelBankDetailsChange(at=NOW + DAY, person_id=CLAIRE, request_id=request_id, by=by)


def cancelled(by: e.CancelledBy = e.CancelledBy.LINK) -> e.BankDetailsChangeCancelled:
    return e.BankDetailsChangeCancelled(**cancel(by).model_dump(), blocks=by is e.CancelledBy.LINK)


def stopped(by: e.StoppedBy) -> e.BankDetailsChangeStopped:
    return e.BankDetailsChangeStopped(at=NOW, person_id=CLAIRE, request_id=REQUEST, by=by)


def unblock() -> c.UnblockBankChanges:
    return c.UnblockBankChanges(at=NOW + DAY, person_id=CLAIRE, by=e.UnblockedBy.DESK)


UNBLOCKED = e.BankChangesUnblocked(**unblock().model_dump())
DOUBT: dict[str, Any] = {"holder": e.HolderVerdict.DOUBT}
