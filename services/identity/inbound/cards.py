"""Cards' events: which carte Vitale a person holds, so that its serial number can prove who he is."""

import datetime as dt
from typing import Final

from services.identity.domain import commands as c
from services.identity.domain.ids import CardId, PersonId
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class Card(Incoming):
    """A card, by the keyed hash of its serial number; of the whole event the only part that is read here."""

    person_id: PersonId
    card_id: CardId
    serial_proof: str | Erased


def learn(card: Card, delivery: Delivered) -> list[Issued]:
    """The card proves who holds it."""
    if isinstance(card.serial_proof, Erased):
        return []
    command = c.LearnSerial(
        at=delivery.recorded_at, person_id=card.person_id, card_id=card.card_id, serial_proof=card.serial_proof
    )
    return [Issued(f"person:{card.person_id}", command)]


def revoke(card: Card, delivery: Delivered) -> list[Issued]:
    """The card proves nothing any more."""
    if isinstance(card.serial_proof, Erased):
        return []
    command = c.RevokeSerial(
        at=delivery.recorded_at, person_id=card.person_id, card_id=card.card_id, serial_proof=card.serial_proof
    )
    return [Issued(f"person:{card.person_id}", command)]


serials: Final = Reaction(
    name="identity.serials",
    source="cards",
    since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    handles={
        "VitaleIssued": On(Card, learn),
        "VitaleReplacementSent": On(Card, learn),
        "VitaleOpposed": On(Card, revoke),
    },
)
