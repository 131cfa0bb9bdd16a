"""The effect `mail`: one message, one mail, and the mailbox learns what became of it."""

import dataclasses
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from deploy.local.stack import Stack
from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId
from services.notifications.domain.kinds import KINDS
from services.notifications.main import definition
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.effects import effects, in_doubt, record
from services.notifications.worker.letter import DOCUMENT
from shared.documents import RENDERER
from shared.effects import Deferred
from shared.envelope import Metadata
from shared.event_store.protocol import Commit
from shared.messaging import Delivered, delivered_of
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import (
    LETTER_REQUESTED,
    MEMBER,
    MESSAGE,
    REQUEST,
    REQUEST_LETTER,
    REQUESTED,
    learn,
    learn_postal,
    made,
)
from tests.services.notifications.worker.relays import Sink

IDENTITY = made("mail of an event")
TALK = made("first click")
META = Metadata(pk=MEMBER, actor="test", actor_kind="process", correlation_id=TALK, member_id=MEMBER, person_id=MEMBER)


async def requested(service: InMemoryService) -> None:
    for command in (learn(), REQUEST):
        await service.handle(f"mailbox:{MEMBER}", command, cmd=str(uuid.uuid4()), meta=META)


async def noted(service: InMemoryService, outcome: str) -> None:
    await record(cast("Service", service), REQUESTED, IDENTITY, outcome)


@pytest.mark.parametrize(("outcome", "event"), [("done", e.MessageSent), ("failed", e.MessageFailed)])
async def test_the_mailbox_learns_the_outcome_once(service: InMemoryService, outcome: str, event: Any) -> None:
    await requested(service)
    await noted(service, outcome)
    await noted(service, outcome)
    found = (await service.events())[2:]
    assert [type(one) for one in found] == [event]
    assert found[0].message_id == MESSAGE


async def test_an_address_that_the_relay_refuses_is_marked_as_one_that_mail_comes_back_from(
    service: InMemoryService,
) -> None:
    await requested(service)
    for _ in range(2):
        await noted(service, "refused")
    assert [type(one) for one in (await service.events())[2:]] == [e.MessageBounced, e.AddressBounced]


async def test_it_belongs_to_the_conversation_of_its_message(service: InMemoryService) -> None:
    earlier = dataclasses.replace(META, correlation_id=made("another click"))
    other = REQUEST.model_copy(update={"message_id": MessageId(made("another message"))})
    await service.handle(f"mailbox:{MEMBER}", other, cmd=str(uuid.uuid4()), meta=earlier)
    await requested(service)
    await noted(service, "done")
    meta = service.store.commits[-1]["meta"]
    assert (meta["correlation_id"], meta["actor"], meta["channel"]) == (TALK, "effect.mail", "mail")
    assert (meta["pk"], meta["member_id"], meta["person_id"]) == (MEMBER, MEMBER, MEMBER)


async def test_what_was_never_requested_is_not_noted(service: InMemoryService) -> None:
    with pytest.raises(AssertionError):
        await noted(service, "done")


async def test_what_nobody_knows_is_told_as_such(service: InMemoryService) -> None:
    await requested(service)
    await noted(service, "uncertain")
    assert type((await service.events())[-1]) is e.MessageUncertain


async def test_a_spooled_letter_is_told_by_what_made_it(service: InMemoryService) -> None:
    for command in (learn_postal(), REQUEST_LETTER):
        await service.handle(f"mailbox:{MEMBER}", command, cmd=str(uuid.uuid4()), meta=META)
    for _ in range(2):
        await record(cast("Service", service), LETTER_REQUESTED, IDENTITY, "done")
    spooled = (await service.events())[2:]
    assert [(one.sending_id, one.document, one.renderer) for one in spooled] == [(IDENTITY, DOCUMENT, RENDERER)]
    assert service.store.commits[-1]["meta"]["actor"] == "effect.letter"


def test_a_mail_a_letter_and_the_end_of_its_file(settings: NotificationsSettings, clock: HandClock) -> None:
    service = InMemoryService(definition(settings), clock)
    service.settings = settings  # type: ignore[assignment]  # the real ones
    found = {effect.name: effect.handles for effect in effects(cast("Service", service))}
    assert found == {"mail": e.MessageRequested, "letter": e.LetterRequested, "letter-printed": e.LetterPrinted}


@pytest.mark.parametrize("template", e.Template)
def test_in_doubt_all_but_reminders_go_again(template: e.Template) -> None:
    event = REQUESTED.model_copy(update={"template": template})
    assert in_doubt(event) == ("uncertain" if KINDS[template].reminder else "resend")


