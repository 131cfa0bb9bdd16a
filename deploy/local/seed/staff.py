"""Invents the staff for the console: one of each role, a second agent and supervisor. For trying out, nowhere else."""

import asyncio
import datetime as dt
import json
import uuid
from typing import Final

import pyotp

from deploy.local.stack import Stack
from services.console.acts import accounts
from services.console.acts.office import By, Office
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.main import definition, office, prepare
from services.console.settings import ConsoleSettings
from shared.event_store import ClaimTaken
from shared.kernel import Value
from shared.service import Service
from shared.telemetry import configure

CODE: Final = "une phrase pour la demo"
SUPERVISOR: Final = "superviseur"
COLLEAGUES: Final = (
    ("agent", Role.AGENT),
    ("agent2", Role.AGENT),
    ("superviseur2", Role.SUPERVISOR),
    ("exploitation", Role.OPERATIONS),
    ("auditeur", Role.AUDITOR),
)
MANDATE: Final = dt.timedelta(days=90)


class Colleague(Value):
    """What he signs in with, besides the code."""

    login: str
    secret: str


def open_staff(stack: Stack) -> list[Colleague]:
    """Their accounts; none where the first was made before."""
    return asyncio.run(_open(stack))


async def _open(stack: Stack) -> list[Colleague]:
    environment = {name.lower(): value for name, value in stack.env_for("console").items()}
    known = {**environment, "service_urls": json.loads(environment["service_urls"])}
    settings = ConsoleSettings.model_validate(known)
    configure("seed", level="error")
    service = Service(definition(settings), settings)
    try:
        await service.prepare()
        await prepare(service)
        return await _accounts(office(service))
    except ClaimTaken:
        return []
    finally:
        await service.close()


async def _accounts(desk: Office) -> list[Colleague]:
    shell = _by(StaffId("shell"))
    first = await _joined(desk, SUPERVISOR, await accounts.add_first(desk, shell, SUPERVISOR, "demonstration"))
    chef = StaffId(first[0])
    found = [first[1]]
    for login, role in COLLEAGUES:
        until = desk.clock.now() + MANDATE if role is Role.AUDITOR else None
        invited = await accounts.invite(desk, _by(chef), login, role, "demonstration", until)
        found.append((await _joined(desk, login, invited))[1])
    return found


async def _joined(desk: Office, login: str, invited: accounts.Invited) -> tuple[str, Colleague]:
    joining = await accounts.open_invitation(desk, invited.token)
    code = pyotp.TOTP(joining.secret).at(desk.clock.now())
    await accounts.join(desk, _by(joining.staff_id), invited.token, CODE, code)
    return joining.staff_id, Colleague(login=login, secret=joining.secret)


def _by(staff_id: StaffId) -> By:
    cmd = str(uuid.uuid4())
    return By(staff_id, Role.SUPERVISOR, cmd, cmd)
