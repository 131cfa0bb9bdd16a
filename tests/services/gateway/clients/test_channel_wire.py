"""A line to a service over a real wire: shut while idle, silent, gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from shared.security import TokenIssuer
from shared.web.channel import Channel, ServiceDown, Written, channel
from tests.services.gateway.clients.test_channel import COMMAND, MEMBER_FULL, PEM
from tests.web import SetClock

pytestmark = pytest.mark.connected
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BODY = b'{"stream": "s", "version": 1}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


@asynccontextmanager
async def line(answering: Answering, patience: float = 5.0) -> AsyncIterator[Channel]:
    """A service that treats each connection like this."""
    connections: list[asyncio.Task[None]] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answering(reader, writer)
        writer.close()

    server = await asyncio.start_server(
        lambda *both: connections.append(asyncio.create_task(one(*both))), "127.0.0.1", 0
    )
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    found, http = channel("cards", url, TokenIssuer(PEM, "gateway", None, SetClock()), patience)
    async with server, http:
        yield found
    await asyncio.gather(*connections)


async def command(found: Channel) -> Written:
    return await found.command(MEMBER_FULL, "/x", Written, command_id=COMMAND, body={"a": 1})


async def asked(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))


async def test_a_command_is_sent_once_more_where_the_line_was_shut_while_idle() -> None:
    heard: list[bytes] = []

    async def answers_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await asked(reader))
        writer.write(ANSWER)
        if await reader.read(1):
            heard.append(b"cut off")
            writer.transport.abort()

    async with line(answers_once) as found:
        for _ in range(2):
            assert (await command(found)).version == 1
    assert [COMMAND.encode() in one for one in heard] == [True, False, True], "cut off, then sent again"


async def test_a_service_that_is_silent_is_waited_for_once() -> None:
    heard: list[bytes] = []

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        heard.append(await asked(reader))
        await reader.read()

    async with line(silent, patience=0.3) as found:
        with pytest.raises(ServiceDown):
            await command(found)
    assert len(heard) == 1


async def test_where_nobody_listens_the_service_is_down() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    found, http = channel("cards", f"http://127.0.0.1:{port}", TokenIssuer(PEM, "gateway", None, SetClock()), 1.0)
    async with http:
        with pytest.raises(ServiceDown):
            await command(found)
