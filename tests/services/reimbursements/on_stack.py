"""The reimbursements service on a real database, in a database of its own."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from httpx import ASGITransport

from deploy.local.stack import Stack
from services.reimbursements.main import CATALOGUE, definition, routes
from services.reimbursements.settings import Settings
from shared.security import TokenIssuer
from shared.service import Service, build_app


@asynccontextmanager
async def money_service(stack: Stack, folder: Path, database: str = "") -> AsyncIterator[Service]:
    """Prepared, and closed at the end."""
    settings = Settings(
        mongo_url=stack.mongo_url(),
        mongo_database=database or f"money_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("identity")["SECRETS_DIR"]),
        var_dir=folder,
    )
    service = Service(definition(settings), settings)
    await service.prepare()
    try:
        yield service
    finally:
        await service.close()


@asynccontextmanager
async def member_of(service: Service, member: str) -> AsyncIterator[httpx.AsyncClient]:
    """A member who asks the service's API."""
    issuer = TokenIssuer(service.settings.private_key("gateway"), "gateway", None, service.clock)
    token = issuer.issue("reimbursements", actor=member, actor_kind="member", acr="full", member_id=member)
    app = build_app(service, routes, CATALOGUE)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=ASGITransport(app=app), base_url="http://money", headers=headers) as client:
        yield client


async def project(service: Service, streams: Sequence[str]) -> None:
    """Fold what these streams hold into the read models, as the worker would."""
    projector = service.projector(service.definition.projections)
    for stream in streams:
        await projector.apply(await projector.events(stream))
