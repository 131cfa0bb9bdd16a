"""Files of the card issuer and of the manufacturer: what their lines lead to."""

import datetime as dt
import uuid
from typing import Any

import pytest

from services.cards.domain import events as e
from services.cards.domain.vitale_state import Vitale
from services.cards.domain.words import Reason
from services.cards.main import importer
from services.cards.read_models.my_vitale import Status, my_vitale
from services.cards.read_models.vitale_tracking import Stage, vitale_tracking
from shared.envelope import Metadata
from shared.feeds.entry import SenderUnknown
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import LATER, PERSON, REPORT_DAMAGED, REPORT_LOST, SUBMIT, VALIDATE, made
from tests.services.in_memory import InMemoryService

CARD: dict[str, Any] = {"kind": "card", "person_id": PERSON, "serial": "1234567890", "issued_on": "2020-05-04"}


def news(kind: str, order_id: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "order_id": order_id, "at": LATER.isoformat(), **more}


async def lost(service: InMemoryService, report: Any = REPORT_LOST, *, validated: bool = True) -> str:
    """Declare the active card; the id of the order that follows."""
    state, _ = await service.state(f"vitale:{PERSON}")
    command = report.model_copy(update={"card_id": state.active})
    meta = Metadata(pk=PERSON, actor=PERSON, actor_kind="member", correlation_id=made("talk"), person_id=PERSON)
    await service.handle(f"vitale:{PERSON}", command, cmd=str(uuid.uuid4()), meta=meta)
    await service.settle()
    state, _ = await service.state(f"vitale:{PERSON}")
    order_id = str(list(state.orders)[-1])
    for step in (SUBMIT, VALIDATE) if validated else (SUBMIT,):
        given = step.model_copy(update={"order_id": order_id})
        await service.handle(f"vitale:{PERSON}", given, cmd=str(uuid.uuid4()), meta=meta)
    return order_id


def reasons(report: Any) -> list[str]:
    return [found.reason for found in report.listed]


async def test_an_issued_card_is_known_by_its_normal_number(service: InMemoryService, feed: Feeding) -> None:
    assert (await feed("vitale-issued", CARD)).set_aside == 0
    [_, issued, _] = await service.events()
    assert isinstance(issued, e.VitaleIssued)
    assert (issued.person_id, issued.serial, issued.issued_on) == (PERSON, "12345678909", dt.date(2020, 5, 4))
    assert issued.serial_proof == service.blind("serial").of("12345678909")
    assert uuid.UUID(issued.card_id).version == 5


async def test_the_same_card_in_the_next_file_changes_nothing(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    assert (await feed("vitale-issued", {**CARD, "serial": "12345678909"})).set_aside == 0
    assert service.types().count("VitaleIssued") == 1


async def test_nothing_of_a_line_stands_plain_in_the_log(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    await lost(service)
    stored = str(service.store.commits)
    proof = service.blind("serial").of("12345678909")
    assert "1234567890" not in stored
    assert proof not in stored
    assert "Toulon" not in stored
    assert proof in service.store.claims


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({**CARD, "serial": "12"}, "vitale-serial-invalid"),
        ({**CARD, "person_id": "Jeanne"}, "line-invalid:person_id"),
        ({**CARD, "issued_on": "yesterday"}, "line-invalid:issued_on"),
        ({"kind": "card"}, "line-invalid:issued_on:person_id:serial"),
    ],
)
async def test_a_bad_line_of_the_issuer_is_set_aside(feed: Feeding, line: dict[str, Any], reason: str) -> None:
    assert reasons(await feed("vitale-issued", line)) == [reason]


async def test_a_field_more_is_no_reason_to_set_a_line_aside(service: InMemoryService, feed: Feeding) -> None:
    assert (await feed("vitale-issued", {**CARD, "colour": "green"})).set_aside == 0
    assert "VitaleIssued" in service.types()


