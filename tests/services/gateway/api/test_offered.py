"""What the pages can do, the interface can, too; what it leaves to the browser is said, with why."""

import ast
import inspect
from pathlib import Path
from typing import Final, get_args

import pytest

from services.gateway.api import app, places
from services.gateway.pages import places_words
from services.gateway.pages.site import Site
from tests.services.gateway.fakes import world

IN_THE_BROWSER: Final = {
    "enrol": "the account is made where it is signed in to (RFC 8252)",
    "create_account": "as above",
    "sign_in": "number and code are typed in no application",
    "complete_sign_in": "as above",
    "ask_step_up": "as above; a program asks for `acr_values=step-up`",
    "complete_step_up": "as above",
    "resend_code": "as above",
    "sign_out": "a program gives its token back",
    "confirm_email": "a link in a mail",
    "resend_confirmation": "no token before the address is confirmed",
    "correct_email": "as above",
    "forgot_code": "before any sign-in",
    "ask_provisional_code": "before any sign-in",
    "contest": "for who has no account",
    "reset_code": "a link in a mail",
    "reopen": "a link in a mail",
    "cancel_by_link": "a link in a mail",
    "accept_terms": "the text is read on the site",
    "close": "ends the account: after reading what that means",
    "has_totp": "the secret of a code app passes through no program",
    "begin_totp": "as above",
    "enable_totp": "as above",
    "disable_totp": "as above",
    "session_state": "asked by the edge itself",
    "status": "for whoever checks a paper",
    "certificate_status": "as above",
    "ours": "for whoever holds a mail, account or not",
    "certificate": "for whoever holds its reference and code, account or not",
    "certificate_file": "as above",
    "all_of": "what vitale, tracking and ceam say, in one",
    "summary": "what searches, claims and deductions say, in one",
    "home": "what account and bank_details say, in one",
}
CLIENTS: Final = (
    "identity", "keys", "cards", "ceam", "notifications", "persons", "attestations", "exports", "erasures", "reimbursements",
    "places",
)  # fmt: skip


def called() -> set[str]:
    """Methods of clients that the interface's source calls: `….site.<client>.<method>(…)`."""
    found = set()
    for path in Path(str(app.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(attr=method, value=ast.Attribute(attr=client, value=ast.Attribute(attr="site"))):
                    found.add(f"{client}.{method}")
    return found


@pytest.mark.parametrize("client", CLIENTS)
def test_all_that_the_pages_can_do_is_offered(client: str) -> None:
    protocol = inspect.get_annotations(Site)[client]
    methods = {name for name, one in vars(protocol).items() if inspect.isfunction(one) and not name.startswith("_")}
    offered = {name.partition(".")[2] for name in called() if name.startswith(f"{client}.")}
    assert methods - offered <= IN_THE_BROWSER.keys()


def test_every_kind_of_place_can_be_asked_for() -> None:
    assert set(get_args(places.Kind)) == set(places_words.KINDS)


class TestThePages:
    async def test_they_list_what_can_be_asked(self) -> None:
        page = await world().browser().get("/api")
        assert page.status == 200
        assert "POST /api/v1/persons/{person_id}/vitale/reports" in page.text

    async def test_schemas_and_events_are_shown(self) -> None:
        browser = world().browser()
        assert "ProfileHistory" in (await browser.get("/api/schemas")).text
        assert "cards.events.v1" in (await browser.get("/api/events")).text
        assert "VitaleReportedLost, version 1" in (await browser.get("/api/events/cards")).text
        assert (await browser.get("/api/events/nothing")).status == 404

    async def test_the_documents_can_be_taken_along(self) -> None:
        browser = world().browser()
        assert (await browser.client.get("/api/openapi.json")).json()["openapi"] == "3.1.0"
        assert (await browser.client.get("/api/asyncapi.json")).json()["asyncapi"] == "3.0.0"
        assert (await browser.get("/api/nothing.json")).status == 404
