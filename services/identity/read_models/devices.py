"""Screen « Mes appareils »: where am I signed in, and which browsers are known; one document per member."""

import datetime as dt
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import account_events as later
from services.identity.domain import events as e
from services.identity.domain.account_state import LONGEST_SESSION
from services.identity.domain.ids import DeviceId, MemberId, PersonId, SessionId
from services.identity.domain.register import Account
from shared.kernel import Erased, Projection, Value, members

KEPT: Final = 50

Shown = e.AccountCreated | e.SignedIn | e.SignedOut | later.SessionsEnded | later.DeviceForgotten


class SessionLine(Value):
    """A session that stands open, if it is not too old."""

    session_id: SessionId
    at: AwareDatetime
    device: str | None


class DeviceLine(Value):
    """A browser that needs no one-time code."""

    device_id: DeviceId
    name: str
    first_at: AwareDatetime
    last_at: AwareDatetime


class Devices(Value):
    """Read model: the newest first."""

    member_id: MemberId
    person_id: PersonId
    sessions: Account[tuple[SessionLine, ...]] = ()
    devices: Account[tuple[DeviceLine, ...]] = ()

    def open_sessions(self, now: dt.datetime) -> tuple[SessionLine, ...]:
        """Those that can't have ended by age."""
        lines = () if isinstance(self.sessions, Erased) else self.sessions
        return tuple(one for one in lines if now - one.at < LONGEST_SESSION)


def evolve(shown: Devices | None, event: Shown) -> Devices:
    before = shown or Devices(member_id=event.member_id, person_id=event.person_id)
    sessions = () if isinstance(before.sessions, Erased) else before.sessions
    devices = () if isinstance(before.devices, Erased) else before.devices
    match event:
        case e.AccountCreated():  # what one that is closed knew, nobody knows any more
            return Devices(member_id=event.member_id, person_id=event.person_id)
        case e.SignedIn():
            name = event.device_name if isinstance(event.device_name, str) else None
            line = SessionLine(session_id=event.session_id, at=event.at, device=name)
            known = _seen(devices, event.device_id, name or "", event.at) if event.device_id else devices
            return before.model_copy(update={"sessions": (line, *sessions)[:KEPT], "devices": known[:KEPT]})
        case e.SignedOut(session_id=session_id):
            kept = tuple(one for one in sessions if one.session_id != session_id)
            return before.model_copy(update={"sessions": kept})
        case later.SessionsEnded(session_ids=gone):
            return before.model_copy(update={"sessions": tuple(one for one in sessions if one.session_id not in gone)})
        case later.DeviceForgotten(device_id=device_id):
            return before.model_copy(update={"devices": tuple(one for one in devices if one.device_id != device_id)})
        case _:
            assert_never(event)


def _seen(devices: tuple[DeviceLine, ...], device_id: DeviceId, name: str, at: dt.datetime) -> tuple[DeviceLine, ...]:
    first = next((one.first_at for one in devices if one.device_id == device_id), at)
    line = DeviceLine(device_id=device_id, name=name, first_at=first, last_at=at)
    return (line, *(one for one in devices if one.device_id != device_id))


devices = Projection(
    name="identity.devices",
    screen="Mes appareils et connexions",
    version=2,
    document=Devices,
    handles=members(Shown),
    key=lambda event: event.member_id,
    evolve=evolve,
)
