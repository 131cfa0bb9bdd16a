"""Any sequence of commands: every message ends at most once, none is lost, and the screen tells the same."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from services.notifications.domain.mailbox import mailbox
from services.notifications.read_models.messages import Message, messages
from shared.kernel import Rejected
from tests.services.notifications.sample import AT, EMAIL, MEMBER, OTHER_EMAIL, WANTED, learn, made

NEXT = {
    (None, "held"),
    (None, "requested"),
    ("held", "requested"),
    ("requested", "sent"),
    ("requested", "failed"),
}
STATUS = {"MessageHeld": "held", "MessageRequested": "requested", "MessageSent": "sent", "MessageFailed": "failed"}

ids = st.sampled_from([MessageId(made(f"message {number}")) for number in range(4)])
emails = st.sampled_from([EMAIL, OTHER_EMAIL])


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.MailboxEvent] = []
        self.state = mailbox.initial
        self.documents: dict[str, Message] = {}
        self.asked: set[str] = set()
        self.seen: dict[str, str] = {}

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
        if isinstance(event, messages.handles):
            message_id = event.message_id
            status = STATUS[event.NAME]
            assert (self.seen.get(message_id), status) in NEXT
            self.seen[message_id] = status
            self.documents[message_id] = messages.evolve(self.documents.get(message_id), event)  # type: ignore[assignment]

    @rule(email=emails, pick=st.booleans())
    def learn(self, email: str, pick: Any) -> None:
        self.do(learn(email, confirmed=pick))

    @rule(message_id=ids, to=st.none() | emails)
    def request(self, message_id: MessageId, to: str | None) -> None:
        self.do(c.RequestMessage(**{**WANTED, "message_id": message_id}, to=to))
        self.asked.add(message_id)

    @rule(message_id=ids, note=st.sampled_from([c.RecordMessageSent, c.RecordMessageFailed]))
    def note(self, message_id: MessageId, note: Any) -> None:
        self.do(note(at=AT, member_id=MEMBER, message_id=message_id))

    @invariant()
    def nothing_asked_is_lost(self) -> None:
        assert self.seen.keys() == self.asked
        assert "held" not in self.seen.values() or self.state.email is None

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
