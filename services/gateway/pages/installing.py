"""What makes the site an application on a phone, and what it shows there without a connection: nothing of anybody."""

import json
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from services.gateway.pages.places import DIRECTORY, TERMINALS
from services.gateway.pages.site import STATIC, Site
from shared.web.rendering import Templates
from shared.web.visits import bare_frame

WORKER: Final = (STATIC / "service-worker.js").read_text(encoding="utf-8")
KEPT: Final = (
    "site.css", "site.js", "govuk-frontend.js", "code-rules.js", "iban.js", "last-places.js", "pending.js",
    "session-end.js", "verify.js",
    "fonts/atkinson-400.woff2", "fonts/atkinson-700.woff2", "emblem.svg",
)  # fmt: skip
"""All that the page without a connection loads."""

router = APIRouter()


def _templates(request: Request) -> Templates:
    """Without a session: the browser asks for these at every page, and they are the same for everybody."""
    site: Site = request.app.state.site
    return site.templates


@router.get("/manifeste.webmanifest")
async def manifest(request: Request) -> Response:
    icon = {"src": _templates(request).assets.url("emblem.svg"), "sizes": "any", "type": "image/svg+xml"}
    content: dict[str, Any] = {
        "id": "/",
        "name": "Mon compte en ligne",
        "short_name": "Mon compte",
        "description": "Vos remboursements, vos cartes et vos démarches.",
        "lang": "fr",
        "start_url": "/mon-compte",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b4a57",
        "icons": [icon],
        "shortcuts": [{"name": screen.title, "url": screen.path} for screen in (TERMINALS, DIRECTORY)],
    }
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/manifest+json")


@router.get("/service.js")
async def worker(request: Request) -> Response:
    """Keeps the page « hors connexion » and what it needs, anew with each release; never a page of somebody."""
    assets = _templates(request).assets
    files = json.dumps([assets.url(name) for name in KEPT])
    text = f"const CACHE = {json.dumps(assets.version)};\nconst FILES = {files};\n{WORKER}"
    return Response(text, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@router.get("/hors-connexion")
async def offline(request: Request) -> Response:
    """The same for everybody: it is kept in the browser."""
    html = _templates(request).render("public/offline.html", bare_frame(request))
    return Response(html, media_type="text/html; charset=utf-8")
