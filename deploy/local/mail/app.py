"""The HTTP side: pages for people, a small API for services and tests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware

from deploy.local.mail import smtp, view
from deploy.local.mail.behaviour import Behaviour
from deploy.local.mail.letters import Letters
from deploy.local.mail.mailbox import Mailbox

TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
HEADERS = {
    # No script anywhere, also not in a mail; styles and pictures of a mail only if it carries them itself.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def create_app(
    mailbox: Mailbox, letters: Letters, *, smtp_host: str, smtp_port: int, host_names: Sequence[str]
) -> FastAPI:
    handler = smtp.Handler(mailbox)

    @asynccontextmanager
    async def both_servers(_: FastAPI) -> AsyncIterator[None]:
        server = await smtp.serve(handler, smtp_host, smtp_port)
        yield
        server.close()
        await server.wait_closed()

    app = FastAPI(title="Courriels", lifespan=both_servers, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_pages(mailbox, letters))
    app.include_router(_letters(letters))
    app.include_router(_api(handler))
    app.add_middleware(BaseHTTPMiddleware, dispatch=_with_headers)
    # Without it a page of the web could read the mails by giving its own name this machine's address.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(host_names))
    return app


async def _with_headers(request: Request, proceed: RequestResponseEndpoint) -> Response:
    response = await proceed(request)
    response.headers.update(HEADERS)
    return response


def _pages(mailbox: Mailbox, letters: Letters) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    def mails() -> str:
        found = [view.summary(name, mail) for name, mail in mailbox.newest_first()]
        return TEMPLATES.get_template("list.html").render(mails=found, letters=letters.newest_first())

    @router.get("/mails/{name}")
    def mail(name: str) -> str:
        found = _read(mailbox, name)
        text, html = view.clickable(found["text"]), view.framed(found["html"]) if found["html"] else ""
        return TEMPLATES.get_template("mail.html").render(mail=found, text=text, html=html)

    return router


def _letters(letters: Letters) -> APIRouter:
    router = APIRouter()

    @router.get("/api/letters")
    def every() -> list[dict[str, Any]]:
        return letters.newest_first()

    @router.get("/letters/{letter_id}.pdf")
    def pdf(letter_id: str) -> Response:
        found = letters.pdf(letter_id)
        if found is None:
            raise HTTPException(404)
        return Response(found, media_type="application/pdf", headers={"Content-Disposition": "inline"})

    return router


def _api(handler: smtp.Handler) -> APIRouter:
    router = APIRouter()
    mailbox = handler.mailbox

    @router.get("/api/mails")
    def mails(to: str = "") -> list[dict[str, Any]]:
        every = mailbox.newest_first()
        return [view.summary(name, mail) for name, mail in every if not to or view.is_for(mail, to)]

    @router.get("/api/mails/{name}")
    def mail(name: str) -> dict[str, Any]:
        return _read(mailbox, name)

    @router.get("/accepted")
    def accepted(message_id: str) -> dict[str, Any]:
        count = mailbox.accepted(message_id)
        return {"accepted": count > 0, "count": count}

    @router.get("/api/behaviour")
    def behaviour() -> Behaviour:
        return handler.behaviour

    @router.post("/api/behaviour")
    def behave(wanted: Behaviour) -> Behaviour:
        handler.behaviour = wanted
        return wanted

    @router.get("/readyz")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    return router


def _read(mailbox: Mailbox, name: str) -> dict[str, Any]:
    found = mailbox.read(name)
    if found is None:
        raise HTTPException(404)
    return view.full(name, found)
