"""Takes the files of a service's feeds: each once, in order; a bad line stops no other.

A file that was interrupted is simply sent again: it goes on behind the last lines that were noted as carried out, and
every command's id is made from the file and the line's number, so that those carried out since change nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.clock import Clock
from shared.feeds.format import Content, Feed, Report, header_of, signature_of
from shared.feeds.running import NOTED, Carrier, Run, Told, silent
from shared.kernel import require
from shared.telemetry import span


class FeedImporter:
    """Takes the files of one service's feeds, one at a time in a process."""

    def __init__(
        self,
        service: Carrier,
        feeds: Sequence[Feed],
        keys: Mapping[str, Ed25519PublicKey],
        clock: Clock,
        noted: int = NOTED,
    ) -> None:
        """`keys`: the public key of each sender."""
        self._service = service
        self._feeds = {feed.name: feed for feed in feeds}
        self._keys = keys
        self._clock = clock
        self._noted = noted
        self._one = asyncio.Lock()

    async def take(self, name: str, content: Content, signature: str, told: Told = silent) -> Report:
        """Read a file to its end. A mapped file need not fit in memory; `told` hears how far it is.

        Raises:
            Rejected: no feed of ours, not signed by its sender, malformed, repeated or older: nothing has changed.
        """
        require(name in self._feeds, otherwise="feed-unknown")
        feed = self._feeds[name]
        signed = signature_of(self._keys[feed.sender], content, signature)
        header = header_of(feed, content)
        async with self._one:
            with span(f"feed {name}", {"feed.sequence": header.sequence, "feed.lines": header.lines}):
                return await Run(self._service, feed, header, signed, self._clock, told, self._noted).run(content)
