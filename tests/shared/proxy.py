"""A line to the database that breaks at a chosen request: before it arrives, or after it was carried out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from urllib.parse import urlsplit


class Lost(StrEnum):
    """What the broken line swallows."""

    REQUEST = "request"
    ANSWER = "answer"


class Proxy:
    """Passes bytes on, until a request holds `marker`: then it breaks that line, once for each time it is armed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._upstream = (parts.hostname, parts.port)
        self._url = parts
        self._marker = b""
        self._lost = Lost.ANSWER
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.cuts = 0

    @property
    def url(self) -> str:
        """The database's address with this proxy in between."""
        login = self._url.netloc.rpartition("@")[0]
        return self._url._replace(
            netloc=f"{login}@127.0.0.1:{self.port}" if login else f"127.0.0.1:{self.port}"
        ).geturl()

    def arm(self, marker: bytes, lost: Lost) -> None:
        self._marker, self._lost = marker, lost

    async def line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(*self._upstream)
        self._writers |= {writer, up_writer}
        answers = asyncio.create_task(_pass_on(up_reader, writer))
        try:
            while request := await _message(reader):
                if self._marker and self._marker in request:
                    self._marker, self.cuts = b"", self.cuts + 1
                    await _silence(answers)
                    if self._lost is Lost.ANSWER:
                        up_writer.write(request)
                        await up_reader.read(16)  # the server has done it
                    return
                up_writer.write(request)
        except ConnectionError:
            return
        finally:
            await _silence(answers)
            for one in (writer, up_writer):
                one.close()
            self._writers -= {writer, up_writer}

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


async def _silence(answers: asyncio.Task[None]) -> None:
    answers.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await answers


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One message of the wire protocol: its length comes first."""
    try:
        length = await reader.readexactly(4)
        return length + await reader.readexactly(int.from_bytes(length, "little") - 4)
    except asyncio.IncompleteReadError:
        return b""


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(url)
    server = await asyncio.start_server(proxy.line, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.close()
