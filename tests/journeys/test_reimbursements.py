"""From the fund's file to the member's screen and statement, on everything real."""

import base64
import io
import re

import pypdf
import pytest
from playwright.sync_api import Page

from deploy.local.seed.care import settlement_lines
from deploy.local.seed.senders import Senders
from tests.documents import compliant
from tests.journeys import canary, steps
from tests.journeys.conftest import Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]
FETCH = """async (path) => {
  const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
  return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}"""


def test_from_the_settlement_file_to_the_statement(whole: Whole, page: Page) -> None:
    person = whole.somebody()
    senders = Senders(whole.stack)
    family = [one for one in whole.people if one.insured_person_id == person.person_id]
    lines = list(settlement_lines(family, 3, senders.now().date()))
    assert senders.send_all("settlements", lines) == 0
    email = "camille.rembourse-71c4@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    main = page.locator("main")
    numbers = sum(1 for one in lines if one["kind"] == "lot")
    steps.until(lambda: page.goto("/mes-remboursements") and "Réglé le" in main.inner_text(), 60)
    assert numbers > 1

    page.goto("/mes-remboursements?vue=actes")
    page.locator(".site-row__title a").first.click()
    page.get_by_role("heading", name="Pourquoi ce montant").wait_for()
    assert "L160-13 I" in main.inner_text()
    page.goto("/mes-remboursements/suivi")
    assert "Demande reçue" in main.inner_text()

    page.goto("/mes-remboursements/releves")
    path = page.get_by_role("link", name=re.compile("^Relevé")).first.get_attribute("href")
    pdf = base64.b64decode(page.evaluate(FETCH, path))
    assert pdf == base64.b64decode(page.evaluate(FETCH, path))
    compliant(pdf)
    text = "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert person.given_names.split()[0] in text or "Autres bénéficiaires" in text

    doctors = {line["professional"]["name"] for lot in lines for line in lot.get("lines", ())}
    references = {line["reference"] for lot in lines for line in lot.get("lines", ())}
    assert (
        canary.found(whole.stack, [*sorted(doctors), *sorted(references)[:20], "Détartrage", "Analyses de sang"]) == []
    )
