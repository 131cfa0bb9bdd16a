"""Any sequence of commands: no forbidden state is ever reached, judged from the events alone."""

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain.ids import CardId, DeclarationId, OrderId
from services.cards.domain.vitale import vitale
from services.cards.processes.vitale_replacement import vitale_replacement
from services.cards.read_models.my_vitale import MyVitale, Status, my_vitale
from services.cards.read_models.vitale_tracking import VitaleTracking, vitale_tracking
from shared.kernel import Rejected
from tests.services.cards.sample import AT, MEMBER, PERSON, made

SERIALS = [f"{10_000_000_000 + number}" for number in range(5)]
REPORTS = (c.ReportVitaleLost, c.ReportVitaleStolen, c.ReportVitaleDamaged)
NEWS = (c.RecordVitaleProduced, c.RecordVitaleDelivered, c.RecordVitaleReturned)

# What may follow what, for one card and for one order; None: it does not exist.
CARD = {(None, "active"), ("active", "opposed")}
ORDER = {
    (None, "ordered"),
    ("ordered", "in_production"),
    ("in_production", "sent"),
    ("sent", "delivered"),
    ("sent", "returned"),
}

serials = st.sampled_from(SERIALS)
picks = st.integers(min_value=0, max_value=50)


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.VitaleEvent] = []
        self.state = vitale.initial
        self.card: MyVitale | None = None
        self.tracking: VitaleTracking | None = None
        self.cards: dict[str, str] = {}
        self.orders: dict[str, str] = {}
        self.known_cards = [CardId(made("no card"))]
        self.known_orders = [OrderId(made("no order"))]
        self.ticks = 0

    def at(self) -> dt.datetime:
        self.ticks += 1
        return AT + dt.timedelta(minutes=self.ticks)

    def do(self, command: Any) -> None:
        try:
            decided = vitale.decide(self.state, command)
        except Rejected:
            return
        for event in decided:
            self.take(event)
        if not isinstance(command, REPORTS):  # what a feed tells twice changes nothing
            assert vitale.decide(self.state, command) == []
        for event in decided:
            if isinstance(event, vitale_replacement.handles) and self.ticks % 3:  # now and then it is late
                [issued] = vitale_replacement.decide(None, event)
                self.do(issued.command)

    def take(self, event: e.VitaleEvent) -> None:
        self.events.append(event)
        self.state = vitale.evolve(self.state, event)
        self.card = my_vitale.evolve(self.card, event)
        self.tracking = vitale_tracking.evolve(self.tracking, event)
        match event:
            case e.VitaleIssued():
                self.move(self.cards, CARD, event.card_id, "active")
                self.known_cards.append(event.card_id)
            case e.VitaleOpposed():
                self.move(self.cards, CARD, event.card_id, "opposed")
            case e.VitaleReplacementOrdered():
                self.move(self.orders, ORDER, event.order_id, "ordered")
                self.known_orders.append(event.order_id)
            case e.VitaleReplacementInProduction():
                self.move(self.orders, ORDER, event.order_id, "in_production")
            case e.VitaleReplacementSent():
                self.move(self.orders, ORDER, event.order_id, "sent")
                self.move(self.cards, CARD, event.card_id, "active")
                self.known_cards.append(event.card_id)
            case e.VitaleReplacementDelivered():
                self.move(self.orders, ORDER, event.order_id, "delivered")
            case e.VitaleReplacementReturned():
                self.move(self.orders, ORDER, event.order_id, "returned")

    def move(self, states: dict[str, str], allowed: set[Any], key: str, state: str) -> None:
        assert (states.get(key), state) in allowed, f"{states.get(key)} → {state}"
        states[key] = state
        assert Counter(self.cards.values())["active"] <= 1

    @rule(serial=serials)
    def issue(self, serial: str) -> None:
        card_id = CardId(made(f"issued {self.ticks}"))
        facts: dict[str, Any] = {"serial": serial, "serial_proof": f"proof of {serial}", "issued_on": AT.date()}
        self.do(c.RecordVitaleIssued(at=self.at(), person_id=PERSON, card_id=card_id, **facts))

    @rule(report=st.sampled_from(REPORTS), pick=picks)
    def report(self, report: Any, pick: int) -> None:
        self.do(
            report(
                at=self.at(),
                person_id=PERSON,
                member_id=MEMBER,
                card_id=self.known_cards[-1 - pick % len(self.known_cards)],
                declaration_id=DeclarationId(made(f"declaration {self.ticks}")),
                place="Toulon",
                happened_on=AT.date(),
                declared_on_honour=pick % 7 != 6,
            )
        )

    @rule(pick=picks)
    def order_by_hand(self, pick: int) -> None:
        declaration = self.state.declaration or DeclarationId(made("no declaration"))
        order_id = self.known_orders[pick % len(self.known_orders)] if pick % 2 else OrderId(made(f"hand {self.ticks}"))
        facts: dict[str, Any] = {"member_id": MEMBER, "declaration_id": declaration, "order_id": order_id}
        self.do(c.OrderVitaleReplacement(at=self.at(), person_id=PERSON, **facts))

    @rule(news=st.sampled_from(NEWS), pick=picks)
    def news(self, news: Any, pick: int) -> None:
        order_id = self.known_orders[-1 - pick % len(self.known_orders)]
        self.do(news(at=self.at(), person_id=PERSON, order_id=order_id, happened_at=AT))

    @rule(serial=serials, pick=picks)
    def send(self, serial: str, pick: int) -> None:
        order_id = self.known_orders[-1 - pick % len(self.known_orders)]
        card_id = CardId(made(f"sent {self.ticks}"))
        self.do(
            c.RecordVitaleSent(
                at=self.at(),
                person_id=PERSON,
                order_id=order_id,
                happened_at=AT,
                card_id=card_id,
                serial=serial,
                serial_proof=f"proof of {serial}",
            )
        )

    @invariant()
    def one_serial_number_is_one_card(self) -> None:
        cards = [event for event in self.events if isinstance(event, e.VitaleIssued | e.VitaleReplacementSent)]
        assert len({event.serial for event in cards}) == len(cards)

    @invariant()
    def state_and_screens_are_the_fold_of_the_events(self) -> None:
        assert vitale.fold(self.events) == self.state
        active = [card for card, state in self.cards.items() if state == "active"]
        assert ([self.state.active] if self.state.active else []) == active
        if self.card is not None:
            assert (self.card.status is not Status.OPPOSED) == bool(active)
            assert not active or self.card.card_id == active[0]

    @invariant()
    def the_timeline_tells_of_the_last_order(self) -> None:
        if self.tracking is not None and self.tracking.order_id is not None:
            told = {"requested": "ordered", "returned_undelivered": "returned"}.get(
                self.tracking.stage, self.tracking.stage
            )
            assert self.orders[self.tracking.order_id] == told


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
