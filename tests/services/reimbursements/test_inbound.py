"""The settlement feed: what it leads to, and what is set aside for which reason."""

from typing import Any

import pytest

from services.reimbursements.domain import events as e
from services.reimbursements.domain.claims import ClaimHalted
from shared.messaging import Delivered
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import fed, lot_line
from tests.services.reimbursements.sample import AT, CHILD, HOUSEHOLD, MEMBER, line, made, third_party


async def test_a_lot_is_settled(feed: Feeding, service: InMemoryService) -> None:
    report = await feed(lot_line(line(), third_party(quantity=4, base=4000)))
    assert (report.lines, report.set_aside) == (1, 0)
    assert service.types()[1:-1] == ["LineSettled", "LineSettled", "DebtRecovered", "PaymentIssued"]


async def test_a_file_in_any_order_leads_to_the_same(feed: Feeding, service: InMemoryService) -> None:
    lots = [lot_line(line(), third_party(), number=number) for number in (3, 1, 2)]
    report = await feed(*lots)
    assert report.set_aside == 0
    state, _ = await service.state(f"household:{HOUSEHOLD}")
    assert state.last == 3


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"paid": 30.0}, "line-invalid:paid"),
    ({"base": "30,00"}, "line-invalid:base"),
    ({"person_id": "x"}, "line-invalid:person_id"),
    ({"birth_date": "hier"}, "line-invalid:birth_date"),
    ({"kind": "magic"}, "line-invalid:kind"),
    ({"reference": "1"}, "line-invalid:reference"),
    ({"rate": 101}, "line-invalid:rate"),
    ({"quantity": 0}, "line-invalid:quantity"),
    ({"professional": {"id": "x", "name": "Dr"}}, "line-invalid:professional"),
    ({"base": "31.00"}, "line-base-above-price"),
    ({"care_date": "2026-03-13"}, "line-care-after-payment"),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG)
async def test_a_bad_line_sets_its_lot_aside_and_no_other(
    wrong: dict[str, Any], reason: str, feed: Feeding, service: InMemoryService
) -> None:
    bad = {**lot_line(), "lines": [{**fed(line()), **wrong}]}
    report = await feed(bad, lot_line(line()))
    assert [(one.line, one.reason) for one in report.listed] == [(1, reason)]
    assert service.types().count("PaymentIssued") == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"number": 0}, "line-invalid:number"),
        ({"household_id": "x"}, "line-invalid:household_id"),
        ({"lines": []}, "lot-empty"),
        ({"cancels": ["0001 000000000001/1"]}, "line-unknown"),
        ({"kind": "lottery"}, "line-kind-unknown"),
    ],
)
async def test_a_bad_lot_is_set_aside(bad: dict[str, Any], reason: str, feed: Feeding) -> None:
    report = await feed({**lot_line(line()), **bad})
    assert [one.reason for one in report.listed] == [reason]


async def test_what_we_do_not_know_is_no_reason_to_refuse(feed: Feeding) -> None:
    lot = lot_line(line(), colour="blue")
    lot["lines"][0] |= {"new": 1, "professional": {**lot["lines"][0]["professional"], "fax": "0494"}}
    assert (await feed(lot)).set_aside == 0


async def test_a_transfer_comes_back_and_goes_again(feed: Feeding, service: InMemoryService) -> None:
    bank = {"household_id": HOUSEHOLD, "number": 1}
    report = await feed(
        lot_line(line()),
        {"kind": "reissued", **bank, "on": "2026-03-20"},
        {"kind": "returned", **bank, "on": "2026-03-15"},
        {"kind": "reissued", **bank, "on": "2026-03-20"},
    )
    assert [(one.line, one.reason) for one in report.listed] == [(2, "payment-not-returned")]
    assert service.types()[-3:] == ["PaymentReturned", "PaymentReissued", "FeedAccepted"]


CLAIM = {
    "kind": "claim",
    "household_id": HOUSEHOLD,
    "person_id": MEMBER,
    "reference": "0001 000000000777",
    "care_date": "2026-03-02",
}


async def test_a_claim_moves_on_and_never_back(feed: Feeding, service: InMemoryService) -> None:
    report = await feed(
        {**CLAIM, "stage": "received", "on": "2026-03-05"},
        {**CLAIM, "stage": "received", "on": "2026-03-05"},
        {**CLAIM, "stage": "pending", "on": "2026-03-09", "reason": "prescription_missing", "until": "2026-04-09"},
        {**CLAIM, "stage": "received", "on": "2026-03-08"},
        {**CLAIM, "stage": "rejected", "on": "2026-04-10"},
        {**CLAIM, "stage": "received", "on": "2026-03-01"},
        {**CLAIM, "stage": "lost", "on": "2026-03-05"},
    )
    assert [(one.line, one.reason) for one in report.listed] == [
        (4, "claim-news-older"),
        (5, "claim-reason-missing"),
        (6, "claim-before-its-care"),
        (7, "line-invalid:stage"),
    ]
    assert service.types().count("ClaimMoved") == 2


async def test_nothing_of_a_line_stands_open_in_the_log(feed: Feeding, service: InMemoryService) -> None:
    await feed(lot_line(line(label="Psychiatrie"), third_party(person_id=CHILD)), lot_line(line(), number=3))
    text = repr(service.store.commits)
    for word in ("Psychiatrie", "Camille", "Inès", "Dr Morvan", "gross", "1985-01-15", "0001 00"):
        assert word not in text, word


async def test_each_line_is_sealed_with_its_own_beneficiarys_key(feed: Feeding, service: InMemoryService) -> None:
    await feed(lot_line(line(), line(person_id=CHILD)))
    stored = [
        event for commit in service.store.commits for event in commit["ev"] if event["type"] == e.LineSettled.NAME
    ]
    assert {event["data"]["person_id"]: event["pii"]["line"]["k"] for event in stored} == {
        person: f"{person}/care" for person in (MEMBER, CHILD)
    }


def view(kind: str, version: int) -> Delivered:
    """identity's word that the member sees the child, or no longer does."""
    return Delivered(
        source="identity",
        stored={"id": made(kind), "type": kind, "sv": 1, "data": {"viewer_id": MEMBER, "person_id": CHILD}},
        stream=f"person:{CHILD}",
        version=version,
        position=version,
        index=0,
        recorded_at=AT,
        commit_hash="00",
        attributes={"pk": CHILD, "actor": "identity", "actor_kind": "process", "correlation_id": made("talk")},
    )


async def test_a_claim_that_waits_is_told_to_whoever_sees_the_person(feed: Feeding, service: InMemoryService) -> None:
    pending = {"stage": "pending", "on": AT.date().isoformat(), "reason": "unreadable", "person_id": CHILD}
    await service.react(view("ViewGranted", 1), service.vault)
    await feed({**CLAIM, **pending})
    await service.react(view("ViewEnded", 2), service.vault)
    await feed({**CLAIM, **pending, "reference": "0002 000000000778"})
    told = [one.member_id for one in await service.events() if isinstance(one, ClaimHalted)]
    assert told == [MEMBER, CHILD]
