"""Being forgotten: asked for, and taken back as long as it waits."""

import uuid
from http import HTTPStatus
from typing import Final, Literal

from fastapi import APIRouter

from services.gateway.api.calls import Key, LetIn, commanded, stepped_up
from services.gateway.clients.erasures import ErasureState
from services.gateway.pages.asking import confirmed
from shared.kernel import Value

NO_CONTENT: Final = HTTPStatus.NO_CONTENT

router = APIRouter(prefix="/account/erasure", tags=["Account"])


class Understood(Value):
    """The member has been shown what goes, what the law keeps, and until when he can take it back."""

    understood: Literal[True]


@router.get("")
async def erasure(call: LetIn) -> ErasureState:
    """What goes and what is kept; while a request waits, what opens its certificate."""
    return await call.site.erasures.state(call.who)


@router.post("", status_code=NO_CONTENT)
async def ask(call: LetIn, key: Key, _: Understood) -> None:
    """Every other session ends; this one opens nothing any more but what takes it back."""
    if not call.session.state.closing:  # otherwise it is the same request, sent again
        await confirmed(call)
    await stepped_up(call)
    await commanded(call, key, "identity", call.site.erasures.request(call.who, key))
    if (session := call.session.state.identity_session) is not None:
        others = str(uuid.uuid5(uuid.UUID(key), "others"))
        await call.site.keys.end_others(call.who, others, session)
    await call.site.tokens.end_others(call.session)
    call.session.change(closing=True)
    await call.keep()


@router.post("/cancellation", status_code=NO_CONTENT)
async def cancel(call: LetIn, key: Key) -> None:
    await commanded(call, key, "identity", call.site.erasures.cancel(call.who, key))
    call.session.change(closing=False)
    await call.keep()
