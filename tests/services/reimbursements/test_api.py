"""The API: what a member sees, of whom, and what exists for him at all."""

import datetime as dt
import uuid
from typing import Any

import httpx
import pytest

from services.reimbursements.domain.facts import Cover, Kind, Payee
from shared.envelope import Metadata
from shared.grants import CloseView, OpenView
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import AT, CHILD, HOUSEHOLD, MEMBER, PARTNER, line, third_party

D = dt.date
BASE = f"/persons/{MEMBER}"


async def see(service: InMemoryService, person: str, viewer: str = MEMBER, *, end: bool = False) -> None:
    command = (CloseView if end else OpenView)(at=AT, viewer_id=viewer, person_id=person)
    await service.handle(
        f"views:{viewer}",
        command,
        cmd=str(uuid.uuid4()),
        meta=Metadata(pk=viewer, actor="x", actor_kind="process", correlation_id="c"),
    )


async def search(http: httpx.AsyncClient, **wanted: Any) -> Any:
    answer = await http.post(f"{BASE}/reimbursements/search", json=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_another_members_account_does_not_exist(http: httpx.AsyncClient) -> None:
    for path in ("deductions", "claims", "spending", "statements", "explanations"):
        assert (await http.get(f"/persons/{PARTNER}/{path}")).status_code == 404
    assert (await http.post(f"/persons/{PARTNER}/reimbursements/search", json={})).status_code == 404


async def test_lines_are_found_with_totals(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(label="Consultation"), third_party(base=4000, quantity=4, label="Médicaments")))
    found = await search(http)
    assert [row["nature"] for row in found["rows"]].count("recovery") == 1
    assert found["totals"] == {"rows": 3, "paid": 7000, "reimbursed": 2100 + 2600, "deductions": 600, "to_member": 1500}
    assert found["beneficiaries"] == [{"person_id": MEMBER, "given_name": "Camille"}]


async def test_filters_and_search_without_accents(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(
        lot_line(line(label="Échographie"), third_party(label="Médicaments"), paid_on=D(2026, 3, 12)),
        lot_line(line(Kind.DENTAL, 4800, label="Détartrage"), number=2, paid_on=D(2026, 4, 2)),
    )
    assert [row["label"] for row in (await search(http, words="echo MORVAN"))["rows"]] == ["Échographie"]
    assert [row["label"] for row in (await search(http, kind="dental"))["rows"]] == ["Détartrage"]
    assert [row["label"] for row in (await search(http, payee="professional"))["rows"]] == ["Médicaments"]
    assert {row["number"] for row in (await search(http, since="2026-04-01"))["rows"]} == {2}
    assert {row["number"] for row in (await search(http, until="2026-03-31"))["rows"]} == {1}
    assert (await search(http, words="rien de tel"))["rows"] == []


async def test_pages_hold_twenty_rows_and_a_file_all(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(*(line(Kind.DENTAL, 1000, care_date=D(2026, 2, day)) for day in range(1, 26))))
    first, second = await search(http), await search(http, page=2)
    assert (len(first["rows"]), len(second["rows"]), first["pages"]) == (20, 5, 2)
    assert (await search(http, page=99))["page"] == 2
    assert len((await search(http, everything=True))["rows"]) == 25


async def test_history_goes_back_27_months(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(
        lot_line(line(care_date=D(2024, 8, 1)), paid_on=D(2024, 8, 31)),
        lot_line(line(care_date=D(2024, 8, 1)), number=2, paid_on=D(2024, 9, 1)),
    )
    assert [row["number"] for row in (await search(http))["rows"]] == [2]


async def test_by_payment_what_others_were_paid_is_a_sum_alone(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(), line(person_id=PARTNER, base=5000)))
    [shown] = (await search(http, by_payment=True))["payments"]
    assert (shown["payment"]["to_member"], shown["others"], len(shown["rows"])) == (1900 + 3300, 3300, 1)


async def test_a_child_is_seen_while_identity_says_so_never_what_is_confidential(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await feed(
        lot_line(line(person_id=CHILD, label="Pédiatre"), line(person_id=CHILD, label="Secret", confidential=True))
    )
    assert (await search(http))["rows"] == []
    await see(service, CHILD)
    assert [row["label"] for row in (await search(http))["rows"]] == ["Pédiatre"]
    await see(service, CHILD, end=True)
    assert (await search(http))["rows"] == []


async def test_the_person_himself_sees_his_confidential_lines(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(label="Secret", confidential=True)))
    assert [row["label"] for row in (await search(http))["rows"]] == ["Secret"]


async def test_the_detail_tells_every_step(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line()))
    [row] = (await search(http))["rows"]
    one = (await http.get(f"{BASE}/reimbursements/lines/{row['id']}")).json()
    assert [step["rule"] for step in one["steps"]] == ["base", "rate", "ticket", "participation"]
    assert one["payment"]["to_member"] == 1900
    assert (await http.get(f"{BASE}/reimbursements/lines/{uuid.uuid4()}")).status_code == 404


