"""The site on fakes, behind a real port, for a real browser."""

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.served import answering, free_port
from tests.services.gateway.fakes import World, world


@contextlib.contextmanager
def served(**settings: Any) -> Iterator[World]:
    """A site that answers at `settings.public_url` until the block ends."""
    port = free_port()
    site = world(f"http://127.0.0.1:{port}", **settings)
    with answering(site.app, port):
        yield site
