"""What the pages of places need of the browser: a position, a map from elsewhere if wanted."""

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.gateway.pages.asking import Posting, Visiting
from services.gateway.pages.visit import Visit
from shared.web.security_headers import LOCATED, policy
from shared.web.visits import SEE_OTHER, local_path

COOKIE: Final = "fond"
TILES: Final = "https://data.geopf.fr"
YEAR: Final = 365 * 24 * 3600

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
