"""Files of the printer and the mail relay: what became of letters and mails."""

import uuid
from typing import Any

from services.notifications.domain import events as e
from shared.envelope import Metadata
from shared.kernel import Command
from tests.services.in_memory import InMemoryService
from tests.services.notifications.conftest import Feeding
from tests.services.notifications.sample import (
    AT,
    EMAIL,
    MEMBER,
    NOTE_SENT,
    NOTE_SPOOLED,
    REQUEST,
    REQUEST_LETTER,
    SENDING,
    learn,
    learn_postal,
    made,
)

META = Metadata(pk=MEMBER, actor="test", actor_kind="process", correlation_id=made("talk"), member_id=MEMBER)
SENT = (learn(), REQUEST, NOTE_SENT)
SPOOLED = (learn_postal(), REQUEST_LETTER, NOTE_SPOOLED)


async def do(service: InMemoryService, *commands: Command) -> None:
    for command in commands:
        await service.handle(f"mailbox:{MEMBER}", command, cmd=str(uuid.uuid4()), meta=META)


def letter(kind: str, letter_id: str = SENDING) -> dict[str, Any]:
    return {"kind": kind, "at": AT.isoformat(), "letter_id": letter_id, "machine": "more than is read"}


def bounce(status: str = "5.1.1", message_id: str = f"<{SENDING}@mon-compte.example>") -> dict[str, Any]:
    return {"kind": "bounced", "at": AT.isoformat(), "message_id": message_id, "status": status}


async def news(service: InMemoryService) -> list[Any]:
    return [one for one in await service.events() if one.NAME.startswith(("Letter", "AddressB", "MessageB"))]


async def test_a_letter_is_printed_then_brought_back(service: InMemoryService, feed: Feeding) -> None:
    await do(service, *SPOOLED)
    assert (await feed("letters", letter("printed"))).set_aside == 0
    assert (await feed("letters", letter("printed"), letter("returned"))).set_aside == 0
    *_, printed, returned = await news(service)
    assert (printed.NAME, printed.sending_id, returned.NAME) == ("LetterPrinted", SENDING, "LetterReturned")


async def test_a_mail_that_came_back_for_good_marks_the_address(service: InMemoryService, feed: Feeding) -> None:
    await do(service, *SENT)
    assert (await feed("bounces", bounce())).set_aside == 0
    [bounced, address] = await news(service)
    assert (bounced.NAME, address.NAME, address.email) == ("MessageBounced", "AddressBounced", EMAIL)
    assert EMAIL not in str(service.store.commits)


async def test_a_mail_that_is_only_late_marks_nothing(service: InMemoryService, feed: Feeding) -> None:
    await do(service, *SENT)
    report = await feed("bounces", bounce("4.2.2"))
    assert (report.set_aside, await news(service)) == (0, [])


async def test_what_is_not_ours_is_set_aside(service: InMemoryService, feed: Feeding) -> None:
    await do(service, *SENT)
    strange = made("a stranger's")
    assert (await feed("letters", letter("printed", strange), letter("printed", "?"))).set_aside == 2
    assert (await feed("bounces", bounce(message_id=f"<{strange}@elsewhere>"), bounce("550"))).set_aside == 2
    assert await news(service) == []


async def test_the_command_is_the_members(service: InMemoryService, feed: Feeding) -> None:
    await do(service, *SPOOLED)
    await feed("letters", letter("printed"))
    [commit] = [one for one in service.store.commits if any(event["type"] == "LetterPrinted" for event in one["ev"])]
    assert (commit["s"], commit["meta"]["person_id"]) == (f"mailbox:{MEMBER}", MEMBER)
    assert isinstance((await news(service))[-1], e.LetterPrinted)
