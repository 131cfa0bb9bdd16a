"""Sessions: an opaque cookie, its hash in the database, and a state that only the cookie's holder can open."""

import base64
import binascii
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from shared.clock import Clock
from shared.kernel import Value
from shared.web.states import SessionState

COOKIE: Final = "__Host-sid"
BYTES: Final = 32
NONCE: Final = 12
TOUCH: Final = dt.timedelta(seconds=30)
"""`seen` is written this often at most; what is idle is judged that much later, never earlier."""


S = TypeVar("S", bound=SessionState)


class Row(Value):
    """A session as it is stored."""

    id: str
    holder: str | None
    """Who is signed in."""
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime
    sealed: bytes
    reference: str | None = None
    """What others call it: its holder ends it by this name from another device."""


class SessionStore(Protocol):
    """Where sessions are kept."""

    async def get(self, session_id: str) -> Row | None: ...
    async def put(self, row: Row) -> None: ...
    async def touch(self, session_id: str, seen: dt.datetime) -> None: ...
    async def remove(self, session_id: str) -> None: ...
    async def remove_of(self, holder: str, reference: str) -> None: ...
    async def remove_others(self, holder: str, but: str) -> None: ...
    async def purge(self, now: dt.datetime) -> None: ...
    async def ready(self) -> bool: ...


@dataclass
class Session(Generic[S]):
    """One browser's session. An unkept one is a cookie and nothing else: forms need no more."""

    secret: bytes
    created: dt.datetime
    expires: dt.datetime
    state: S
    holder: str | None = None
    """Who is signed in."""
    kept: bool = False
    known: bool = False
    """The browser already holds the cookie."""
    lapsed: bool = False
    """The browser came with a cookie that opens nothing any more."""
    left: tuple[str, S] | None = None
    """Of a lapsed session: whose it was, and what it held."""
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


class Sessions(Generic[S]):
    """Opens, keeps, rotates and ends sessions of one site, by the Clock."""

    def __init__(
        self,
        store: SessionStore,
        clock: Clock,
        state: type[S],
        site: str,
        *,
        idle: dt.timedelta,
        absolute: dt.timedelta,
        draft: dt.timedelta,
    ) -> None:
        """`idle` for who is signed in, `draft` for others; a state opens for the `site` that has sealed it."""
        self._store = store
        self._state = state
        self._seal = Seal(site)
        self._clock = clock
        self._idle = {True: idle, False: draft}
        self._absolute = absolute

    async def open(self, cookie: str | None) -> Session[S]:
        """The session of this cookie, or a new one that nothing remembers yet."""
        secret = _decoded(cookie)
        if secret is None:
            return self._new()
        now = self._clock.now()
        fresh = Session(secret, now, now + self._absolute, self._state(), known=True)
        row = await self._store.get(fresh.id)
        if row is None:
            return fresh
        state = self._seal.opened(secret, row, self._state)
        idle = self._idle[row.holder is not None]
        if state is None or now >= min(row.expires, row.seen + idle + TOUCH):
            await self._store.remove(row.id)
            left = (row.holder, state) if row.holder is not None and state is not None else None
            return Session(secret, now, now + self._absolute, self._state(), known=True, lapsed=True, left=left)
        if now - row.seen >= TOUCH:
            await self._store.touch(row.id, now)
        return Session(secret, row.created, row.expires, state, row.holder, kept=True, known=True)

    async def keep(self, session: Session[S]) -> None:
        """Write a session down."""
        sealed = self._seal.sealed(session.secret, session.id, session.state)
        await self._store.put(
            Row(
                id=session.id,
                holder=session.holder,
                created=session.created,
                seen=self._clock.now(),
                expires=session.expires,
                sealed=sealed,
                reference=session.state.reference,
            )
        )
        session.kept = True

    async def sign_in(self, session: Session[S], holder: str) -> Session[S]:
        """A new session for who signs in: another cookie, an empty state; the old one is worth nothing from now on."""
        await self.end(session)
        signed = self._new()
        signed.holder = holder
        signed.change(signed_in_at=signed.created)
        return signed

    async def rotate(self, session: Session[S]) -> Session[S]:
        """The same session under another cookie; it ends no later than before."""
        await self.end(session)
        fresh = self._new()
        fresh.holder, fresh.expires, fresh.state = session.holder, session.expires, session.state
        return fresh

    async def end(self, session: Session[S]) -> None:
        if session.kept:
            await self._store.remove(session.id)

    async def end_one(self, session: Session[S], reference: str) -> None:
        """End another session of the same holder, by the name that others give it."""
        if session.holder is not None:
            await self._store.remove_of(session.holder, reference)

    async def end_others(self, session: Session[S]) -> None:
        """End all sessions of the same holder but this one."""
        if session.holder is not None:
            await self._store.remove_others(session.holder, session.id)

    async def lapse(self, session: Session[S]) -> Session[S]:
        """What is left of a session that was ended elsewhere: a cookie that opens nothing."""
        await self.end(session)
        now = self._clock.now()
        return Session(session.secret, now, now + self._absolute, self._state(), known=True, ended=True)

    async def purge(self) -> None:
        """Remove what nobody can open any more."""
        await self._store.purge(self._clock.now())

    async def ready(self) -> bool:
        return await self._store.ready()

    def _new(self) -> Session[S]:
        now = self._clock.now()
        return Session(secrets.token_bytes(BYTES), now, now + self._absolute, self._state())


def _decoded(cookie: str | None) -> bytes | None:
    try:
        secret = base64.b64decode((cookie or "") + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == BYTES else None


class Seal:
    """Closes and opens states with the secret of their own cookie."""

    def __init__(self, site: str) -> None:
        self._info = f"{site} session state".encode()

    def sealed(self, secret: bytes, session_id: str, state: SessionState) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher(secret).encrypt(nonce, state.model_dump_json().encode(), session_id.encode())

    def opened(self, secret: bytes, row: Row, state: type[S]) -> S | None:
        try:
            plain = self._cipher(secret).decrypt(row.sealed[:NONCE], row.sealed[NONCE:], row.id.encode())
            return state.model_validate_json(plain)
        except (InvalidTag, ValidationError, ValueError):  # tampered with, or of another release
            return None

    def _cipher(self, secret: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), BYTES, salt=None, info=self._info).derive(secret))
