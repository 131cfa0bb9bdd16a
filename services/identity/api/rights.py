"""The routes about a person: profile, address, bank details."""

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Depends

from services.identity.access.attestations import FOLDER, Attestations, Files
from services.identity.access.bank_accounts import LocalHolderCheck
from services.identity.access.bank_changes import BankChanges
from services.identity.access.desk import Desk
from services.identity.access.erasures import Erasures
from services.identity.access.export import Exports
from services.identity.api.attestations import attestations_router, checks_router
from services.identity.api.bank_details import bank_open_router, bank_router
from services.identity.api.erasure import erasure_open_router, erasure_router
from services.identity.api.export import export_router
from services.identity.api.file_reads import file_reads_router
from services.identity.api.legal_holds import cases_router, holds_router
from services.identity.api.profile import profile_router, sees
from services.identity.api.requests import confirmed_account
from services.identity.api.retention import retention_router
from services.identity.domain.ages import OWN_COVER, turns
from services.identity.domain.ids import PersonId
from services.identity.domain.security import SENSITIVE
from services.identity.read_models.profile import Profile, profile
from services.identity.read_models.seen_persons import seen_persons
from shared.documents import Renderer
from shared.documents.qr import QrSigner
from shared.event_store import Commit
from shared.kernel import Event
from shared.own_acts import own_acts_router
from shared.service import Service


def rights_routers(service: Service, desk: Desk, files: Files) -> Sequence[APIRouter]:
    """For members whose address is confirmed, but for what says otherwise. `files` is the archive."""

    async def seen(member_id: str) -> Sequence[PersonId]:
        pairs = await service.queries.find(seen_persons, viewer_id=member_id)
        return [one.person_id for one in pairs if await sees(service, member_id, one.person_id)]

    async def children(member_id: str) -> Sequence[Profile]:
        """Those he sees who are not 16: from that day on the person alone knows who has looked."""
        found = [await service.queries.get(profile, person_id) for person_id in await seen(member_id)]
        return [one for one in found if one and isinstance(one.birth_date, dt.date) and _young(one.birth_date)]

    def _young(birth_date: dt.date) -> bool:
        return desk.today() < turns(OWN_COVER, birth_date)

    async def events(stream: str) -> Sequence[Event]:
        return await opened(await service.store.stream(stream))

    async def sensitive(stream: str) -> Sequence[Event]:
        commits = await service.store.stream(stream)
        return await opened([commit for commit in commits if SENSITIVE & {event["type"] for event in commit["ev"]}])

    async def opened(commits: Sequence[Commit]) -> Sequence[Event]:
        return [entry.event for entry in await service.codec.decode(commits)]

    erasures = Erasures(desk, events)
    confirmed = [Depends(confirmed_account(service))]
    changes = BankChanges(desk, LocalHolderCheck(), sensitive)
    made = Attestations(desk, files, signer(service), Renderer(FOLDER), seen, events)
    return [
        profile_router(service, desk, confirmed),
        bank_router(service, changes, confirmed),
        bank_open_router(changes),
        attestations_router(service, made, confirmed),
        checks_router(service),
        file_reads_router(service, children, confirmed),
        export_router(Exports.of(desk), confirmed),
        own_acts_router(service.store, confirmed),
        erasure_router(erasures),
        erasure_open_router(erasures),
        cases_router(service, erasures),
        holds_router(service, erasures),
        retention_router(service, desk.settings.erasure_days),
    ]


def signer(service: Service) -> QrSigner:
    """Signs the codes of documents, with the key that the site publishes."""
    return QrSigner(service.settings.private_key("documents"), service.settings.public_url)
