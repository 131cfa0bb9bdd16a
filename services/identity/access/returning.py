"""Somebody who was erased and wants an account again: a new one, under new keys."""

from services.identity.access.desk import Call, Desk
from services.identity.domain import commands as c
from services.identity.domain import erasure_commands as ec
from services.identity.domain.ids import PersonId
from services.identity.domain.retention import ERASED_CLASSES


async def welcome(desk: Desk, call: Call, person_id: PersonId) -> None:
    """Before anything is written for him again. For everybody else nothing happens.

    Raises:
        Rejected: `erasure-under-way`, not every service has forgotten him yet.
    """
    erasure, version = await desk.service.state(f"erasure:{person_id}")
    if not version or erasure.erasure_id is None:
        return
    back = ec.ReturnPerson(at=desk.clock.now(), person_id=person_id)
    await desk.service.handle(f"erasure:{person_id}", back, cmd=call.made("return"), meta=call.meta(person_id))
    erasure, _ = await desk.service.state(f"erasure:{person_id}")
    account, _ = await desk.service.state(f"account:{person_id}")
    if erasure.returned_at is None or account.usable:
        return
    for retention in ERASED_CLASSES:
        await desk.service.vault.renew(person_id, retention, erasure.returned_at)
    again = c.RepeatPost(at=desk.clock.now(), person_id=person_id)
    await desk.service.handle(f"person:{person_id}", again, cmd=call.made("post"), meta=call.meta(person_id))
