"""The link of a notice that takes back what was asked for: it needs no account, and says whether it came too late."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Counted, Posting, Visiting, link_token
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused, Written

Cancel = Callable[[Visit, str, str], Awaitable[Written]]
"""With the command's id and the token."""


def cancel_link(path: str, templates: str, late: Mapping[str, str], cancel: Cancel) -> APIRouter:
    """Its pages, of a folder of `templates`; `late`: what `not_cancelled.html` is told of a refusal."""
    router = APIRouter(prefix=path)

    @router.get("/{token}")
    async def show(visit: Visiting, token: str) -> Response:
        """Opening the link shows a button: mail scanners open links."""
        link_token(token)
        return await visit.page(f"{templates}/cancel.html")

    @router.post("/{token}", dependencies=[Counted])
    async def press(visit: Visiting, posted: Posting, token: str) -> Response:
        link_token(token)
        try:
            await cancel(visit, posted.command_id, token)
        except Refused as refused:
            if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise
            status = refused.status if refused.status in {404, 409, 410} else HTTPStatus.CONFLICT
            why = late.get(refused.code, "unknown")
            return await visit.page(f"{templates}/not_cancelled.html", status=status, why=why)
        return await visit.page(f"{templates}/cancelled.html")

    return router