async def test_one_number_belongs_to_one_person(feed: Feeding) -> None:
    report = await feed("vitale-issued", CARD, {**CARD, "person_id": made("neighbour")})
    assert reasons(report) == ["serial-taken"]


async def test_the_manufacturer_moves_an_order_he_knows_by_its_id_alone(
    service: InMemoryService, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    order = await lost(service)
    lines = [news("produced", order), news("sent", order, serial="9876543210"), news("delivered", order)]
    assert (await feed("vitale-production", *lines)).set_aside == 0
    tracking = (await service.queries.all(vitale_tracking))[PERSON]
    assert (tracking.stage, [line.at for line in tracking.timeline][-3:]) == (Stage.DELIVERED, [LATER] * 3)
    card = (await service.queries.all(my_vitale))[PERSON]
    assert (card.status, card.serial_end, card.reason) == (Status.ACTIVE, "109", Reason.LOST)


async def test_the_damaged_card_ends_where_the_new_one_begins(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    order = await lost(service, REPORT_DAMAGED)
    await feed("vitale-production", news("produced", order), news("sent", order, serial="98765432"))
    [commit] = [commit for commit in service.store.commits if "VitaleOpposed" in str(commit["ev"])]
    assert [event["type"] for event in commit["ev"]] == ["VitaleOpposed", "VitaleReplacementSent"]


async def test_a_letter_that_came_back(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    order = await lost(service)
    await feed("vitale-production", news("sent", order, serial="98765432109"), news("returned", order))
    assert (await service.queries.all(vitale_tracking))[PERSON].stage is Stage.RETURNED_UNDELIVERED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"order_id": made("no order")}, "vitale-order-unknown"),
        ({"order_id": "?"}, "line-invalid:order_id"),
        ({"at": "2026-11-24T10:00:00"}, "line-invalid:at"),
        ({"kind": "sent"}, "line-invalid:serial"),
        ({"kind": "sent", "serial": "1"}, "vitale-serial-invalid"),
        ({"kind": "sent", "serial": "1234567890"}, "vitale-serial-reused"),
        ({"kind": "delivered"}, "vitale-order-not-on-its-way"),
        ({"kind": "burnt"}, "line-kind-unknown"),
    ],
)
async def test_a_bad_line_of_the_manufacturer_is_set_aside(
    service: InMemoryService, feed: Feeding, change: dict[str, Any], reason: str
) -> None:
    await feed("vitale-issued", CARD)
    line = {**news("produced", await lost(service)), **change}
    assert reasons(await feed("vitale-production", line)) == [reason]


async def test_a_report_of_the_old_card_that_comes_late_does_not_hit_the_new_one(
    service: InMemoryService, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    before, _ = await service.state(f"vitale:{PERSON}")
    order = await lost(service)
    await feed("vitale-production", news("sent", order, serial="98765432109"))
    late = REPORT_LOST.model_copy(update={"card_id": before.active})
    meta = Metadata(pk=PERSON, actor=PERSON, actor_kind="member", correlation_id=made("talk"), person_id=PERSON)
    with pytest.raises(Exception, match="vitale-already-opposed"):
        await service.handle(f"vitale:{PERSON}", late, cmd=str(uuid.uuid4()), meta=meta)
    state, _ = await service.state(f"vitale:{PERSON}")
    assert isinstance(state, Vitale)
    assert state.active != before.active


async def test_a_lost_card_leads_to_one_order_however_often_the_process_is_told(
    service: InMemoryService, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    await lost(service)
    service._settled = 0
    await service.settle()
    assert service.types().count("VitaleReplacementOrdered") == 1


def test_without_the_senders_keys_nothing_starts(service: InMemoryService) -> None:
    (service.settings.secrets_dir / "feeds" / "manufacturer.pub").unlink()
    with pytest.raises(SenderUnknown, match="manufacturer"):
        importer(service)  # type: ignore[arg-type]  # in memory
