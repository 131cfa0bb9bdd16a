"""« Historique de mes actions »."""

import json
from pathlib import Path

import pytest

from services.gateway.clients.own_acts import SERVICES, Act, Acts
from services.gateway.pages.own_acts_words import WHAT
from tests.services.gateway.fake_persons import CHILD
from tests.services.gateway.fakes import MEMBER, world
from tests.services.gateway.pages.test_profile import member
from tests.web import NOW

PATH = "/mon-profil/actions"
FOR_LEA = Act(what="VitaleReportedLost", at=NOW, by="member", acting_for=CHILD.person_id)


async def test_nothing_was_done_yet_and_the_page_is_found_from_the_profile() -> None:
    browser = await member(world())
    assert f'href="{PATH}"' in (await browser.get("/mon-profil")).html
    assert "Vous n'avez encore rien fait dans votre compte." in (await browser.get(PATH)).text


async def test_each_act_says_when_what_for_whom_and_by_which_way() -> None:
    site = world()
    browser = await member(site)
    site.acts.done = Acts(
        acts=(
            FOR_LEA,
            Act(what="VitaleOpposed", at=NOW, by="member"),
            Act(what="DataExported", at=NOW, by="member", by_program=True),
            Act(what="EmailValidated", at=NOW, by="visitor"),
            Act(what="CeamOrdered", at=NOW, by="other"),
        )
    )
    page = await browser.get(PATH)
    for said in (
        "Carte Vitale déclarée perdue Léa vous", "Données téléchargées vous vous, avec une application",
        "Adresse e-mail confirmée vous vous, sans être connecté",
        "commandée vous une personne qui agit pour vous",
    ):  # fmt: skip
        assert said in page.text, said
    assert "VitaleOpposed" not in page.html, "the fund does that by itself"
    assert site.acts.last("of")["who"].member_id == MEMBER


async def test_for_whom_is_said_only_where_it_was_somebody_else_and_nobody_is_named_who_is_not_seen_any_more() -> None:
    site = world()
    browser = await member(site)
    site.acts.done = Acts(acts=(Act(what="SignedIn", at=NOW, by="visitor"),))
    assert "Pour qui" not in (await browser.get(PATH)).text
    site.persons.others = ()
    site.clock.pass_(minutes=2)
    site.acts.done = Acts(acts=(FOR_LEA,))
    page = await browser.get(PATH)
    assert "une autre personne" in page.text
    assert "Léa" not in page.text


async def test_a_service_that_is_down_is_named_and_nothing_is_said_to_be_empty() -> None:
    site = world()
    browser = await member(site)
    site.acts.done = Acts(missing=("cards",))
    page = await browser.get(PATH)
    assert "Il manque vos cartes" in page.text
    assert "encore rien" not in page.text


async def test_they_can_be_taken_along_in_words_and_in_codes() -> None:
    site = world()
    browser = await member(site)
    site.acts.done = Acts(acts=(FOR_LEA,))
    table = await browser.client.get(f"{PATH}/fichier.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="mes-actions.csv"'
    assert table.content.decode("utf-8-sig").splitlines() == [
        "Quand;Action;Pour qui;Par qui",
        "24/11/2026 14:02;Carte Vitale déclarée perdue;Léa;vous",
    ]
    [act] = (await browser.client.get(f"{PATH}/fichier.json")).json()["acts"]
    assert (act["what"], act["acting_for"]) == ("VitaleReportedLost", CHILD.person_id)


@pytest.mark.parametrize("rest", ["", "/fichier.csv", "/fichier.json"])
async def test_nobody_sees_it_without_signing_in(rest: str) -> None:
    assert (await world().browser().get(PATH + rest)).path == "/connexion"


def test_every_word_is_that_of_a_public_event_of_a_service_that_is_asked() -> None:
    names = json.loads((Path(__file__).parents[3] / "golden" / "event_names.json").read_text())
    assert set(WHAT) <= {name for service in SERVICES for name in names[service]}
