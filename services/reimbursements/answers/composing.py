"""What stands on the statement of a month: the month's lots, and those that came too late for an earlier statement."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.reimbursements.answers.history import History, Seen
from services.reimbursements.domain.facts import Parcours
from services.reimbursements.domain.settled import Origin, Settled
from services.reimbursements.domain.statements import Block, Part, Row, Summary
from services.reimbursements.read_models.my_payments import Payment

MINUS: Final = "\u2212"


def months_with_something(history: History) -> list[str]:
    """The newest first."""
    months = {f"{seen.entry.paid_on:%Y-%m}" for seen in _of_household(history)}
    months |= {f"{one.paid_on:%Y-%m}" for one in history.payments if one.to_member}
    return sorted(months, reverse=True)


def _of_household(history: History) -> list[Seen]:
    """The reader's own, and his household's where he is the one who is paid."""
    return [one for one in history.entries if history.reader in (one.household_id, one.person_id)]


class Composer:
    """Composes statements of one reader; `issued` says which lots each earlier one has shown."""

    def __init__(self, history: History, issued: Mapping[str, Sequence[int]]) -> None:
        self._history = history
        self._issued = issued
        self._entries = _of_household(history)

    def statement(self, month: str) -> dict[str, Any] | None:
        """Fields of the command that makes it; None where there is nothing to show."""
        numbers = self._numbers(month)
        if not numbers:
            return None
        payments = sorted((one for one in self._history.payments if one.number in numbers), key=lambda one: one.number)
        blocks = tuple(self._block(one) for one in payments)
        return {
            "month": month,
            "numbers": numbers,
            "parts": tuple(self._parts(numbers, payments)),
            "summary": Summary(
                blocks=blocks, total=sum(block.amount for block in blocks), year_before=self._year_before(month)
            ),
        }

    def _numbers(self, month: str) -> tuple[int, ...]:
        lots = {one.entry.number: f"{one.entry.paid_on:%Y-%m}" for one in self._entries}
        lots |= {one.number: f"{one.paid_on:%Y-%m}" for one in self._history.payments if one.to_member}
        shown = {number for numbers in self._issued.values() for number in numbers}
        late = {number for number, own in lots.items() if own in self._issued and own < month} - shown
        return tuple(sorted({number for number, own in lots.items() if own == month} | late))

    def _block(self, payment: Payment) -> Block:
        return Block(
            number=payment.number,
            paid_on=payment.paid_on,
            amount=payment.to_member,
            account=payment.account,
            others=self._history.others(payment),
        )

    def _parts(self, numbers: Sequence[int], payments: Sequence[Payment]) -> list[Part]:
        rows: dict[str, list[Row]] = {}
        who: dict[str, Settled] = {}
        for seen in reversed(self._entries):
            line = seen.entry.settled
            if line:
                who[seen.person_id] = line
            if seen.entry.number in numbers:
                rows.setdefault(seen.person_id, []).append(_row(seen))
        for payment in payments:
            if payment.overpaid:
                rows.setdefault(self._history.reader, []).append(_overpaid(payment))
        return [_part(person, found, who.get(person)) for person, found in rows.items()]

    def _year_before(self, month: str) -> int | None:
        """On the first statement of the year (L161-31 IV): what those whom he sees spent, taken back lines apart."""
        year = month[:4]
        if any(known.startswith(year) and known < month for known in months_with_something(self._history)):
            return None
        gone = self._history.cancelled
        before = [one.entry for one in self._entries if one.entry.paid_on.year == int(year) - 1]
        return sum(one.settled.facts.paid for one in before if one.settled and one.id not in gone)


def _part(person: str, rows: Sequence[Row], line: Settled | None) -> Part:
    facts = line.facts if line else None
    return Part.model_validate(
        {
            "person_id": person,
            "given_name": facts.given_name if facts else "",
            "birth_date": facts.birth_date if facts else None,
            "rows": tuple(rows),
        }
    )


def _row(seen: Seen) -> Row:
    entry = seen.entry
    if entry.settled:
        return _line(entry.number, entry.settled)
    if entry.cancelled:
        taken = entry.cancelled
        label = f"Annulation : {taken.origin.label}, {taken.origin.care_date:%d/%m/%Y}"
        return _plain(entry.number, label, entry.to_member, taken.origin)
    origin = entry.recovered.origin if entry.recovered else None
    label = f"Retenue : {origin.label} du {origin.care_date:%d/%m/%Y}" if origin else "Retenue : trop-perçu antérieur"
    return _plain(entry.number, label, entry.to_member, origin)


def _plain(number: int, label: str, amount: int, origin: Origin | None) -> Row:
    notes = (f"Dossier {origin.reference}",) if origin else ()
    return Row(number=number, care_date=None, label=label, paid=0, base=0, rate=0, amount=amount, notes=notes)


def _overpaid(payment: Payment) -> Row:
    label = "Trop-perçu, à retenir sur vos prochains remboursements"
    return Row(number=payment.number, care_date=None, label=label, paid=0, base=0, rate=0, amount=payment.overpaid)


def _line(number: int, line: Settled) -> Row:
    facts = line.facts
    return Row(
        number=number,
        care_date=facts.care_date,
        label=facts.label,
        paid=facts.paid,
        base=facts.base,
        rate=line.rate,
        amount=line.to_member,
        to_professional=line.to_professional,
        notes=tuple(_notes(line)),
    )


def _notes(line: Settled) -> list[str]:
    facts, notes = line.facts, []
    if facts.parcours is Parcours.COORDINATED:
        notes.append("Parcours coordonné, médecin traitant")
    if facts.parcours is Parcours.OUTSIDE:
        notes.append("Hors parcours de soins coordonnés")
    later = "" if line.withheld == line.deductions else ", retenue plus tard"
    if line.participation:
        notes.append(f"Participation forfaitaire {MINUS}{_euros(line.participation)}{later}")
    if line.franchise:
        notes.append(f"Franchise {MINUS}{_euros(line.franchise)}{later}")
    if facts.transmission:
        notes.append(f"Transmis à {facts.transmission.insurer} le {facts.transmission.sent_on:%d/%m/%Y}")
    notes.append(f"Dossier {facts.reference}")
    return notes


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}\u00a0€"
