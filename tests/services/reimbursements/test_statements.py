"""« Mes relevés »: frozen when made, balanced to the cent, the same bytes again, read by machines and by people."""

import base64
import datetime as dt
import io
import re
from typing import Any

import httpx
import pypdf
import pytest

from services.reimbursements.domain import statements as s
from services.reimbursements.domain.facts import Parcours
from services.reimbursements.domain.statements import statements
from shared.testing.clock import HandClock
from shared.testing.spec import Spec
from tests.documents import compliant
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import AT, CHILD, MEMBER, PARTNER, line, third_party
from tests.services.reimbursements.test_api import see

D = dt.date
BASE = f"/persons/{MEMBER}/statements"
MARCH, APRIL = D(2026, 3, 12), D(2026, 4, 16)


async def file(http: httpx.AsyncClient, month: str) -> bytes:
    answer = await http.get(f"{BASE}/{month}")
    assert answer.status_code == 200, answer.text
    return base64.b64decode(answer.json()["content"])


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def cents_in(text: str) -> int:
    """The last amount of a text: 1 234,50 €."""
    found = re.findall(r"(\u2212?)((?:\d{1,3}\s)*\d{1,3}),(\d\d)\s*€", text.replace("\u202f", " ").replace("\xa0", " "))
    sign, whole, rest = found[-1]
    amount = int(re.sub(r"\s", "", whole)) * 100 + int(rest)
    return -amount if sign else amount


async def test_months_that_are_over_are_listed(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(), paid_on=MARCH), lot_line(line(), number=2, paid_on=D(2026, 11, 5)))
    assert (await http.get(BASE)).json() == {"statements": [{"month": "2026-03", "issued_at": None, "total": None}]}
    await file(http, "2026-03")
    [known] = (await http.get(BASE)).json()["statements"]
    assert known["total"] == 1900


async def test_a_statement_once_made_stays_the_same_bytes(
    feed: Feeding, http: httpx.AsyncClient, clock: HandClock
) -> None:
    await feed(lot_line(line(), paid_on=MARCH))
    first = await file(http, "2026-03")
    clock.time = AT + dt.timedelta(seconds=45)
    assert await file(http, "2026-03") == first


@pytest.mark.parametrize("month", ["2026-11", "2026-02", "2020-01", "2027-01"])
async def test_no_statement_of_a_month_that_runs_is_empty_or_far(
    month: str, feed: Feeding, http: httpx.AsyncClient
) -> None:
    await feed(lot_line(line(), paid_on=MARCH), lot_line(line(), number=2, paid_on=D(2026, 11, 5)))
    assert (await http.get(f"{BASE}/{month}")).status_code == 404
    assert (await http.get(f"{BASE}/x")).status_code == 422


