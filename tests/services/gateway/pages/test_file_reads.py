"""« Qui a consulté mon dossier »."""

import pytest

from services.gateway.clients.persons import Look
from tests.services.gateway.fakes import world
from tests.services.gateway.pages.test_profile import member
from tests.web import NOW

PATH = "/mon-profil/consultations"


async def test_each_look_says_when_in_which_role_why_and_at_what() -> None:
    site = world()
    browser = await member(site)
    assert f'href="{PATH}"' in (await browser.get("/mon-profil")).html
    assert "Personne n'a consulté votre dossier." in (await browser.get(PATH)).text
    site.persons.seen = (
        Look(at=NOW, role="agent", purpose="call", part="profile"),
        Look(at=NOW, role="effacé", purpose="effacé", part="of_tomorrow"),
    )
    page = await browser.get(PATH)
    for said in ("Un agent, accueil des assurés", "un appel téléphonique", "votre identité et votre adresse", "effacé"):
        assert said in page.text


async def test_a_childs_file_is_told_apart_and_only_where_there_is_one() -> None:
    site = world()
    browser = await member(site)
    own = Look(at=NOW, role="agent", purpose="call", part="cards")
    site.persons.seen = (own,)
    assert "Dossier" not in (await browser.get(PATH)).text.replace("Qui a consulté mon dossier", "")
    of_child = own.model_copy(update={"given_names": "Léa"})
    site.persons.seen = (own, of_child)
    page = await browser.get(PATH)
    assert "Léa" in page.text
    assert "le vôtre" in page.text


async def test_they_can_be_taken_along_in_words_and_in_codes() -> None:
    site = world()
    browser = await member(site)
    site.persons.seen = (Look(at=NOW, role="auditor", purpose="audit", part="events", given_names="=Léa"),)
    table = await browser.client.get(f"{PATH}/fichier.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="consultations-de-mon-dossier.csv"'
    assert table.content.decode("utf-8-sig").splitlines() == [
        "Quand;Dossier;Qui;Pourquoi;Ce qui a été vu",
        "24/11/2026 14:02;'=Léa;Un auditeur, contrôle;un contrôle;l'historique technique, sans valeur lisible",
    ]
    [look] = (await browser.client.get(f"{PATH}/fichier.json")).json()["looks"]
    assert (look["role"], look["purpose"], look["part"]) == ("auditor", "audit", "events")


async def test_what_the_member_did_himself_is_linked_from_here_and_back() -> None:
    browser = await member(world())
    page = await browser.get(PATH)
    for path in ("/mon-profil/actions", "/mon-profil/historique", "/ma-securite/appareils"):
        assert f'href="{path}"' in page.html
        assert f'href="{PATH}"' in (await browser.get(path)).html


@pytest.mark.parametrize("rest", ["", "/fichier.csv", "/fichier.json"])
async def test_nobody_sees_it_without_signing_in(rest: str) -> None:
    assert (await world().browser().get(PATH + rest)).path == "/connexion"
