"""« Qui a consulté mon dossier »."""

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
    for said in ("Un agent de la caisse", "un appel téléphonique", "votre identité et votre adresse", "effacé"):
        assert said in page.text


async def test_nobody_sees_it_without_signing_in() -> None:
    assert (await world().browser().get(PATH)).path == "/connexion"
