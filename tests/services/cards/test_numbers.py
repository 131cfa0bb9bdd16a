"""Whose a declaration, an order or a certificate is: asked by the number on the paper, of today's or an older one."""

import uuid

import pytest

from services.cards.domain.ceam_words import certificate_number
from shared.numbers import number_of
from tests.services.cards import ceam_sample as ceam
from tests.services.cards import sample
from tests.services.cards.conftest import Feeding
from tests.services.cards.test_inbound import CARD, lost
from tests.services.in_memory import InMemoryService
from tests.services.numbers import ask, whose


async def test_declarations_and_orders_stay_findable(service: InMemoryService, feed: Feeding) -> None:
    await feed("vitale-issued", CARD)
    order_id = await lost(service)
    order = number_of(order_id)
    for typed in (sample.DECLARATION, sample.DECLARATION.upper(), sample.DECLARATION.replace("-", ""), order):
        assert await whose(service, typed) == sample.PERSON, typed


async def test_an_order_and_a_certificate_of_a_european_card(service: InMemoryService) -> None:
    await service.happened(f"ceam:{sample.PERSON}", ceam.ORDERED, ceam.ISSUED)
    number = certificate_number(ceam.CERTIFICATE)
    for typed in (number_of(ceam.ORDER), number, number.lower().replace("-", " "), number.removeprefix("CP-")):
        assert await whose(service, typed) == sample.PERSON, typed


async def test_a_number_of_two_persons_is_nobodys(service: InMemoryService) -> None:
    other = ceam.ORDERED.model_copy(update={"person_id": sample.made("somebody else")})
    await service.happened(f"ceam:{sample.PERSON}", ceam.ORDERED)
    await service.happened(f"ceam:{other.person_id}", other)
    assert await whose(service, number_of(ceam.ORDER)) is None


@pytest.mark.parametrize("typed", [sample.made("nothing"), "12345678909", "*****", sample.DECLARATION[:-1]])
async def test_what_is_no_number_of_ours_finds_nobody(service: InMemoryService, feed: Feeding, typed: str) -> None:
    await feed("vitale-issued", CARD)
    await lost(service)
    assert await whose(service, typed) is None


@pytest.mark.parametrize("typed", ["", "1234", "x" * 61, None, {"$ne": ""}])
async def test_what_cannot_be_a_number_is_refused(service: InMemoryService, typed: object) -> None:
    assert (await ask(service, typed)).status_code == 422


@pytest.mark.parametrize(
    ("edge", "kind", "status"),
    [
        ("gateway", "member", 403),
        ("console", "operations", 403),
        ("console", "agent", 404),
        ("console", "supervisor", 404),
        ("console", "auditor", 404),
    ],
)
async def test_who_may_ask(service: InMemoryService, edge: str, kind: str, status: int) -> None:
    assert (await ask(service, str(uuid.uuid4()), edge=edge, kind=kind)).status_code == status
