"""What nobody has foreseen is answered as a page, too; the error's class is in the log."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry import logger

CODE: Final = "internal-error"
_log = logger("pages")


class Unexpected:
    """Innermost of the middleware: what it answers is still traced and logged."""

    def __init__(self, app: ASGIApp, *, page: Callable[[Request, int, str], Response]) -> None:
        """`page` makes the answer from a status and a code."""
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if started or scope["type"] != "http":
                raise
            _log.exception("unhandled")
            page = self._page(Request(scope, receive), HTTPStatus.INTERNAL_SERVER_ERROR, CODE)
            await page(scope, receive, send)
