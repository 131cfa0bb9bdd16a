"""Any sequence of commands about European cards: no forbidden state is ever reached, and each has its screen."""

import datetime as dt
import uuid
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.cards.domain import ceam_commands as c
from services.cards.domain import ceam_events as e
from services.cards.domain.ceam import ceam
from services.cards.domain.ceam_words import OPEN, STALLED_AFTER, CardStatus, Step, Trip
from services.cards.domain.conformance import LIFECYCLES
from services.cards.domain.ids import CardId, CertificateId, OrderId
from services.cards.domain.words import Cancellation
from services.cards.read_models.ceam_deadlines import CEAM_DEADLINES
from services.cards.read_models.my_ceam import MyCeam, my_ceam
from shared.deadlines import Deadline
from shared.kernel import Rejected
from shared.lifecycles import Conformance
from tests.services.cards.ceam_sample import PDF, RULES, TODAY
from tests.services.cards.sample import AT, MEMBER, PERSON, made
from tests.services.gateway.screens import named

CARD_SCREENS, ORDER_SCREENS = named("ceam/status.html", "tags"), named("ceam/step.html", "steps")
NUMBERS = [f"80250{number:015d}" for number in range(4)]
NEWS = (c.RecordCeamProduced, c.RecordCeamDelivered, c.RecordCeamReturned)
OF_ORDER = (c.ConfirmCeamReceived, c.PresumeCeamDelivered, c.CheckCeamAddress)
DUE = {one.__name__: one for one in (c.NoticeCeamStalled, c.PresumeCeamDelivered, c.RemindCeamExpiry, c.ExpireCeam)}

picks = st.integers(min_value=0, max_value=50)
days = st.integers(min_value=-1, max_value=800)


