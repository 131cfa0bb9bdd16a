"""Handing a mail over: how sure are we of what became of it? The same cases for a made-up relay and for the sink."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import httpx
import pytest

from services.notifications.worker.relay import Accepted
from shared.effects import Deferred, NotAccepted, Permanent, Refused
from tests.services.notifications.worker.relays import SOMEBODY, MadeUpWorld, Sink, World


@pytest.fixture(params=["made up", pytest.param("sink", marks=pytest.mark.connected)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "made up":
        yield MadeUpWorld()
        return
    found = request.getfixturevalue("stack").env_for("notifications")
    sink = Sink(found["SMTP_HOST"], int(found["SMTP_PORT"]), found["MAIL_SINK_URL"])
    await sink.behave("accept")
    yield sink
    await sink.behave("accept")


def a_mail() -> tuple[EmailMessage, str]:
    mail_id = f"{uuid.uuid4()}@mon-compte.example"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "us@example.org", SOMEBODY, "Votre déclaration est enregistrée"
    mail["Message-ID"] = f"<{mail_id}>"
    mail.set_content("Bonjour, ça va ?")
    return mail, mail_id


async def test_a_mail_that_is_taken_is_known(world: World) -> None:
    mail, mail_id = a_mail()
    await world.smtp().send(mail)
    assert await world.accepted().was_accepted(mail_id) is True
    assert await world.copies(mail_id) == 1


async def test_a_mail_nobody_sent_is_not_known(world: World) -> None:
    assert await world.accepted().was_accepted(a_mail()[1]) is False


CERTAIN: list[tuple[str, type[Exception]]] = [
    ("away", NotAccepted),
    ("451", Deferred),
    ("550", Permanent),
    ("550-unknown", Refused),
]


@pytest.mark.parametrize(("answer", "outcome"), CERTAIN)
async def test_a_refusal_is_certain(world: World, answer: str, outcome: type[Exception]) -> None:
    mail, mail_id = a_mail()
    await world.behave(answer)
    with pytest.raises(outcome) as refusal:
        await world.smtp().send(mail)
    assert type(refusal.value) is outcome
    assert await world.accepted().was_accepted(mail_id) is False
    await world.behave("accept")
    await world.smtp().send(mail)
    assert await world.copies(mail_id) == 1


@pytest.mark.parametrize(("answer", "taken"), [("drop", False), ("accept-and-drop", True)])
async def test_a_line_that_breaks_leaves_doubt_and_the_log_settles_it(world: World, answer: str, taken: Any) -> None:
    mail, mail_id = a_mail()
    await world.behave(answer)
    with pytest.raises(Exception) as doubt:  # noqa: PT011 - any, but none that claims to be certain
        await world.smtp().send(mail)
    assert not isinstance(doubt.value, NotAccepted | Deferred | Permanent)
    assert await world.accepted().was_accepted(mail_id) is taken


FINER: list[tuple[str, type[Exception]]] = [
    ("421", NotAccepted),
    ("sender", NotAccepted),
    ("recipient-later", Deferred),
    ("recipient-never", Refused),
    ("recipient-disliked", Permanent),
    ("recipient-full", Permanent),
]


@pytest.mark.parametrize(("answer", "outcome"), FINER)
async def test_whose_fault_it_is_decides_who_waits(answer: str, outcome: type[Exception]) -> None:
    made_up = MadeUpWorld()
    await made_up.behave(answer)
    with pytest.raises(outcome) as refusal:
        await made_up.smtp().send(a_mail()[0])
    assert type(refusal.value) is outcome
    assert SOMEBODY not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("answer", ["accept", "451", "550", "drop", "accept-and-drop", "sender"])
async def test_no_connection_stays_open(answer: str) -> None:
    made_up = MadeUpWorld()
    await made_up.behave(answer)
    await asyncio.gather(made_up.smtp().send(a_mail()[0]), return_exceptions=True)
    assert made_up.open == 0


async def test_without_a_log_nobody_can_say() -> None:
    assert await Accepted(None).was_accepted("x") is None
    assert await Accepted("").was_accepted("x") is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={}),
        httpx.ConnectError("away"),
    ],
)
async def test_a_log_that_does_not_answer_is_asked_again(answer: Any) -> None:
    def reply(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx.Response)
        return answer

    with pytest.raises(NotAccepted):
        await Accepted("http://sink", httpx.MockTransport(reply)).was_accepted("x")
