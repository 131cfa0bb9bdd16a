"""Every route of identity."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, FastAPI

from services.identity.access.attestations import Files
from services.identity.access.desk import Desk
from services.identity.access.refusals import tell_for_ever
from services.identity.api.code_hints import code_hints_router
from services.identity.api.desk import desk_router
from services.identity.api.desk_file import desk_file_router, finding_router
from services.identity.api.doors import doors_router
from services.identity.api.letters import letters_router
from services.identity.api.lost_keys import lost_keys_router
from services.identity.api.members import members_router
from services.identity.api.rights import rights_routers
from services.identity.api.security import devices_router, security_router, totp_router
from services.identity.api.visitors import visitors_router
from services.identity.api.work import router as work_router
from shared.feeds import FeedImporter
from shared.feeds.entry import feed_router
from shared.service import Service


def routers(service: Service, desk: Desk, importer: FeedImporter, files: Files) -> Sequence[APIRouter]:
    """For the members' edge and for the console; while they serve, refused sign-ins become events."""

    @contextlib.asynccontextmanager
    async def telling(_: FastAPI) -> AsyncIterator[None]:
        await desk.stores.prepare()
        task = asyncio.create_task(tell_for_ever(desk), name="refusals")
        try:
            yield
        finally:
            task.cancel()

    return [
        visitors_router(desk),
        doors_router(desk),
        lost_keys_router(desk),
        letters_router(desk),
        code_hints_router(desk),
        desk_router(desk),
        finding_router(desk),
        desk_file_router(service, desk),
        work_router(service),
        security_router(desk),
        totp_router(desk),
        devices_router(service, desk),
        members_router(service, desk),
        *rights_routers(service, desk, files),
        feed_router(importer),
        APIRouter(lifespan=telling),
    ]
