"""The list of oppositions for those who must know it: a pharmacy's software, say. See docs/opposition-list.md."""

import datetime as dt
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.cards.access.claims import finder
from services.cards.access.opposition import PAGE, Entry, OppositionList, Snapshot
from services.cards.domain.days import PARIS
from services.cards.domain.serial import normalise
from services.cards.settings import settings_of
from shared.event_store import FARTHEST
from shared.kernel import Rejected, Value
from shared.problems import Refused
from shared.security import TokenVerifier, issuer_of
from shared.service import Service

AUDIENCE: Final = "cards-opposition"
_BEARER: Final = HTTPBearer(auto_error=False, bearerFormat="JWT", description="Token signed by a known reader")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


class Changes(Value):
    """Entries behind the number asked for, in order; ask again with `last` as long as there is more."""

    entries: tuple[Entry, ...]
    last: int
    more: bool


class Snapshots(Value):
    """The newest first, those of the last 400 days; an older one is asked for by its day."""

    snapshots: tuple[Snapshot, ...]


class Question(Value):
    """A serial number as it is printed; in the body, for an address is written down in many places."""

    serial: str


class State(StrEnum):
    """What may be done with a card."""

    VALID = "valid"
    OPPOSED = "opposed"


class Checked(Value):
    """The answer to a question."""

    status: State


def router(service: Service) -> APIRouter:  # noqa: C901 - one function a route
    """Queries of readers outside the fund."""
    entries = OppositionList(service.database)
    known = _verifier(service)

    async def reader(bearer: Bearer) -> None:
        if bearer is None:
            raise Refused("token-missing")
        known.verify(bearer.credentials)

    routes = APIRouter(prefix="/opposition/v1", dependencies=[Depends(reader)])

    @routes.get("/entries")
    async def changes(
        request: Request,
        response: Response,
        after: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        if_none_match: IfNoneMatch = None,
    ) -> Changes:
        found = await entries.after(after, limit + 1)
        page = tuple(found[:limit])
        last = page[-1].sequence if page else after
        tag = f'"{after}-{last}"'
        response.headers["ETag"], response.headers["Cache-Control"] = tag, "private, no-cache"
        if len(found) > limit:
            path = request.url.path
            response.headers["Link"] = f'<{path}?after={last}&limit={limit}>; rel="next"'
        if if_none_match == tag:
            return Response(status_code=304, headers=dict(response.headers))  # type: ignore[return-value]
        return Changes(entries=page, last=last, more=len(found) > limit)

    @routes.get("/snapshots")
    async def snapshots() -> Snapshots:
        today = service.clock.now().astimezone(PARIS).date()
        return Snapshots(snapshots=tuple(await entries.snapshots(today)))

    @routes.get("/snapshots/{day}")
    async def snapshot(day: dt.date, if_none_match: IfNoneMatch = None) -> Response:
        found = await entries.snapshot(day)
        if found is None:
            raise Refused("not-found")
        headers = {"ETag": f'"{found.sha256}"', "X-Sequence": str(found.sequence), "Cache-Control": "private"}
        if if_none_match == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        content: AsyncIterator[bytes] = entries.content(found.sequence)
        return StreamingResponse(content, media_type="application/jsonl", headers=headers)

    @routes.post("/check")
    async def check(question: Question) -> Checked:
        return Checked(status=await _status(service, entries, normalise(question.serial)))

    return routes


async def _status(service: Service, entries: OppositionList, serial: str) -> State:
    """Asked of the card itself, so that no moment lies between a declaration and the answer."""
    if await entries.holds(serial):
        return State.OPPOSED
    proof = service.blind("serial").of(serial)
    stream = await finder(service)(proof)
    if stream is None:
        raise Rejected("serial-unknown")
    state, _ = await service.state(stream)
    return State.VALID if state.active and state.proofs[state.active] == proof else State.OPPOSED


def _verifier(service: Service) -> TokenVerifier:
    keys = settings_of(service).opposition_readers()
    names = {issuer_of(str(key["kid"])) for key in keys["keys"]}
    return TokenVerifier(keys, AUDIENCE, names, service.clock)