async def test_a_cancelled_line_says_so_and_counts_in_no_total(feed: Feeding, http: httpx.AsyncClient) -> None:
    wrong = line(base=2000)
    await feed(lot_line(wrong), lot_line(line(), number=2, paid_on=D(2026, 4, 2), cancels=[wrong.name]))
    found = await search(http)
    assert [(row["nature"], row["cancelled_on"]) for row in found["rows"]] == [
        ("line", None),
        ("correction", None),
        ("line", "2026-04-02"),
    ]
    assert found["totals"]["paid"] == 3000
    assert found["totals"]["to_member"] == 1900


async def test_the_summary_says_what_the_three_screens_say(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 3, 12)), lot_line(third_party(quantity=3, base=4000), number=2))
    found = (await http.get(f"{BASE}/summary")).json()
    assert found["claims"] == (await http.get(f"{BASE}/claims")).json()
    assert found["deductions"] == {**(await http.get(f"{BASE}/deductions")).json(), "kept": []}
    assert found["as_of"] == (await http.get(f"{BASE}/age")).json()["as_of"]
    payments = (await search(http, by_payment=True))["payments"]
    assert found["payment"] == next(one["payment"] for one in payments if one["payment"]["to_member"])


async def test_a_young_member_is_said_to_bear_none(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(birth_date=dt.date(2010, 5, 4)), paid_on=dt.date(2026, 3, 12)))
    [person] = (await http.get(f"{BASE}/deductions")).json()["persons"]
    assert person["exempt_until"] == "2028-05-03"


async def test_counters_debts_and_tomorrow(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 3, 12)), lot_line(third_party(quantity=3, base=4000), number=2))
    found = (await http.get(f"{BASE}/deductions")).json()
    [person] = found["persons"]
    assert person["years"][0] == {
        "year": 2026,
        "participation": 200,
        "participation_cap": 5000,
        "franchise": 300,
        "franchise_cap": 5000,
    }
    assert (found["owed"], person["exempt_until"]) == (300, None)
    assert person["owed"][0]["origin"]["label"] == "Soin medicine"
    assert [(row["nature"], row["participation"] + row["franchise"]) for row in found["kept"]] == [
        ("line", 300),
        ("line", 200),
    ]


async def tomorrow(http: httpx.AsyncClient, **question: Any) -> Any:
    known = {"beneficiary": MEMBER, "kind": "doctor", "price": 3000, "parcours": "coordinated"}
    answer = await http.post(f"{BASE}/tomorrow", json={**known, **question})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_act_of_tomorrow_on_the_counters_as_they_stand(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await feed(lot_line(line(), paid_on=D(2026, 3, 12)), lot_line(third_party(quantity=3, base=4000), number=2))
    before = len(service.store.commits)
    found = await tomorrow(http)
    assert (found["gross"], found["deduction"], found["recovered"], found["to_member"]) == (2100, 200, 300, 1600)
    assert found["borne"] == 3000 - 2100 + 200
    assert [step["rule"] for step in found["steps"]] == ["base", "rate", "ticket", "participation"]
    assert (await tomorrow(http, parcours="outside"))["to_member"] == 900 - 200 - 300
    assert len(service.store.commits) == before


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"price": 5000}, {"base": 3000, "gross": 2100, "to_member": 1900}),
        ({"price": 5000, "base": 4000}, {"base": 4000, "gross": 2800, "to_member": 2600}),
        ({"price": 5000, "base": 9000}, {"base": 5000}),
        ({"kind": "medicine", "price": 2000, "quantity": 2}, {"base": 2000, "deduction": 200, "to_member": 1100}),
        (
            {"kind": "medicine", "price": 2000, "quantity": 2, "payee": "professional"},
            {"to_member": 0, "to_professional": 1300, "owed": 200},
        ),
        ({"practitioner": "military"}, {"gross": 0, "to_member": 0, "borne": 3000}),
        ({"practitioner": "army_hospital"}, {"gross": 2100}),
    ],
)
async def test_an_act_of_tomorrow_by_its_price_payee_and_practitioner(
    question: dict[str, Any], expected: dict[str, int], feed: Feeding, http: httpx.AsyncClient
) -> None:
    await feed(lot_line(line(Kind.DENTAL, 4800)))
    found = await tomorrow(http, **question)
    assert {name: found[name] for name in expected} == expected


