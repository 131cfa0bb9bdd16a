"""Any sequence of commands: no forbidden state is ever reached, judged from the events alone; each has its screen."""

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain import order_commands as oc
from services.cards.domain import order_events as o
from services.cards.domain.conformance import LIFECYCLES
from services.cards.domain.ids import CardId, DeclarationId, FileId, NoticeId, OrderId
from services.cards.domain.vitale import NOTICE, vitale
from services.cards.domain.vitale_steps import Step
from services.cards.domain.words import Cancellation, PhotoFault
from services.cards.processes.vitale_replacement import vitale_replacement
from services.cards.read_models.my_vitale import MyVitale, Status, my_vitale
from services.cards.read_models.vitale_deadlines import VITALE_DEADLINES
from services.cards.read_models.vitale_tracking import VitaleTracking, vitale_tracking
from services.cards.read_models.work_list import Kind, Task, work_list
from shared.deadlines import Deadline
from shared.kernel import Rejected
from shared.lifecycles import Conformance
from tests.services.cards.sample import AT, MEMBER, PERSON, made
from tests.services.gateway.screens import CARD_SCREENS, ORDER_SCREENS

SERIALS = [f"{10_000_000_000 + number}" for number in range(5)]
FILES = [FileId(f"{number}" * 64) for number in range(3)]
REPORTS = (c.ReportVitaleLost, c.ReportVitaleStolen, c.ReportVitaleDamaged)
NEWS = (oc.RecordVitaleProduced, oc.RecordVitaleDelivered, oc.RecordVitaleReturned)
PLAIN = (
    oc.ValidateVitaleDocuments,
    oc.ConfirmVitaleReceived,
    oc.PresumeVitaleDelivered,
    oc.CheckVitaleAddress,
    oc.PurgeVitaleDocuments,
)
ONCE_MORE_IS_ANOTHER = (*REPORTS, oc.RejectVitalePhoto, oc.PresumeVitaleDelivered, oc.AbandonVitaleReplacement)
"""A second one is a new thing to say, and refused where it makes no sense."""
TOLD = {"requested": "ordered", "returned_undelivered": "returned", "resent": "sent"}
COMMANDS = {command.__name__: command for command in (*PLAIN, *NEWS, oc.NoticeVitaleStalled, oc.AbandonVitaleReplacement,
                                                      c.RemindVitaleUpdate, c.OpposeVitaleAfterNotice)}  # fmt: skip

