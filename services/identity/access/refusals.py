"""Tells of refused sign-ins: one event per member, origin and few minutes, long after the answers were given.

A door that has shut is told of within seconds, by the same loop: no answer waits for it.
"""

import asyncio
import contextlib
import datetime as dt
import uuid
from typing import Final

from services.identity.access import locks
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.stores import Refusals
from services.identity.domain import commands as c
from shared.envelope import Metadata
from shared.event_store import AppendError
from shared.kernel import Rejected
from shared.mongo import PyMongoError
from shared.telemetry import logger

EVERY: Final = 5.0
NAMESPACE: Final = uuid.UUID("5a0f5a1c-6f0e-5b7e-8a5d-0c9d7f1e2b34")


async def tell_for_ever(desk: Desk) -> None:
    """Look every few seconds, until cancelled. Several processes may: the commands' ids are fixed."""
    log = logger("refusals")
    while True:
        try:
            await tell(desk)
        except (PyMongoError, AppendError) as error:
            log.warning("refusals wait", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def tell(desk: Desk) -> None:
    """Write the events of all windows that have ended, and of doors that have just shut."""
    now = desk.clock.now()
    ended = now - dt.timedelta(minutes=desk.settings.refusal_minutes)
    for refusals in await desk.stores.refusals.last_before(now + dt.timedelta(seconds=1)):
        locked = refusals.id.startswith(locks.LOCK)
        if locked or refusals.last_at < ended:
            await (_tell_of_lock if locked else _tell)(desk, refusals)
            await desk.stores.refusals.drop(refusals.id)


async def _tell_of_lock(desk: Desk, refusals: Refusals) -> None:
    cmd = str(uuid.uuid5(NAMESPACE, refusals.id))
    with contextlib.suppress(Rejected):  # a person without an account
        await locks.tell(desk, refusals.nir, Call(cmd, "sign-in", "system", cmd))


async def _tell(desk: Desk, refusals: Refusals) -> None:
    holder = await desk.holder(refusals.nir)
    if holder is None:
        return
    person_id, cmd = id_in(holder), str(uuid.uuid5(NAMESPACE, refusals.id))
    command = c.CountRefusedSignIns(
        at=desk.clock.now(), **refusals.model_dump(include={"count", "first_at", "last_at"})
    )
    meta = Metadata(
        pk=person_id,
        actor="sign-in",
        actor_kind="system",
        correlation_id=cmd,
        member_id=person_id,
        person_id=person_id,
        channel="web",
    )
    try:
        await desk.service.handle(f"account:{person_id}", command, cmd=cmd, meta=meta)
    except Rejected:  # a person without an account
        return
