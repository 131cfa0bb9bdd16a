"""Sessions: an opaque cookie, its hash in the database, and a state that only the cookie's holder can open."""

import base64
import binascii
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from services.gateway.drafts import State
from shared.clock import Clock
from shared.kernel import Value

COOKIE: Final = "__Host-sid"
BYTES: Final = 32
NONCE: Final = 12
TOUCH: Final = dt.timedelta(seconds=30)
"""`seen` is written this often at most; what is idle is judged that much later, never earlier."""


class Row(Value):
    """A session as it is stored."""

    id: str
    member_id: str | None
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime
    sealed: bytes
    reference: str | None = None
    """What identity calls it: a member ends it by this name from another device."""


class SessionStore(Protocol):
    """Where sessions are kept."""

    async def get(self, session_id: str) -> Row | None: ...
    async def put(self, row: Row) -> None: ...
    async def touch(self, session_id: str, seen: dt.datetime) -> None: ...
    async def remove(self, session_id: str) -> None: ...
    async def remove_of(self, member_id: str, reference: str) -> None: ...
    async def remove_others(self, member_id: str, but: str) -> None: ...
    async def purge(self, now: dt.datetime) -> None: ...
    async def ready(self) -> bool: ...


@dataclass
class Session:
    """One browser's session. An unkept one is a cookie and nothing else: forms need no more."""

    secret: bytes
    created: dt.datetime
    expires: dt.datetime
    member_id: str | None = None
    state: State = field(default_factory=State)
    kept: bool = False
    known: bool = False
    """The browser already holds the cookie."""
    lapsed: bool = False
    """The browser came with a cookie that opens nothing any more."""
    ended: bool = False
    """Somebody has ended the session from elsewhere."""

    @property
    def id(self) -> str:
        """What the database knows it by."""
        return hashlib.sha256(self.secret).hexdigest()

    @property
    def reference(self) -> str:
        """What the services know it by."""
        return hashlib.sha256(b"reference|" + self.secret).hexdigest()[:32]

    @property
    def cookie(self) -> str:
        return base64.urlsafe_b64encode(self.secret).rstrip(b"=").decode()

    def change(self, **fields: object) -> None:
        """Replace parts of the state."""
        self.state = self.state.model_copy(update=fields)


class Sessions:
    """Opens, keeps, rotates and ends sessions, by the Clock."""

    def __init__(
        self, store: SessionStore, clock: Clock, *, idle: dt.timedelta, absolute: dt.timedelta, draft: dt.timedelta
    ) -> None:
        self._store = store
        self._clock = clock
        self._idle = {True: idle, False: draft}
        self._absolute = absolute

    async def open(self, cookie: str | None) -> Session:
        """The session of this cookie, or a new one that nothing remembers yet."""
        secret = _decoded(cookie)
        if secret is None:
            return self._new()
        now = self._clock.now()
        fresh = Session(secret, now, now + self._absolute, known=True)
        row = await self._store.get(fresh.id)
        if row is None:
            return fresh
        state = _opened(secret, row)
        idle = self._idle[row.member_id is not None]
        if state is None or now >= min(row.expires, row.seen + idle + TOUCH):
            await self._store.remove(row.id)
            return Session(secret, now, now + self._absolute, known=True, lapsed=True)
        if now - row.seen >= TOUCH:
            await self._store.touch(row.id, now)
        return Session(secret, row.created, row.expires, row.member_id, state, kept=True, known=True)

    async def keep(self, session: Session) -> None:
        """Write a session down."""
        sealed = _sealed(session.secret, session.id, session.state)
        await self._store.put(
            Row(
                id=session.id,
                member_id=session.member_id,
                created=session.created,
                seen=self._clock.now(),
                expires=session.expires,
                sealed=sealed,
                reference=session.state.identity_session,
            )
        )
        session.kept = True

    async def sign_in(self, session: Session, member_id: str) -> Session:
        """A new session for a member: another cookie, an empty state; the old one is worth nothing from now on."""
        await self.end(session)
        signed = self._new()
        signed.member_id = member_id
        signed.change(signed_in_at=signed.created)
        return signed

    async def rotate(self, session: Session) -> Session:
        """The same session under another cookie; it ends no later than before."""
        await self.end(session)
        fresh = self._new()
        fresh.member_id, fresh.expires, fresh.state = session.member_id, session.expires, session.state
        return fresh

    async def end(self, session: Session) -> None:
        if session.kept:
            await self._store.remove(session.id)

    async def end_one(self, session: Session, reference: str) -> None:
        """End another session of the same member, by the name that identity gives it."""
        if session.member_id is not None:
            await self._store.remove_of(session.member_id, reference)

    async def end_others(self, session: Session) -> None:
        """End all sessions of the same member but this one."""
        if session.member_id is not None:
            await self._store.remove_others(session.member_id, session.id)

    async def lapse(self, session: Session) -> Session:
        """What is left of a session that was ended elsewhere: a cookie that opens nothing."""
        await self.end(session)
        now = self._clock.now()
        return Session(session.secret, now, now + self._absolute, known=True, ended=True)

    async def purge(self) -> None:
        """Remove what nobody can open any more."""
        await self._store.purge(self._clock.now())

    async def ready(self) -> bool:
        return await self._store.ready()

    def _new(self) -> Session:
        now = self._clock.now()
        return Session(secrets.token_bytes(BYTES), now, now + self._absolute)


def _decoded(cookie: str | None) -> bytes | None:
    try:
        secret = base64.b64decode((cookie or "") + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == BYTES else None


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), BYTES, salt=None, info=b"gateway session state").derive(secret))


def _sealed(secret: bytes, session_id: str, state: State) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(secret).encrypt(nonce, state.model_dump_json().encode(), session_id.encode())


def _opened(secret: bytes, row: Row) -> State | None:
    try:
        plain = _cipher(secret).decrypt(row.sealed[:NONCE], row.sealed[NONCE:], row.id.encode())
        return State.model_validate_json(plain)
    except (InvalidTag, ValidationError, ValueError):  # tampered with, or of another release
        return None