async def test_what_comes_too_late_stands_on_the_next_one(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    late = D(2026, 3, 30)
    await feed(lot_line(line(), paid_on=MARCH))
    await file(http, "2026-03")
    await feed(lot_line(line(), number=2, paid_on=late), lot_line(line(), number=3, paid_on=APRIL))
    await file(http, "2026-04")
    heads = {one.month: one for one in await service.events() if isinstance(one, s.StatementIssued)}
    assert (heads["2026-03"].numbers, heads["2026-04"].numbers) == ((1,), (2, 3))


async def test_a_correction_shows_on_the_next_one(feed: Feeding, http: httpx.AsyncClient) -> None:
    wrong = line(base=2000, label="Consultation")
    await feed(lot_line(wrong, paid_on=MARCH))
    before = await file(http, "2026-03")
    await feed(lot_line(line(base=9000), number=2, paid_on=APRIL, cancels=[wrong.name]))
    assert await file(http, "2026-03") == before
    text = text_of(await file(http, "2026-04"))
    assert "Annulation : Consultation, 02/03/2026" in text.replace("\xa0", " ")
    assert "\u221212,00" in text


async def test_its_text_adds_up_to_the_ledger(feed: Feeding, http: httpx.AsyncClient, service: InMemoryService) -> None:
    await see(service, CHILD)
    await feed(
        lot_line(
            line(label="Consultation", parcours=Parcours.COORDINATED),
            line(person_id=CHILD, label="Pédiatre"),
            line(person_id=PARTNER, label="Psychiatrie", base=12345),
            third_party(quantity=4, base=4000, label="Médicaments"),
            paid_on=MARCH,
        ),
        lot_line(line(base=250000, label="Opération"), number=2, paid_on=D(2026, 3, 19)),
    )
    text = text_of(await file(http, "2026-03"))
    state, _ = await service.state(f"household:{MEMBER}")
    ledger = [payment.to_member for payment in state.payments.values()]
    assert [cents_in(found) for found in re.findall(r"Réglé le[^€]*€", text)] == ledger
    assert cents_in(text[: text.index("€") + 1]) == sum(ledger)
    assert "Psychiatrie" not in text
    assert "Autres bénéficiaires du foyer" in text
    assert "Camille" in text
    rows = re.findall(r"%\s*(\u2212?[\d\s\u202f]+,\d\d\s*€)", text)
    assert sum(map(cents_in, rows)) == 1900 + 2100 + (250000 - 2400 - 200) + 2600


async def test_the_first_of_a_year_says_what_was_spent_in_the_year_before(
    feed: Feeding, http: httpx.AsyncClient
) -> None:
    await feed(
        lot_line(line(base=3000, paid=4500, care_date=D(2025, 5, 2)), paid_on=D(2025, 5, 9)),
        lot_line(line(), number=2, paid_on=MARCH),
        lot_line(line(), number=3, paid_on=APRIL),
    )
    first = " ".join(text_of(await file(http, "2026-03")).split())
    assert re.search(r"Dépenses de santé de l.année 2025 45,00", first)
    assert "Dépenses de santé" not in text_of(await file(http, "2026-04"))


async def test_rows_are_sealed_for_their_own_beneficiary(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await see(service, CHILD)
    await feed(lot_line(line(), line(person_id=CHILD), paid_on=MARCH))
    await file(http, "2026-03")
    parts = [
        event for commit in service.store.commits for event in commit["ev"] if event["type"] == "StatementPartIssued"
    ]
    assert {one["pii"]["part"]["k"] for one in parts} == {f"{MEMBER}/care", f"{CHILD}/care"}


def command(**change: Any) -> s.IssueStatement:
    row = s.Row(number=1, care_date=MARCH, label="Soin", paid=3000, base=3000, rate=70, amount=1900)
    known: dict[str, Any] = {
        "at": AT,
        "person_id": MEMBER,
        "month": "2026-03",
        "numbers": (1,),
        "parts": (s.Part(person_id=MEMBER, given_name="Camille", birth_date=None, rows=(row,)),),
        "summary": s.Summary(
            blocks=(s.Block(number=1, paid_on=MARCH, amount=1900, account=None, others=0),),
            total=1900,
            year_before=None,
        ),
        "renderer": "r",
        "template": 1,
    }
    return s.IssueStatement(**{**known, **change})


def test_only_a_month_that_is_over_and_rows_that_add_up() -> None:
    spec = Spec(statements)
    spec.when(command(month="2026-11")).rejected("statement-month-not-over")
    wrong = s.Summary(
        blocks=(s.Block(number=1, paid_on=MARCH, amount=1901, account=None, others=0),), total=1901, year_before=None
    )
    spec.when(command(summary=wrong)).rejected("statement-unbalanced")
    spec.when(command(summary=command().summary.model_copy(update={"total": 1}))).rejected("statement-unbalanced")


@pytest.mark.connected
async def test_statements_are_accessible(feed: Feeding, http: httpx.AsyncClient, service: InMemoryService) -> None:
    await see(service, CHILD)
    lines = [line(label=f"Acte {number}", care_date=D(2026, 2, 1)) for number in range(60)]
    await feed(lot_line(*lines, line(person_id=CHILD), paid_on=MARCH), lot_line(third_party(), number=2, paid_on=APRIL))
    compliant(await file(http, "2026-03"), await file(http, "2026-04"))
