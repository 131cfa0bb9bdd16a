"""The keys of an account at the identity service: code, address, sessions, devices, terms, its end."""

import datetime as dt
import uuid
from typing import Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from services.gateway.drafts import Identity as IdentityFacts
from shared.web.channel import Answer, Channel, Fresh, Written


class SessionLine(Answer):
    """A session that stands open."""

    session_id: str
    at: AwareDatetime
    device: str | None = None


class DeviceLine(Answer):
    """A browser that needs no one-time code."""

    device_id: str
    name: str
    first_at: AwareDatetime
    last_at: AwareDatetime


class Devices(Answer):
    """The newest first."""

    sessions: tuple[SessionLine, ...] = ()
    devices: tuple[DeviceLine, ...] = ()


class HistoryLine(Answer):
    """One line of the history; refused tries of a few minutes are one line with a count."""

    kind: str
    at: AwareDatetime
    count: int = 1
    device: str | None = None
    by: str | None = None


class SignInHistory(Answer):
    """The newest first."""

    entries: tuple[HistoryLine, ...] = ()


class TotpBegun(Answer):
    """What a code app is to be told; shown once."""

    totp_id: str
    secret: str
    uri: str


class RecoveryCodes(Answer):
    """Shown once."""

    codes: tuple[str, ...]


class TotpState(Answer):
    """Whether codes come from an app."""

    enabled: bool


class CodeHints(Answer):
    """What is said of a code while it is typed; `personal` is None where nobody may be told."""

    known: bool
    personal: bool | None


class SessionState(Answer):
    """Whether a session still opens anything; `closing`: nothing but what takes back a request to be forgotten."""

    open: bool
    closing: bool = False


class Keys(Protocol):
    """What the pages ask."""

    async def forgot_code(self, who: Who, command_id: str, nir: str, birth_date: dt.date) -> None: ...
    async def ask_provisional_code(self, who: Who, command_id: str, facts: IdentityFacts) -> None: ...
    async def contest(self, who: Who, command_id: str, nir: str, code: str) -> None: ...
    async def code_hints(self, who: Who, code: str, enrolment_id: str | None) -> CodeHints: ...
    async def reset_code(self, who: Who, command_id: str, token: str, code: str) -> Written: ...
    async def reopen(self, who: Who, command_id: str, token: str) -> Written: ...
    async def change_code(self, who: Who, command_id: str, code: str, session_id: str | None) -> Written: ...
    async def change_email(self, who: Who, command_id: str, email: str) -> Written: ...
    async def correct_email(self, who: Who, command_id: str, email: str) -> Written: ...
    async def accept_terms(self, who: Who, command_id: str, version: str, digest: str) -> Written: ...
    async def close(self, who: Who, command_id: str) -> Written: ...
    async def has_totp(self, who: Who) -> bool: ...
    async def begin_totp(self, who: Who, command_id: str) -> TotpBegun: ...
    async def enable_totp(self, who: Who, command_id: str, totp_id: str, code: str) -> RecoveryCodes: ...
    async def disable_totp(self, who: Who, command_id: str) -> Written: ...
    async def session_state(self, who: Who, session_id: str) -> SessionState: ...
    async def devices(self, who: Who, written: str | None) -> Fresh[Devices]: ...
    async def history(self, who: Who, written: str | None) -> Fresh[SignInHistory]: ...
    async def end_session(self, who: Who, command_id: str, session_id: str) -> Written: ...
    async def end_others(self, who: Who, command_id: str, session_id: str) -> Written: ...
    async def forget_device(self, who: Who, command_id: str, device_id: str) -> Written: ...


class HttpKeys:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def forgot_code(self, who: Who, command_id: str, nir: str, birth_date: dt.date) -> None:
        body = {"nir": nir, "birth_date": birth_date.isoformat()}
        await self._channel.command(who, "/code-resets", Answer, command_id=command_id, body=body)

    async def ask_provisional_code(self, who: Who, command_id: str, facts: IdentityFacts) -> None:
        body = facts.model_dump(mode="json")
        await self._channel.command(who, "/provisional-codes", Answer, command_id=command_id, body=body)

    async def contest(self, who: Who, command_id: str, nir: str, code: str) -> None:
        body = {"nir": nir, "code": code}
        await self._channel.command(who, "/contests", Answer, command_id=command_id, body=body)

    async def code_hints(self, who: Who, code: str, enrolment_id: str | None) -> CodeHints:
        body = {"code": code, "enrolment_id": enrolment_id}
        return await self._channel.command(who, "/code-hints", CodeHints, command_id=str(uuid.uuid4()), body=body)

    async def reset_code(self, who: Who, command_id: str, token: str, code: str) -> Written:
        return await self._written(who, command_id, "/code-resets/use", token=token, code=code)

    async def reopen(self, who: Who, command_id: str, token: str) -> Written:
        return await self._written(who, command_id, "/sign-in-reopenings", token=token)

    async def change_code(self, who: Who, command_id: str, code: str, session_id: str | None) -> Written:
        return await self._written(who, command_id, "/code", code=code, session_id=session_id)

    async def change_email(self, who: Who, command_id: str, email: str) -> Written:
        return await self._written(who, command_id, "/email", email=email)

    async def correct_email(self, who: Who, command_id: str, email: str) -> Written:
        return await self._written(who, command_id, "/email/correction", email=email)

    async def accept_terms(self, who: Who, command_id: str, version: str, digest: str) -> Written:
        return await self._written(who, command_id, "/terms", cgu_version=version, cgu_hash=digest)

    async def close(self, who: Who, command_id: str) -> Written:
        return await self._written(who, command_id, "/closure")

    async def has_totp(self, who: Who) -> bool:
        return (await self._channel.query(who, "/totp", TotpState)).value.enabled

    async def begin_totp(self, who: Who, command_id: str) -> TotpBegun:
        return await self._channel.command(who, "/totp", TotpBegun, command_id=command_id, body={})

    async def enable_totp(self, who: Who, command_id: str, totp_id: str, code: str) -> RecoveryCodes:
        body = {"one_time_code": code}
        return await self._channel.command(who, f"/totp/{totp_id}", RecoveryCodes, command_id=command_id, body=body)

    async def disable_totp(self, who: Who, command_id: str) -> Written:
        return await self._written(who, command_id, "/totp-end")

    async def session_state(self, who: Who, session_id: str) -> SessionState:
        return (await self._channel.query(who, f"/sessions/{session_id}", SessionState)).value

    async def devices(self, who: Who, written: str | None) -> Fresh[Devices]:
        return await self._channel.query(who, "/devices", Devices, written=written)

    async def history(self, who: Who, written: str | None) -> Fresh[SignInHistory]:
        return await self._channel.query(who, "/sign-ins", SignInHistory, written=written)

    async def end_session(self, who: Who, command_id: str, session_id: str) -> Written:
        return await self._written(who, command_id, "/sessions/end", session_id=session_id)

    async def end_others(self, who: Who, command_id: str, session_id: str) -> Written:
        return await self._written(who, command_id, "/sessions/end-others", session_id=session_id)

    async def forget_device(self, who: Who, command_id: str, device_id: str) -> Written:
        return await self._written(who, command_id, "/devices/forget", device_id=device_id)

    async def _written(self, who: Who, command_id: str, path: str, **body: str | None) -> Written:
        return await self._channel.command(who, path, Written, command_id=command_id, body=body)
