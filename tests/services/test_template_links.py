"""No page of either site leads to an address that nothing answers."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from starlette.routing import Route

from deploy.local.services import ROOT
from services.console import main as console
from services.gateway import main as gateway

SITES: Final = {"console": [page.router for page in console.PAGES], "gateway": gateway.routers()}
_ADDRESS: Final = re.compile(r'(?:href|action)="(/[^"%#?]*)')
_VALUE: Final = re.compile(r"\{\{.*?\}\}")
FILLED: Final = "{}"
NAMED: Final = re.compile(r"\{(part|kind|name)\}")
"""Parameters that stand for one of a few words, which pages name."""
ASSETS: Final = "/assets/"


def addresses(site: str) -> Iterator[tuple[str, str]]:
    """Page and address, with `{}` where it is filled in."""
    for page in sorted((ROOT / "services" / site / "templates").rglob("*.html")):
        for found in _ADDRESS.findall(_VALUE.sub(FILLED, page.read_text())):
            if not found.startswith(ASSETS):
                yield str(page.relative_to(ROOT)), found


def paths(site: str) -> set[str]:
    return {route.path for router in SITES[site] for route in router.routes if isinstance(route, Route)}


def leads_to(address: str, path: str) -> bool:
    """A word of an address is never taken for another parameter: `/exploitation/attente` is no service of that name."""
    ours, theirs = address.rstrip("/").split("/"), path.rstrip("/").split("/")
    return len(ours) == len(theirs) and all(
        FILLED in own or own == other or NAMED.search(other) for own, other in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("site", SITES)
def test_every_address_in_a_template_is_answered(site: str) -> None:
    found = list(addresses(site))
    assert len(found) > 50
    known = paths(site)
    assert [one for one in found if not any(leads_to(one[1], path) for path in known)] == []