class Live:
    """The service on a real database, and the sink that takes its mails."""

    def __init__(self, service: Service, sink: Sink) -> None:
        self.service = service
        self.sink = sink
        self._effect = next(handler for _, handler in service._handlers() if handler.name == "effect.mail")
        self.member = MemberId(str(uuid.uuid4()))
        self.message = MessageId(str(uuid.uuid4()))

    @property
    def stream(self) -> str:
        return f"mailbox:{self.member}"

    async def request(self) -> None:
        meta = Metadata(pk=self.member, actor="test", actor_kind="process", correlation_id=TALK, person_id=self.member)
        mine = {"member_id": self.member, "message_id": self.message}
        for command in (learn(), REQUEST):
            own = command.model_copy(update={name: mine[name] for name in mine if name in type(command).model_fields})
            await self.service.handle(self.stream, own, cmd=str(uuid.uuid4()), meta=meta)

    async def delivery(self) -> Delivered:
        commits: list[Commit] = await self.service.store.stream(self.stream)
        deliveries = [one for commit in commits for one in delivered_of("notifications", commit)]
        [found] = [one for one in deliveries if one.stored["type"] == "MessageRequested"]
        return found

    async def send(self) -> str:
        return await self._effect.handle(await self.delivery())

    async def copies(self) -> int:
        identity = uuid.uuid5(uuid.UUID((await self.delivery()).stored["id"]), "mail")
        return await self.sink.copies(f"{identity}@mon-compte.example")

    async def told(self) -> list[str]:
        commits = await self.service.store.stream(self.stream)
        return [event["type"] for commit in commits for event in commit["ev"]][2:]


@pytest.fixture
async def live(stack: Stack, tmp_path: Path) -> AsyncIterator[Live]:
    found = stack.env_for("notifications")
    settings = NotificationsSettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"mails_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="nowhere:1",
        secrets_dir=Path(found["SECRETS_DIR"]),
        var_dir=tmp_path,
        smtp_host=found["SMTP_HOST"],
        smtp_port=int(found["SMTP_PORT"]),
        mail_sink_url=found["MAIL_SINK_URL"],
        public_url="https://compte.example",
    )
    service = Service(definition(settings), settings)
    await service.prepare()
    sink = Sink(settings.smtp_host, settings.smtp_port, found["MAIL_SINK_URL"])
    await sink.behave("accept")
    yield Live(service, sink)
    await sink.behave("accept")
    await service.close()


@pytest.mark.connected
class TestOnTheStack:
    async def test_one_message_is_one_mail_however_often_it_is_delivered(self, live: Live) -> None:
        await live.request()
        assert [await live.send() for _ in range(3)] == ["done"] * 3
        assert (await live.copies(), await live.told()) == (1, ["MessageSent"])

    async def test_what_is_refused_for_good_is_told(self, live: Live) -> None:
        await live.request()
        await live.sink.behave("550")
        assert [await live.send() for _ in range(2)] == ["failed"] * 2
        assert (await live.copies(), await live.told()) == (0, ["MessageFailed"])

    async def test_an_address_that_there_is_not_is_marked(self, live: Live) -> None:
        await live.request()
        await live.sink.behave("550-unknown")
        assert [await live.send() for _ in range(2)] == ["refused"] * 2
        assert (await live.copies(), await live.told()) == (0, ["MessageBounced", "AddressBounced"])

    async def test_what_is_put_off_goes_later(self, live: Live) -> None:
        await live.request()
        await live.sink.behave("451")
        with pytest.raises(Deferred):
            await live.send()
        assert await live.told() == []
        assert await live.send() == "done"
        assert (await live.copies(), await live.told()) == (1, ["MessageSent"])

    async def test_a_mail_that_was_taken_in_silence_does_not_go_twice(self, live: Live) -> None:
        await live.request()
        await live.sink.behave("accept-and-drop")
        outcome = ""
        for _ in range(2):
            try:
                outcome = await live.send()
            except OSError:
                continue
        assert outcome == "done"
        assert (await live.copies(), await live.told()) == (1, ["MessageSent"])

    async def test_a_mail_that_was_lost_in_silence_goes_again(self, live: Live) -> None:
        await live.request()
        await live.sink.behave("drop")
        outcome = ""
        for _ in range(2):
            try:
                outcome = await live.send()
            except OSError:
                continue
        assert outcome == "done"
        assert (await live.copies(), await live.told()) == (1, ["MessageSent"])
