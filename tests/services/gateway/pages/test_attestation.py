"""« Mon attestation de droits »: chosen, downloaded, annulled."""

import datetime as dt
from typing import Any

import pytest

from services.gateway.clients.attestations import Attestation
from shared.web.channel import Refused
from tests.services.gateway.fake_persons import CHILD
from tests.services.gateway.fakes import world
from tests.services.gateway.pages.test_profile import member

BASE = "/mon-attestation"
TODAY = {"day-jour": "", "day-mois": "", "day-annee": ""}


async def test_for_oneself_with_one_button() -> None:
    site = world()
    browser = await member(site)
    page = await browser.get(BASE)
    page = await browser.send(page.form(BASE), whom="member")
    assert "Votre attestation est prête" in page.text
    wanted = site.attestations.last("ask")["wanted"]
    assert wanted.model_dump() == {"scope": "member", "dependant_id": None, "day": None, "with_exemptions": False}
    assert "N° AD-7KQ2-M4XD-9VTA" in page.text
    [made] = site.attestations.made
    answer = await browser.client.get(f"{BASE}/{made.attestation_id}.pdf")
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert "attestation-de-droits.pdf" in answer.headers["content-disposition"]
    page = await browser.send(page.form(f"{BASE}/annuler"))
    assert "quiconque la vérifie l'apprend" in page.text
    assert "Annulée" in page.text


async def test_one_of_an_account_that_was_forgotten_names_nobody_and_has_no_file() -> None:
    site = world()
    forgotten = {"attestation_id": "a-1", "number": "AD-7KQ2-M4XD-9VTA", "scope": "member", "names": "effacé"}
    made = Attestation.model_validate({**forgotten, "day": "2026-01-05", "issued_at": "2026-01-05T09:00:00Z"})
    site.attestations.made = (made,)
    browser = await member(site)
    page = await browser.get(BASE)
    assert "effacé" in page.text
    assert "Télécharger" not in page.text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"whom": "family"}, {"scope": "family"}),
        ({"whom": CHILD.person_id}, {"scope": "dependant", "dependant_id": CHILD.person_id}),
        ({"whom": "member", "exemptions": "oui"}, {"with_exemptions": True}),
        ({"whom": "member", "day__jour": "1", "day__mois": "6", "day__annee": "2025"}, {"day": dt.date(2025, 6, 1)}),
    ],
)
async def test_what_may_be_chosen(typed: dict[str, str], wanted: dict[str, Any]) -> None:
    site = world()
    browser = await member(site)
    page = await browser.get(BASE)
    assert "Pour Léa" in page.text
    await browser.send(page.form(BASE), **typed)
    sent = site.attestations.last("ask")["wanted"].model_dump()
    assert {name: sent[name] for name in wanted} == wanted


async def test_without_children_there_is_no_choice() -> None:
    site = world()
    site.persons.others = ()
    page = await (await member(site)).get(BASE)
    assert "les enfants qui me sont rattachés" not in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choisissez pour qui"),
        ({"whom": "everybody"}, "Choisissez pour qui"),
        ({"whom": "member", "day__jour": "31", "day__mois": "2", "day__annee": "2026"}, "La date n'existe pas"),
        ({"whom": "member", "day__jour": "1", "day__mois": "1", "day__annee": "2030"}, "dans l'avenir"),
    ],
)
async def test_what_is_to_be_corrected(typed: dict[str, str], said: str) -> None:
    site = world()
    browser = await member(site)
    form = (await browser.get(BASE)).form(BASE)
    form.fields.pop("whom", None)
    page = await browser.post(form, **typed)
    assert (page.status, said in page.text) == (422, True)
    assert site.attestations.made == ()


@pytest.mark.parametrize("code", ["rights-none", "attestation-unknown", "attestation-day-future"])
async def test_what_the_register_does_not_allow(code: str) -> None:
    site = world()
    browser = await member(site)
    form = (await browser.get(BASE)).form(BASE)
    site.attestations.refusal = Refused(code, 422)
    page = await browser.post(form, whom="member")
    assert (page.status, "Il y a un problème" in page.text) == (422, True)


async def test_what_is_no_attestation() -> None:
    site = world()
    browser = await member(site)
    assert (await browser.get(f"{BASE}/x.pdf")).status == 404
