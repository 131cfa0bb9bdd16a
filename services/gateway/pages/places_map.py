"""What the pages of places need of the browser: to be installed, a position, a map from elsewhere if wanted."""

import json
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.gateway.pages.asking import Posting, Visiting
from services.gateway.pages.site import STATIC
from services.gateway.pages.visit import Visit
from shared.web.security_headers import LOCATED, policy
from shared.web.visits import SEE_OTHER, local_path

COOKIE: Final = "fond"
TILES: Final = "https://data.geopf.fr"
YEAR: Final = 365 * 24 * 3600
KEPT: Final = (".css", ".js", ".woff2", "emblem.svg")

router = APIRouter(prefix="/lieux")


def tiles(visit: Visit) -> bool:
    """Whether the map may be fetched from the IGN: the fund offers it, and this browser has agreed."""
    return visit.site.settings.ign_tiles and visit.request.cookies.get(COOKIE) == "ign"


def map_headers(visit: Visit, response: Response) -> Response:
    """What such a page tells the browser."""
    response.headers["Content-Security-Policy"] = policy(images=TILES if tiles(visit) else "")
    response.headers["Permissions-Policy"] = LOCATED
    return response


@router.post("/fond-de-carte")
async def background(visit: Visiting, posted: Posting) -> Response:
    """Agree to the IGN's map, or take it back; nothing is kept here, only in a cookie that says no more."""
    response = RedirectResponse(local_path(posted.fields.get("retour")) or "/lieux/annuaire", SEE_OTHER)
    if posted.fields.get("accord") == "oui" and visit.site.settings.ign_tiles:
        response.set_cookie(COOKIE, "ign", max_age=YEAR, path="/lieux", secure=True, httponly=True, samesite="lax")
    else:
        response.delete_cookie(COOKIE, path="/lieux", secure=True, httponly=True, samesite="lax")
    return response


@router.get("/manifeste.webmanifest")
async def manifest(visit: Visiting) -> Response:
    """Lets a phone keep the two pages as an application."""
    icon = {"src": visit.site.templates.assets.url("emblem.svg"), "sizes": "any", "type": "image/svg+xml"}
    content = {
        "name": "Bornes Vitale et annuaire santé",
        "short_name": "Annuaire santé",
        "lang": "fr",
        "start_url": "/lieux/annuaire",
        "scope": "/lieux/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b4a57",
        "icons": [icon],
    }
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/manifest+json")


@router.get("/service.js")
async def worker(visit: Visiting) -> Response:
    """Keeps the page « hors connexion » and what it needs; never a page of somebody."""
    assets = visit.site.templates.assets
    files = [assets.url(name) for name in assets.names if name.endswith(KEPT)]
    text = f"const FILES = {json.dumps(files)};\n{(STATIC / 'places-worker.js').read_text(encoding='utf-8')}"
    return Response(text, media_type="text/javascript; charset=utf-8")


@router.get("/hors-connexion")
async def offline(visit: Visiting) -> Response:
    """The same for everybody: it is kept in the browser."""
    html = visit.site.templates.render("places/offline.html", {"member": None, "path": "/lieux", "notice": None})
    return map_headers(visit, Response(html, media_type="text/html; charset=utf-8"))
