"""The routes about a person: profile, address, bank details."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends

from services.identity.access.bank_accounts import LocalHolderCheck
from services.identity.access.bank_changes import BankChanges
from services.identity.access.desk import Desk
from services.identity.api.bank_details import bank_open_router, bank_router
from services.identity.api.profile import profile_router
from services.identity.api.requests import confirmed_member
from shared.kernel import Event
from shared.service import Service


def rights_routers(service: Service, desk: Desk) -> Sequence[APIRouter]:
    """For members whose address is confirmed, but for what says otherwise."""

    async def events(stream: str) -> Sequence[Event]:
        return [entry.event for entry in await service.codec.decode(await service.store.stream(stream))]

    confirmed = [Depends(confirmed_member(service))]
    changes = BankChanges(desk, LocalHolderCheck(), events)
    return [
        profile_router(service, desk, confirmed),
        bank_router(service, changes, confirmed),
        bank_open_router(service, changes),
    ]