def test_every_step_that_waits_for_somebody_is_watched() -> None:
    assert STALLED_AFTER.keys() == set(Step) - {Step.SENT, Step.DELIVERED, Step.CANCELLED}, "what is sent is presumed"


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.CeamEvent] = []
        self.state = ceam.initial
        self.screen: MyCeam | None = None
        self.conformance = Conformance(LIFECYCLES)
        self.deadlines: dict[tuple[str, str], Deadline | None] = {}
        self.orders = [OrderId(made("no order"))]
        self.cards = [CardId(made("no card"))]
        self.ticks = 0

    def base(self) -> dict[str, Any]:
        self.ticks += 1
        return {"at": AT + dt.timedelta(minutes=self.ticks), "person_id": PERSON}

    def outside(self, day: int) -> dict[str, Any]:
        rights = TODAY + dt.timedelta(days=600) if day % 3 else None
        return {"member_id": MEMBER, "today": TODAY + dt.timedelta(days=day), "rules": RULES, "rights_to": rights}

    def do(self, command: Any) -> None:
        try:
            decided = ceam.decide(self.state, command)
        except Rejected:
            return
        for event in decided:
            self.take(event)

    def take(self, event: e.CeamEvent) -> None:
        self.events.append(event)
        self.state = ceam.evolve(self.state, event)
        self.screen = my_ceam.evolve(self.screen, event)
        self.conformance.tell("ceam", event)
        for model in CEAM_DEADLINES:
            if isinstance(event, model.handles) and (key := model.key(event)):
                self.deadlines[model.name, key] = model.evolve(self.deadlines.get((model.name, key)), event)
        if isinstance(event, e.CeamOrdered):
            self.orders.append(event.order_id)
        if isinstance(event, e.CeamSent):
            self.cards.append(event.card_id)

    @rule(day=days, near=st.booleans())
    def order(self, day: int, near: bool) -> None:  # noqa: FBT001
        leaving = TODAY + dt.timedelta(days=day + 3) if near else None
        trip = Trip(country="IT" if day % 5 else "US", departure_on=leaving)
        order_id = OrderId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"order {self.ticks}")))
        self.do(c.OrderCeam(**self.base(), **self.outside(day), order_id=order_id, trip=trip))

    @rule(news=st.sampled_from(NEWS), pick=picks)
    def news(self, news: Any, pick: int) -> None:
        self.do(news(**self.base(), order_id=self.orders[-1 - pick % min(3, len(self.orders))], happened_at=AT))

    @rule(number=st.sampled_from(NUMBERS), pick=picks)
    def send(self, number: str, pick: int) -> None:
        order_id = self.orders[-1 - pick % min(3, len(self.orders))]
        facts: dict[str, Any] = {"card_id": CardId(made(f"card {self.ticks}")), "number": number}
        expires = TODAY + dt.timedelta(days=pick * 20)
        self.do(c.RecordCeamSent(**self.base(), order_id=order_id, happened_at=AT, expires_on=expires, **facts))

    @rule(command=st.sampled_from(OF_ORDER), pick=picks)
    def of_order(self, command: Any, pick: int) -> None:
        self.do(command(**self.base(), order_id=self.orders[-1 - pick % min(3, len(self.orders))]))

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        if pick % 4 == 0:
            self.do(c.CancelCeamOrder(**self.base(), order_id=self.orders[-1], cause=Cancellation.MEMBER))

    @rule(report=st.sampled_from([c.ReportCeamLost, c.ReportCeamStolen]), pick=picks)
    def report(self, report: Any, pick: int) -> None:
        card_id = self.cards[-1 - pick % min(2, len(self.cards))]
        self.do(report(**self.base(), member_id=MEMBER, card_id=card_id, happened_on=TODAY, today=TODAY))

    @rule(pick=picks)
    def fire_a_deadline(self, pick: int) -> None:
        waiting = [one for one in self.deadlines.values() if one is not None]
        if waiting:
            due = waiting[pick % len(waiting)]
            self.do(DUE[due.command].model_validate({**due.data, "at": self.base()["at"]}))

    @rule(pick=picks)
    def end_rights(self, pick: int) -> None:
        if pick % 10 == 0:
            self.do(c.EndCeamRights(**self.base(), ended_on=TODAY))

    @rule(day=days)
    def certificate(self, day: int) -> None:
        trip = Trip(country="IT", departure_on=TODAY + dt.timedelta(days=max(day, 0) + 2))
        made_of: dict[str, Any] = {"document": PDF, "template_version": 1, "renderer": "typst"}
        certificate_id = CertificateId(made(f"certificate {self.ticks}"))
        facts = {**self.base(), **self.outside(day), **made_of, "certificate_id": certificate_id, "trip": trip}
        self.do(c.IssueCeamCertificate(**facts))

    @invariant()
    def no_lifecycle_is_broken(self) -> None:
        assert self.conformance.deviations == []

    @invariant()
    def one_live_card_and_one_open_order(self) -> None:
        live = [card_id for card_id, card in self.state.cards.items() if card.status is CardStatus.ACTIVE]
        assert live == ([self.state.active] if self.state.active else [])
        assert sum(order.step in OPEN for order in self.state.orders.values()) <= 1
        numbers = [card.number for card in self.state.cards.values()]
        assert len(set(numbers)) == len(numbers)

    @invariant()
    def one_valid_certificate_that_never_goes_past_the_rights(self) -> None:
        issued = [event for event in self.events if isinstance(event, e.CeamCertificateIssued)]
        for event in issued:
            assert (event.valid_until - event.valid_from).days < 90
            assert event.valid_until <= TODAY + dt.timedelta(days=600)

    @invariant()
    def state_and_screen_are_the_fold_of_the_events(self) -> None:
        assert ceam.fold(self.events) == self.state
        if self.screen is not None:
            assert self.screen.status is None or self.screen.status in CARD_SCREENS
            assert self.screen.step is None or self.screen.step in ORDER_SCREENS
            assert (self.screen.status == "active") == (self.state.active is not None)

    @invariant()
    def an_order_that_moves_by_somebody_s_hand_is_watched(self) -> None:
        for order_id, order in self.state.orders.items():
            watched = self.deadlines.get(("cards.ceam_stalled", order_id)) is not None
            assert watched == (order.step in STALLED_AFTER and not order.stalled)

    @invariant()
    def a_live_card_has_its_end_in_the_book(self) -> None:
        waiting = self.deadlines.get(("cards.ceam_expired", PERSON))
        assert (waiting is not None) == (self.state.active is not None)


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