async def test_tomorrow_knows_ceilings_and_lasting_exemptions(feed: Feeding, http: httpx.AsyncClient) -> None:
    acts = [line(care_date=D(2026, 1, day)) for day in range(1, 26)]
    await feed(lot_line(*acts))
    assert (await tomorrow(http))["steps"][-1]["rule"] == "participation-year-cap"
    await feed(lot_line(line(covers=(Cover.C2S,)), number=2))
    assert (await tomorrow(http))["steps"][-1]["rule"] == "exempt:c2s"


async def test_tomorrow_is_asked_for_those_whom_the_reader_sees(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    assert (await tomorrow(http))["to_member"] == 1900, "of himself, though nothing is known of him yet"
    await feed(lot_line(line(person_id=CHILD)))
    question = {"beneficiary": CHILD, "kind": "doctor", "price": 3000}
    assert (await http.post(f"{BASE}/tomorrow", json=question)).status_code == 404
    await see(service, CHILD)
    found = await tomorrow(http, beneficiary=CHILD)
    assert (found["deduction"], found["steps"][-1]["rule"]) == (0, "exempt:minor")
    assert (await http.post(f"/persons/{PARTNER}/tomorrow", json=question)).status_code == 404


@pytest.mark.parametrize("wrong", [{"price": 0}, {"price": 10**7}, {"quantity": 21}, {"kind": "magic"}, {"x": 1}])
async def test_what_is_no_act_is_refused(wrong: dict[str, Any], http: httpx.AsyncClient) -> None:
    question = {"beneficiary": MEMBER, "kind": "doctor", "price": 3000, **wrong}
    assert (await http.post(f"{BASE}/tomorrow", json=question)).status_code == 422


async def test_what_is_owed_for_confidential_care_of_another_shows_in_no_sum(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await see(service, PARTNER)
    await feed(
        lot_line(
            line(), third_party(person_id=PARTNER, quantity=3, base=4000, confidential=True), paid_on=D(2026, 3, 12)
        ),
        lot_line(third_party(person_id=PARTNER, quantity=2, base=4000, confidential=True), number=2),
    )
    assert (await tomorrow(http))["recovered"] == 0


async def test_a_claim_is_a_timeline_that_ends_with_its_payment(feed: Feeding, http: httpx.AsyncClient) -> None:
    paid = line(care_date=D(2026, 3, 2))
    claim = {
        "kind": "claim",
        "household_id": HOUSEHOLD,
        "person_id": MEMBER,
        "reference": paid.reference,
        "care_date": "2026-03-02",
    }
    other = {**claim, "reference": "0002 000000000778"}
    await feed(
        {**claim, "stage": "received", "on": "2026-03-05"},
        {**other, "stage": "received", "on": "2026-03-06"},
        {**other, "reference": "0002 000000000779", "stage": "received", "on": "2026-03-06", "confidential": True},
        lot_line(paid),
    )
    first, *rest = (await http.get(f"{BASE}/claims")).json()["claims"]
    assert (first["stage"], first["steps"][-1]["amount"], first["expected"]) == ("paid", 1900, None)
    assert first["given_name"] == "Camille"
    assert [one["expected"] for one in rest] == ["2026-03-13", "2026-03-13"]


async def test_how_old_the_funds_word_is(feed: Feeding, http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{BASE}/age")).json() == {"as_of": None}
    await feed(lot_line(line()))
    as_of = dt.datetime.fromisoformat((await http.get(f"{BASE}/age")).json()["as_of"])
    assert as_of == AT - dt.timedelta(minutes=1)


async def test_spending_has_every_month(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(), third_party(base=1000, kind=Kind.DENTAL)))
    months = {one["month"]: one for one in (await http.get(f"{BASE}/spending")).json()["months"]}
    assert len(months) == 27
    assert months["2026-03"] == {"month": "2026-03", "paid": 4000, "reimbursed": 1900 + 600}


async def test_an_export_is_exact_fhir(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(base=2650, paid=3010, payee=Payee.MEMBER)))
    answer = await http.get(f"{BASE}/explanations")
    [entry] = answer.json()["entry"]
    explanation = entry["resource"]
    required = ("identifier", "meta", "billablePeriod", "insurer", "provider", "insurance", "item", "payee")
    assert all(explanation[name] for name in required)
    amounts = {
        one["category"]["coding"][0]["code"]: one["amount"]["value"] for one in explanation["item"][0]["adjudication"]
    }
    assert amounts == {
        "submitted": 30.1,
        "eligible": 26.5,
        "benefit": 18.55,
        "paidbypatient": 30.1,
        "paidtopatient": 16.55,
        "copay": 2.0,
        "deductible": 0,
        "noncovered": 3.6,
    }
    assert '"value": 18.55' in answer.text
    assert explanation["provider"]["identifier"]["value"] == "810101201234"


async def test_a_member_reports_a_line_and_the_desk_decides(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    await feed(lot_line(line()))
    [row] = (await search(http))["rows"]
    path = f"{BASE}/reimbursements/lines/{row['id']}/reports"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    form = {"motive": "care_not_received", "account": "Je n'y étais pas."}
    first = await http.post(path, json=form, headers=key)
    again = await http.post(path, json=form, headers=key)
    assert first.json() == again.json()
    desk = {**service.token("agent-7", edge="console", kind="agent"), "Idempotency-Key": str(uuid.uuid4())}
    [item] = (await http.get("/internal/work", headers=desk)).json()["items"]
    assert (item["kind"], item["summary"]) == ("reported-line", {"motive": "care_not_received"})
    assert (item["person_id"], item["member_id"], item["files"]) == (MEMBER, MEMBER, ["report"])
    assert "étais" not in str(item)
    assert (await http.get("/internal/work")).status_code == 403
    sent = (await http.get(f"/internal/work/reported-line/{item['id']}/files/report", headers=desk)).json()
    assert (sent["motive"], sent["account"]) == ("care_not_received", "Je n'y étais pas.")
    assert sent["line"]["row"]["id"] == row["id"]
    path = f"/internal/work/reported-line/{item['id']}/decision"
    form = {"decision": "confirmed", "reason": "Vérifié auprès du cabinet"}
    feeder = {**service.token("x", edge="console", kind="feed"), "Idempotency-Key": str(uuid.uuid4())}
    assert (await http.post(path, json=form, headers=feeder)).status_code == 403
    assert (await http.post(path, json={**form, "decision": "paid"}, headers=desk)).status_code == 422
    assert (await http.post(path, json=form, headers=desk)).status_code == 200
    assert (await http.post(path, json=form, headers=desk)).status_code == 200
    assert (await http.get("/internal/work", headers=desk)).json()["items"] == []
    other = {**desk, "Idempotency-Key": str(uuid.uuid4())}
    assert (await http.post(path, json={**form, "decision": "explained"}, headers=other)).status_code == 404


async def test_the_desk_sees_lots_that_wait_until_they_go_on_and_lines_that_were_set_aside(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService
) -> None:
    desk = dict(service.token("agent-7", edge="console", kind="agent"))

    async def work() -> list[tuple[str, str, bool]]:
        items = (await http.get("/internal/work", headers=desk)).json()["items"]
        return sorted((one["kind"], one["summary"]["reason"], bool(one["decisions"])) for one in items)

    await feed(lot_line(line(), number=2), {"kind": "lottery"})
    aside = ("feed-line", "line-kind-unknown", True)
    assert await work() == [aside, ("waiting-lot", "earlier-lot-missing", False)]
    await feed(lot_line(line()))
    assert await work() == [aside]


async def test_only_a_line_that_one_sees_can_be_reported(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line(person_id=PARTNER)))
    path = f"{BASE}/reimbursements/lines/{uuid.uuid4()}/reports"
    answer = await http.post(path, json={"motive": "paid_twice"}, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 404


@pytest.mark.parametrize(("of", "acting_for"), [(MEMBER, None), (CHILD, CHILD)])
async def test_whose_line_was_reported_by_whom_stands_in_the_commit(
    feed: Feeding, http: httpx.AsyncClient, service: InMemoryService, of: str, acting_for: str | None
) -> None:
    await feed(lot_line(line(person_id=of)))
    await see(service, CHILD)
    [row] = (await search(http))["rows"]
    path = f"{BASE}/reimbursements/lines/{row['id']}/reports"
    headers = {**service.token(MEMBER, by_program=True), "Idempotency-Key": str(uuid.uuid4())}
    assert (await http.post(path, json={"motive": "paid_twice"}, headers=headers)).status_code == 200
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor"], meta["person_id"], meta.get("acting_for")) == (MEMBER, of, acting_for)
    assert meta["channel"] == "api"


@pytest.mark.parametrize("wanted", [{"page": 0}, {"kind": "magic"}, {"since": "hier"}, {"colour": "blue"}])
async def test_a_search_that_makes_no_sense_is_a_problem(wanted: dict[str, Any], http: httpx.AsyncClient) -> None:
    answer = await http.post(f"{BASE}/reimbursements/search", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")


async def test_a_payment_of_which_one_sees_nothing_is_no_news(feed: Feeding, http: httpx.AsyncClient) -> None:
    await feed(lot_line(third_party(person_id=PARTNER)), lot_line(line(person_id=PARTNER), number=2))
    shown = (await search(http, by_payment=True))["payments"]
    assert [one["payment"]["number"] for one in shown] == [2]
    months = (await http.get(f"{BASE}/statements")).json()["statements"]
    assert [one["month"] for one in months] == ["2026-03"]
