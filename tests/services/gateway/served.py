"""The site on fakes, behind a real port, for a real browser."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvicorn

from tests.services.gateway.fakes import World, world


@contextlib.contextmanager
def served(**settings: Any) -> Iterator[World]:
    """A site that answers at `settings.public_url` until the block ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    site = world(f"http://127.0.0.1:{port}", **settings)
    server = uvicorn.Server(uvicorn.Config(site.app, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the site did not start"
        time.sleep(0.01)
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join(10)
