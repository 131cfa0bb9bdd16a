"""What a member's screen counts, beside what the oracle counts."""

from services.reimbursements.answers.days import today
from shared.service import Service
from tests.oracle import rules
from tests.oracle.generate import Household as Invented
from tests.services.reimbursements.on_stack import member_of

YEARS = 3


def expected(invented: Invented) -> rules.Book:
    """The oracle's book of a household, with a limitation of five years."""
    book = rules.Book(5)
    for lot in invented.lots:
        book.lot(lot.rows, lot.paid_on, lot.taken_back)
    return book


async def counters_agree(service: Service, invented: Invented) -> None:
    """« Participations et franchises » of the member shows what the oracle has counted, to the cent."""
    async with member_of(service, invented.id) as http:
        kept = (await http.get(f"/persons/{invented.id}/deductions")).json()
    years = {
        f"{name}|{person['person_id']}|{year['year']}": year[name]
        for person in kept["persons"]
        for year in person["years"]
        for name in ("participation", "franchise")
    }
    totals = rules.totals(expected(invented).rows)
    shown = range(today(service).year - YEARS + 1, today(service).year + 1)
    own = {key: int(amount * 100) for key, amount in totals.items() if invented.id in key}
    wanted = {key: cents for key, cents in own.items() if int(key.rpartition("|")[2]) in shown}
    assert {key: amount for key, amount in years.items() if amount} == wanted
