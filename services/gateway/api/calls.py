"""What every route asks of a call: a token, for whom, an id that makes it harmless twice, and what it was shown."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.security import OAuth2AuthorizationCodeBearer
from pydantic import BaseModel

from services.gateway.clients.who import Who
from services.gateway.drafts import State
from services.gateway.pages.asking import Works, confirmed, signed_in
from services.gateway.pages.site import Site
from services.gateway.pages.visit import Visit
from services.gateway.pages.works import works
from shared.problems import Refused
from shared.web.channel import Fresh, Written
from shared.web.sessions import Session

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

LAG: Final = "X-Lag"
AS_OF: Final = "X-As-Of"
IN_FLIGHT: Final = dt.timedelta(minutes=1)
"""Longer than any service is waited for."""
_BEARER: Final = OAuth2AuthorizationCodeBearer(
    authorizationUrl="/application",
    tokenUrl="/api/v1/token",
    scheme_name="member",
    description="Authorization code with PKCE (RFC 8252); `acr_values=step-up` for routes that ask for it (RFC 9470).",
    auto_error=False,
)


class Call(Visit):
    """A visit by a program: its session is a token's, its answers set no cookie."""

    @property
    def who(self) -> Who:
        """For whom services are asked, and that it is a program that asks."""
        return replace(super().who, by_program=True)

    async def keep(self) -> None:
        """Write down what has changed."""
        if self.session.state is not self._before:
            await self.site.tokens.keep(self.session)
            self._before = self.session.state

    async def lapse(self) -> None:
        """The session was ended elsewhere, and the token with it."""
        await self.site.tokens.end(self.session)
        self.session = Session(self.session.secret, self.session.created, self.session.expires, State(), ended=True)
        self._before = self.session.state

    def shown(self, response: Response, found: Fresh[T]) -> T:
        """An answer, how many of the caller's own writes it does not show yet, and until when it shows everything."""
        response.headers[LAG] = str(found.lag)
        if found.as_of is not None:
            response.headers[AS_OF] = found.as_of.isoformat()
        return found.value


def site_of(request: Request) -> Site:
    """The site that this interface is a part of.

    Raises:
        Works: it is closed.
    """
    found: Site = request.app.state.parent.state.site
    words = works(found.settings.works_file)
    if words is not None:
        raise Works(words)
    return found


async def let_in(request: Request, token: Annotated[str | None, Depends(_BEARER)]) -> Call:
    """A member's application, also while the member's services are closed.

    Raises:
        Refused, SignInNeeded, TooManyRequests: it must not, or not now.
    """
    if token is None:
        raise Refused("token-missing")
    site = site_of(request)
    call = Call(site, request, await site.tokens.open(token))
    await signed_in(call)
    await call.keep()
    await site.limits.take("api", call.session.id, allowed=site.settings.api_calls_per_10_minutes)
    return call


LetIn = Annotated[Call, Depends(let_in)]


async def calling(call: LetIn) -> Call:
    """A member's application.

    Raises:
        EmailPending, TermsDue, ErasureWaits: it must not, or not now.
    """
    await confirmed(call)
    await call.keep()
    return call


Calling = Annotated[Call, Depends(calling)]


async def stepped_up(call: Calling) -> Call:
    """A member who has confirmed a short time ago that it is he.

    Raises:
        Refused: `step-up-required`, with what to ask for (RFC 9470).
    """
    if not call.stepped_up:
        raise Refused("step-up-required")
    return call


SteppedUp = Annotated[Call, Depends(stepped_up)]


async def idempotency(
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", description="A UUID of the caller's own, the same at each try.")
    ] = None,
) -> str:
    """The id of a command: sent twice, it is done once.

    Raises:
        Refused: `idempotency-key-missing`, `idempotency-key-invalid`.
    """
    if idempotency_key is None:
        raise Refused("idempotency-key-missing")
    try:
        return str(uuid.UUID(idempotency_key.strip('"')))
    except ValueError:
        raise Refused("idempotency-key-invalid") from None


Key = Annotated[str, Depends(idempotency)]


async def commanded(call: Call, key: str, service: str, done: Awaitable[T]) -> T:
    """Carry out a command, unless the same one is under way; later queries of this token wait for what it wrote.

    Raises:
        Refused: `request-in-flight`.
    """
    once, mark = call.site.once, hashlib.sha256(f"{call.who.member}|{key}".encode()).hexdigest()
    if not await once.take(mark, IN_FLIGHT):
        getattr(done, "close", lambda: None)()
        raise Refused("request-in-flight")
    try:
        answer = await done
    finally:
        await once.give_back(mark)
    if isinstance(answer, Written):
        call.remember(service, answer)
        await call.keep()
    return answer


async def person(call: Calling, person_id: str) -> Who:
    """Whose cards: `me`, or the id of somebody for whom the member may act.

    Raises:
        Refused: `not-found`.
    """
    if person_id in {"me", call.who.member}:
        return call.who
    if person_id not in {one.person_id for one in await call.site.cards.people(call.who)}:
        raise Refused("not-found")
    return Who(**{**vars(call.who), "person_id": person_id})


Person = Annotated[Who, Depends(person)]


def part(items: Sequence[T], names: Sequence[str], cursor: str | None, limit: int) -> tuple[Sequence[T], str | None]:
    """The items after a cursor, and the cursor of the next ones: new items at the front move nothing.

    Raises:
        Refused: `cursor-unknown`.
    """
    start = 0
    if cursor is not None:
        if cursor not in names:
            raise Refused("cursor-unknown")
        start = names.index(cursor) + 1
    end = start + limit
    return items[start:end], names[end - 1] if end < len(items) else None
