"""What cards' events teach: which serial number proves who somebody is."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest

from services.identity.domain import events as e
from services.identity.inbound.cards import serials
from shared.envelope import Metadata
from shared.kernel import ERASED
from shared.messaging import Delivered
from shared.personal_data import MemoryKeyStore, Vault
from tests.services.identity.examples import CARD, CLAIRE, NEXT_CARD, NEXT_PROOF, NOW, PROOF
from tests.services.in_memory import InMemoryService

CONTRACTS = Path(__file__).parents[4] / "services" / "cards" / "contracts"


def told(event_type: str, *, proof: Any = PROOF, card: str = CARD, at: dt.datetime = NOW) -> Delivered:
    """An event as cards tells it; of its fields most are none of our business."""
    data = {"at": NOW.isoformat(), "person_id": CLAIRE, "card_id": card, "serial_proof": proof, "serial": "?", "x": 1}
    meta = Metadata(pk=CLAIRE, actor="vitale-issuer", actor_kind="feed", correlation_id=str(uuid.uuid4()))
    return Delivered(
        source="cards",
        stored={"id": str(uuid.uuid4()), "type": event_type, "sv": 1, "data": data},
        stream=f"vitale:{CLAIRE}",
        version=1,
        position=1,
        index=0,
        recorded_at=at,
        commit_hash="",
        attributes=meta.dump(),
    )


async def react(service: InMemoryService, *deliveries: Delivered) -> list[str]:
    vault = Vault(MemoryKeyStore(), bytes(32))
    return [outcome for one in deliveries for outcome in await service.react(one, vault)]


@pytest.mark.parametrize("event_type", ["VitaleIssued", "VitaleReplacementSent"])
async def test_a_card_that_was_given_is_learned(service: InMemoryService, event_type: str) -> None:
    assert await react(service, told(event_type)) == ["accepted"]
    [learned] = await service.events()
    assert learned == e.SerialLearned(at=NOW, person_id=CLAIRE, card_id=CARD, serial_proof=PROOF)


async def test_an_opposed_card_is_revoked(service: InMemoryService) -> None:
    await react(service, told("VitaleIssued"), told("VitaleOpposed"))
    assert service.types() == ["SerialLearned", "SerialRevoked"]
    person, _ = await service.state(f"person:{CLAIRE}")
    assert person.serial_proof is None


async def test_a_replacement_takes_the_place_of_the_card_before(service: InMemoryService) -> None:
    sent = told("VitaleReplacementSent", proof=NEXT_PROOF, card=NEXT_CARD)
    await react(service, told("VitaleIssued"), sent, told("VitaleOpposed"))
    person, _ = await service.state(f"person:{CLAIRE}")
    assert person.serial_proof == NEXT_PROOF


async def test_the_same_event_twice_is_one(service: InMemoryService) -> None:
    issued = told("VitaleIssued")
    await react(service, issued, issued)
    assert service.types() == ["SerialLearned"]


async def test_an_opposed_card_that_is_issued_again_is_refused(service: InMemoryService) -> None:
    assert (await react(service, told("VitaleOpposed"), told("VitaleIssued")))[-1] == "refused"


@pytest.mark.parametrize("event_type", list(serials.handles))
async def test_an_erased_proof_teaches_nothing(service: InMemoryService, event_type: str) -> None:
    await react(service, told(event_type, proof=ERASED))
    assert service.types() == []


async def test_other_events_of_cards_are_not_wanted(service: InMemoryService) -> None:
    assert await react(service, told("VitaleReplacementOrdered")) == []


@pytest.mark.parametrize("event_type", list(serials.handles))
async def test_every_version_of_an_event_that_cards_has_published_is_read(event_type: str) -> None:
    examples = sorted(CONTRACTS.glob(f"{event_type}.v*.example.json"))
    assert examples
    for example in examples:
        card = serials.handles[event_type].model.model_validate_json(example.read_bytes())
        assert card.person_id
        assert card.card_id
        assert card.serial_proof


async def test_the_proof_stands_nowhere_plain(service: InMemoryService) -> None:
    await react(service, told("VitaleIssued"))
    assert PROOF not in str(service.store.commits)