serials = st.sampled_from(SERIALS)
picks = st.integers(min_value=0, max_value=50)


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.VitaleEvent] = []
        self.state = vitale.initial
        self.card: MyVitale | None = None
        self.tracking: VitaleTracking | None = None
        self.tasks: dict[str, Task | None] = {}
        self.deadlines: dict[tuple[str, str], Deadline | None] = {}
        self.conformance = Conformance(LIFECYCLES)
        self.cards: dict[str, str] = {}
        self.known_cards = [CardId(made("no card"))]
        self.known_orders = [OrderId(made("no order"))]
        self.ticks = 0

    def at(self) -> dt.datetime:
        self.ticks += 1
        return AT + dt.timedelta(minutes=self.ticks)

    def order(self, pick: int) -> OrderId:
        return self.known_orders[-1 - pick % min(len(self.known_orders), 3)]

    def do(self, command: Any) -> None:
        try:
            decided = vitale.decide(self.state, command)
        except Rejected:
            return
        for event in decided:
            self.take(event)
        if not isinstance(command, (*ONCE_MORE_IS_ANOTHER, c.RemindVitaleUpdate, c.OpposeVitaleAfterNotice)):
            assert vitale.decide(self.state, command) == []  # what is told twice changes nothing
        for event in decided:
            if isinstance(event, vitale_replacement.handles) and self.ticks % 3:  # now and then it is late
                [issued] = vitale_replacement.decide(None, event)
                self.do(issued.command)

    def take(self, event: e.VitaleEvent) -> None:
        self.events.append(event)
        self.state = vitale.evolve(self.state, event)
        self.card = my_vitale.evolve(self.card, event)
        self.tracking = vitale_tracking.evolve(self.tracking, event)
        self.conformance.tell("vitale", event)
        for model in VITALE_DEADLINES:
            if isinstance(event, model.handles) and (key := model.key(event)):
                self.deadlines[model.name, key] = model.evolve(self.deadlines.get((model.name, key)), event)
        if isinstance(event, o.VitaleOrderEvent):
            self.tasks[event.order_id] = work_list.evolve(self.tasks.get(event.order_id), event)
        if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent):
            self.cards[event.card_id] = "active"
            self.known_cards.append(event.card_id)
        if isinstance(event, e.VitaleOpposed):
            self.cards[event.card_id] = "opposed"
        if isinstance(event, o.VitaleReplacementOrdered):
            self.known_orders.append(event.order_id)

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
        self.do(oc.OrderVitaleReplacement(at=self.at(), person_id=PERSON, **facts))

    @rule(photo=st.sampled_from(FILES), document=st.sampled_from(FILES), pick=picks)
    def submit(self, photo: FileId, document: FileId, pick: int) -> None:
        facts: dict[str, Any] = {"at": self.at(), "person_id": PERSON, "order_id": self.order(pick), "photo": photo}
        facts |= {"identity_document": document, "photo_is_recent": pick % 5 != 4}
        self.do(oc.SubmitVitaleDocuments(**facts, address_confirmed=pick % 4 != 3))
        self.do(oc.ResubmitVitalePhoto(**{**facts, "identity_document": document if pick % 2 else None}))

    @rule(fault=st.sampled_from(PhotoFault), pick=picks)
    def reject(self, fault: PhotoFault, pick: int) -> None:
        self.do(oc.RejectVitalePhoto(at=self.at(), person_id=PERSON, order_id=self.order(pick), fault=fault))

    @rule(command=st.sampled_from(PLAIN), pick=picks)
    def plain(self, command: Any, pick: int) -> None:
        self.do(command(at=self.at(), person_id=PERSON, order_id=self.order(pick)))

    @rule(cause=st.sampled_from(Cancellation), pick=picks)
    def cancel(self, cause: Cancellation, pick: int) -> None:
        if pick % 5 == 0:
            self.do(oc.CancelVitaleReplacement(at=self.at(), person_id=PERSON, order_id=self.order(pick), cause=cause))

    @rule(news=st.sampled_from(NEWS), pick=picks)
    def news(self, news: Any, pick: int) -> None:
        self.do(news(at=self.at(), person_id=PERSON, order_id=self.order(pick), happened_at=AT))

    @rule(serial=serials, pick=picks)
    def send(self, serial: str, pick: int) -> None:
        facts: dict[str, Any] = {"card_id": CardId(made(f"sent {self.ticks}")), "serial": serial}
        order: dict[str, Any] = {"order_id": self.order(pick), "happened_at": AT}
        self.do(
            oc.RecordVitaleSent(at=self.at(), person_id=PERSON, serial_proof=f"proof of {serial}", **order, **facts)
        )

    @rule(serial=serials, hours=st.integers(min_value=0, max_value=3))
    def use(self, serial: str, hours: int) -> None:
        moment = self.at() + dt.timedelta(hours=hours)
        facts: dict[str, Any] = {"at": moment, "person_id": PERSON, "serial_proof": f"proof of {serial}"}
        self.do(c.RecordVitaleUsed(**facts, used_at=moment))
        self.do(c.RecordVitaleUpdated(**facts, updated_at=moment))

    @rule(pick=picks)
    def end_rights(self, pick: int) -> None:
        if pick % 10 == 0:
            self.do(c.EndVitaleRights(at=self.at(), person_id=PERSON, ended_on=AT.date()))

    @rule(pick=picks)
    def doubt(self, pick: int) -> None:
        notice = NoticeId(made(f"notice {pick % 3}"))
        facts: dict[str, Any] = {"person_id": PERSON, "notice_id": notice}
        if pick % 2:
            self.do(c.GiveVitaleResidenceNotice(at=self.at(), member_id=MEMBER, **facts))
        else:
            self.do(c.WithdrawVitaleResidenceNotice(at=self.at(), **facts))
            self.do(c.OpposeVitaleAfterNotice(at=self.at() + (NOTICE if pick % 4 else NOTICE * 0), **facts))

    @rule(pick=picks)
    def fire_a_deadline(self, pick: int) -> None:
        """Whatever is due comes, however late: the command itself knows whether it still holds."""
        waiting = [one for one in self.deadlines.values() if one is not None]
        if waiting:
            due = waiting[pick % len(waiting)]
            self.do(COMMANDS[due.command].model_validate({**due.data, "at": max(self.at(), due.due_at)}))

    @invariant()
    def no_lifecycle_is_broken(self) -> None:
        assert self.conformance.deviations == []
        assert Counter(self.cards.values())["active"] <= 1

    @invariant()
    def one_serial_number_is_one_card(self) -> None:
        cards = [event for event in self.events if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent)]
        assert len({event.serial for event in cards}) == len(cards)

    @invariant()
    def state_and_screens_are_the_fold_of_the_events(self) -> None:
        assert vitale.fold(self.events) == self.state
        active = [card for card, state in self.cards.items() if state == "active"]
        assert ([self.state.active] if self.state.active else []) == active
        if self.card is not None:
            assert (self.card.status is not Status.OPPOSED) == bool(active)
            assert not active or self.card.card_id == active[0]
            assert self.card.status in CARD_SCREENS

    @invariant()
    def the_timeline_tells_of_the_last_order(self) -> None:
        if self.tracking is not None:
            assert self.tracking.stage in ORDER_SCREENS
        if self.tracking is not None and self.tracking.order_id is not None:
            told = TOLD.get(self.tracking.stage, self.tracking.stage)
            assert self.state.orders[self.tracking.order_id].step == told

    @invariant()
    def an_agent_sees_what_waits_for_him_and_nothing_else(self) -> None:
        for order_id, order in self.state.orders.items():
            task = self.tasks.get(order_id)
            waits = order.step in {Step.DOCUMENTS_RECEIVED, Step.PHOTO_RESUBMITTED, Step.ADDRESS_CHECKED}
            assert (task is not None) == (waits or order.stalled)
            assert task is None or (task.kind is Kind.STALLED) <= order.stalled

    @invariant()
    def every_open_order_has_a_deadline_and_every_kept_file_an_end(self) -> None:
        for order_id, order in self.state.orders.items():
            ended = order.step in {Step.DELIVERED, Step.CANCELLED}
            assert (self.deadlines["cards.vitale_abandoned", order_id] is None) == ended
            if order.files and ended:
                assert self.deadlines["cards.vitale_purge", order_id] is not None


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
