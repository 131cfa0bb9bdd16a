"""No page of the site is left out of the list that the tests of pages open, and none of the list is left behind."""

from collections.abc import Iterator
from typing import Final

import pytest
from starlette.routing import Match, Route

from services.gateway.main import routers
from tests.services.gateway.page_states import PAGES, State

ROUTES = [route for router in routers() for route in router.routes if isinstance(route, Route)]
GETS = [route for route in ROUTES if "GET" in (route.methods or ())]

NO_PAGES: Final = {
    "/ma-carte-vitale/declaration/document": "a PDF",
    "/ma-ceam/certificat": "a PDF",
    "/mon-attestation/{attestation_id}.pdf": "a PDF",
    "/mes-remboursements/releves/{month}.pdf": "a PDF",
    "/mes-remboursements/fichier.csv": "a table",
    "/mon-profil/consultations/fichier.csv": "a table",
    "/mon-profil/consultations/fichier.json": "for programs",
    "/mon-profil/actions/fichier.csv": "a table",
    "/mon-profil/actions/fichier.json": "for programs",
    "/mes-remboursements/donnees-fhir.json": "a bundle",
    "/mes-donnees/fichier/{kind}": "a file",
    "/ma-securite/application-de-codes/image": "a picture",
    "/ma-carte-vitale/a-jour": "asked by a page that waits",
    "/ma-ceam/a-jour": "asked by a page that waits",
    "/mon-profil/a-jour": "asked by a page that waits",
    "/connexion/prolonger": "asked by a page whose session is about to end",
    "/verifier/etat/{kind}/{document_id}": "asked by the page of documents",
    "/lieux/communes": "asked by the page of places",
    "/manifeste.webmanifest": "read by the browser",
    "/service.js": "read by the browser",
    "/.well-known/oauth-authorization-server": "read by applications",
    "/application": "leads on to another page",
    "/api/{name}.json": "a description",
}
"""What a GET answers that is no page."""


def answering(path: str) -> Route | None:
    """The route that answers a GET of this path: the first that fits."""
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "headers": []}
    return next((route for route in GETS if route.matches(scope)[0] is Match.FULL), None)


def opened() -> Iterator[str]:
    for state in PAGES:
        if (route := answering(state.path)) is not None:
            yield route.path


def test_every_page_is_opened_in_at_least_one_state() -> None:
    assert {route.path for route in GETS} - set(opened()) - set(NO_PAGES) == set()


def test_what_is_named_as_no_page_exists_and_is_not_opened_as_one() -> None:
    assert set(NO_PAGES) <= {route.path for route in GETS}
    assert set(NO_PAGES) & set(opened()) == set()


@pytest.mark.parametrize("state", PAGES, ids=lambda state: f"{state.path} {state.name}")
def test_a_state_is_of_a_page_that_exists(state: State) -> None:
    assert answering(state.path) is not None or state.status == 404
