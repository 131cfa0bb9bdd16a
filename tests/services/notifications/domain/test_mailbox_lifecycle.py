"""Any sequence of commands: every message ends at most once, none is lost, and the screen tells the same."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.conformance import LIFECYCLES
from services.notifications.domain.ids import MessageId
from services.notifications.domain.kinds import KINDS, Channel
from services.notifications.domain.mailbox import mailbox
from services.notifications.read_models.messages import Message, messages
from shared.kernel import Rejected
from shared.lifecycles import Conformance
from tests.services.notifications.sample import (
    AT,
    EMAIL,
    MEMBER,
    OTHER_EMAIL,
    SENDING,
    WANTED,
    choose,
    learn,
    learn_postal,
    made,
    read_messages,
)

NEXT = {
    (None, "held"),
    (None, "requested"),
    (None, "filed"),
    ("held", "requested"),
    ("held", "filed"),
    ("requested", "sent"),
    ("requested", "failed"),
    ("requested", "uncertain"),
    ("requested", "spooled"),
    ("requested", "bounced"),
    ("sent", "bounced"),
    ("uncertain", "bounced"),
    ("spooled", "printed"),
    ("spooled", "returned"),
    ("printed", "returned"),
}
BY_POST = {"spooled", "printed", "returned"}
STATUS = {
    "MessageHeld": "held",
    "MessageRequested": "requested",
    "LetterRequested": "requested",
    "MessageFiled": "filed",
    "MessageSent": "sent",
    "MessageFailed": "failed",
    "MessageUncertain": "uncertain",
    "MessageBounced": "bounced",
    "LetterSpooled": "spooled",
    "LetterPrinted": "printed",
    "LetterReturned": "returned",
}
MORE = {"sending_id": SENDING, "document": "letter.v1", "renderer": "typst-1"}
NOTES = [
    c.RecordMessageSent,
    c.RecordMessageFailed,
    c.RecordMessageUncertain,
    c.RecordMessageBounced,
    c.RecordLetterSpooled,
    c.RecordLetterPrinted,
    c.RecordLetterReturned,
]
TEMPLATES = [e.Template.EMAIL_VALIDATION, e.Template.ACCOUNT_CREATED, e.Template.VITALE_SENT, e.Template.VITALE_ORDERED]

ids = st.sampled_from([MessageId(made(f"message {number}")) for number in range(4)])
payments = st.sampled_from([MessageId(made(f"payment {number}")) for number in range(2)])
emails = st.sampled_from([EMAIL, OTHER_EMAIL])


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.MailboxEvent] = []
        self.state = mailbox.initial
        self.documents: dict[str, Message] = {}
        self.asked: set[str] = set()
        self.seen: dict[str, str] = {}
        self.conformance = Conformance(LIFECYCLES)

    def do(self, command: Any) -> None:
        try:
            decided = mailbox.decide(self.state, command)
        except Rejected:
            return
        for event in decided:
            self.take(event)
        assert mailbox.decide(self.state, command) == []

    def take(self, event: e.MailboxEvent) -> None:
        self.events.append(event)
        self.state = mailbox.evolve(self.state, event)
        self.conformance.tell("mailbox", event)
        if isinstance(event, messages.handles):
            message_id = event.message_id
            status = STATUS.get(event.NAME, self.seen.get(message_id, ""))
            assert isinstance(event, e.MessageRead) or (self.seen.get(message_id), status) in NEXT
            self.seen[message_id] = status
            self.documents[message_id] = messages.evolve(self.documents.get(message_id), event)  # type: ignore[assignment]

    @rule(email=emails, pick=st.booleans())
    def learn(self, email: str, pick: Any) -> None:
        self.do(learn(email, confirmed=pick))

    @rule(line=st.sampled_from(["PARIS", "TOULON"]))
    def learn_postal(self, line: str) -> None:
        self.do(learn_postal((line,)))

    @rule(message_id=ids, template=st.sampled_from(TEMPLATES), to=st.none() | emails)
    def request(self, message_id: MessageId, template: e.Template, to: str | None) -> None:
        self.do(c.RequestMessage(**{**WANTED, "message_id": message_id, "template": template}, to=to))
        self.asked.add(message_id)

    @rule(message_id=ids, note=st.sampled_from(NOTES))
    def note(self, message_id: MessageId, note: Any) -> None:
        more = {name: MORE[name] for name in MORE if name in note.model_fields}
        self.do(note(at=AT, member_id=MEMBER, message_id=message_id, **more))

    @rule(message_id=payments, tell=st.booleans())
    def pay(self, message_id: MessageId, tell: Any) -> None:
        whose = {"at": AT, "member_id": MEMBER, "message_id": message_id}
        noted = {"cause_event_id": made("cause"), "reference": WANTED["reference"]}
        self.do(c.TellPayments(**whose) if tell else c.NotePayment(**whose, **noted))
        if message_id in self.seen:
            self.asked.add(message_id)

    @rule(message_id=ids)
    def read(self, message_id: MessageId) -> None:
        self.do(read_messages(message_id))

    @rule(topics=st.sets(st.sampled_from(e.Topic)))
    def choose(self, topics: set[e.Topic]) -> None:
        self.do(choose(*topics))

    @invariant()
    def nothing_asked_is_lost(self) -> None:
        assert self.seen.keys() == self.asked
        assert self.conformance.deviations == []
        waiting = {self.documents[name].channel for name, status in self.seen.items() if status == "held"}
        assert Channel.MAIL not in waiting or self.state.email is None
        assert Channel.LETTER not in waiting or self.state.postal is None
        for held in self.state.held:
            kind = KINDS[held.template]
            assert kind.topic is None, "what a member can do without waits for nothing"
            assert kind.secret or self.state.postal is None, "what he must know goes by post"

    @invariant()
    def a_message_keeps_to_its_way(self) -> None:
        for name, status in self.seen.items():
            by_post = self.documents[name].channel is Channel.LETTER
            assert by_post or status not in BY_POST
            assert not by_post or status in {*BY_POST, "held", "requested", "failed"}

    @invariant()
    def a_proof_is_never_unlearned(self) -> None:
        proofs = [event.confirmed for event in self.events if isinstance(event, e.AddressLearned)]
        assert proofs == sorted(proofs)

    @invariant()
    def the_screen_tells_the_same(self) -> None:
        assert {key: document.status for key, document in self.documents.items()} == self.seen
        assert mailbox.fold(self.events) == self.state


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
