"""Prints what stands in the code of the newest attestation, for journeys without a camera. On identity's environment."""

import asyncio

from services.identity.domain.attestation_events import AttestationIssued
from services.identity.main import definition
from services.identity.settings import IdentitySettings
from shared.service import Service


async def main() -> None:
    """Open the newest event."""
    settings = IdentitySettings()
    service = Service(definition(settings), settings)
    newest = service.database["commits"].find({"ev.type": "AttestationIssued"}).sort("_id", -1)
    for entry in await service.codec.decode(await newest.to_list(1)):
        if isinstance(entry.event, AttestationIssued):
            print(entry.event.code)
    await service.close()


if __name__ == "__main__":
    asyncio.run(main())
