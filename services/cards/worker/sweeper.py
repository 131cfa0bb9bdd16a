"""Drops pictures that were sent and that no order was given: a form that was begun and left."""

import asyncio
from typing import Final

from services.cards.access.uploads import Uploads
from shared.leases import LeaseLost
from shared.mongo import PyMongoError
from shared.service import Service
from shared.telemetry import logger

PAUSE: Final = 600.0


class Sweeper:
    """The one active sweeper; others wait for its lease. Done again it does no harm."""

    def __init__(self, service: Service) -> None:
        self._uploads = Uploads(service)
        self._lease = service.lease("uploads")
        self._log = logger("uploads")

    async def run(self) -> None:
        """Sweep whenever the lease allows it, until cancelled."""
        await self._uploads.prepare()
        while True:
            try:
                if await self._lease.acquire():
                    while dropped := await self._uploads.sweep():
                        self._log.info("uploads swept", dropped=dropped)
                        await self._lease.keep()
            except (PyMongoError, LeaseLost) as error:
                self._log.warning("uploads wait", error=type(error).__name__)
            await asyncio.sleep(PAUSE)
