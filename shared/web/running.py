"""How a site is run: keys for one purpose, what is done again and again beside it, and its end."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.settings import BaseServiceSettings
from shared.telemetry import logger

KEY_BYTES: Final = 32

Work = Callable[[], Awaitable[None]]
_log = logger("site")


def derived_key(settings: BaseServiceSettings, site: str, purpose: str) -> bytes:
    """A key for one purpose, from the one secret that a site holds."""
    secret = settings.private_key(site).encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"{site} {purpose}".encode()).derive(secret)


async def every(seconds: float, *works: Work) -> None:
    """Again and again: one failure is no reason to stop."""
    while True:
        await asyncio.sleep(seconds)
        for work in works:
            try:
                await work()
            except Exception:  # noqa: BLE001 - cleaning up waits for better times
                _log.exception("cleaning-failed")


async def until_stopped(serving: Awaitable[None]) -> None:
    """Run until SIGTERM or SIGINT."""
    task = asyncio.ensure_future(serving)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
