"""What stands behind every screen of lines: the entries that a reader sees, read once, then only computed."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.reimbursements.domain.facts import Kind, Payee
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.read_models.my_month import Entry, month_key, my_month
from services.reimbursements.read_models.my_payments import Payment, my_payments, year_key
from shared.kernel import Erased, Value
from shared.service import Service


class Seen(NamedTuple):
    """One entry, and whose it is."""

    person_id: PersonId
    household_id: str
    entry: Entry


@dataclass(frozen=True)
class History:
    """All that one reader sees of some months, newest first, and his own payments."""

    reader: PersonId
    entries: Sequence[Seen]
    payments: Sequence[Payment]

    @property
    def cancelled(self) -> dict[str, dt.date]:
        """Lines that were taken back later, and when."""
        return {seen.entry.id: seen.entry.paid_on for seen in self.entries if seen.entry.cancelled}

    def others(self, payment: Payment) -> int:
        """What of a payment (cents) concerns persons whose lines this reader does not see."""
        seen = sum(
            one.entry.to_member
            for one in self.entries
            if one.household_id == self.reader and one.entry.number == payment.number
        )
        return payment.to_member - payment.overpaid - seen


async def load(service: Service, reader: PersonId, persons: Sequence[PersonId], months: Sequence[str]) -> History:
    """Entries of these persons in these months, each person's confidential ones for himself alone."""
    keys = [month_key(person, month) for person in persons for month in months]
    found = await service.queries.get_many(my_month, keys)
    entries = [
        Seen(one.person_id, one.household_id, entry)
        for one in found
        if not isinstance(one.entries, Erased)
        for entry in one.entries
        if one.person_id == reader or not entry.confidential
    ]
    entries.sort(key=_newest, reverse=True)
    return History(reader, entries, await _payments(service, reader, months))


def _newest(seen: Seen) -> tuple[dt.date, int, dt.date, str]:
    entry = seen.entry
    care = entry.settled.facts.care_date if entry.settled else dt.date.min
    return entry.paid_on, entry.number, care, entry.id


async def _payments(service: Service, reader: PersonId, months: Sequence[str]) -> list[Payment]:
    years = sorted({month[:4] for month in months}, reverse=True)
    found = await service.queries.get_many(my_payments, [year_key(reader, int(year)) for year in years])
    wanted = set(months)
    payments = [one for year in found if not isinstance(year.payments, Erased) for one in year.payments]
    return sorted((one for one in payments if f"{one.paid_on:%Y-%m}" in wanted), key=lambda one: -one.number)


class Filters(Value):
    """What a member looks for. `words`: in label, professional, speciality, code."""

    beneficiary: PersonId | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    kind: Kind | None = None
    payee: Payee | None = None
    words: str = ""

    def pick(self, entries: Iterable[Seen]) -> list[Seen]:
        """The entries that fit; a filter by nature, payee or words looks at lines alone."""
        return [seen for seen in entries if self._fits(seen)]

    def _fits(self, seen: Seen) -> bool:
        entry = seen.entry
        inside = (self.since is None or entry.paid_on >= self.since) and (
            self.until is None or entry.paid_on <= self.until
        )
        if not inside or (self.beneficiary is not None and seen.person_id != self.beneficiary):
            return False
        return self._of_line(entry) if self.kind or self.payee or self.words.strip() else True

    def _of_line(self, entry: Entry) -> bool:
        if entry.settled is None:
            return False
        facts = entry.settled.facts
        if (self.kind and facts.kind is not self.kind) or (self.payee and facts.payee is not self.payee):
            return False
        text = f"{facts.label} {facts.code} {facts.professional.name} {facts.professional.speciality or ''}"
        return all(word in plain(text) for word in plain(self.words).split())


def plain(text: str) -> str:
    """Without case and accents, as people search."""
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))
