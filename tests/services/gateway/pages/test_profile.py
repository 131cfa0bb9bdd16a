"""« Mon profil », its history, and a new address."""

import datetime as dt

import pytest

from services.gateway.clients.persons import Change
from shared.web.channel import Refused
from tests.services.gateway.fake_persons import BANK, HELD, PROFILE
from tests.services.gateway.fakes import CODE, Browser, World, world
from tests.web import NOW, Page

ADDRESS = {"street": "4 quai du Port", "more": "", "postal": "29200", "city": "BREST", "country": "FRANCE"}


async def member(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


async def stepped_up(site: World, path: str) -> tuple[Browser, Page]:
    """A member who has confirmed that it is he, on the page that asked for it."""
    browser = await member(site)
    page = await browser.get(path)
    assert page.path == "/confirmation-identite"
    page = await browser.send(page.form(), code=CODE)
    page = await browser.send(page.form(), one_time_code=site.identity.one_time_code)
    assert page.path == path
    return browser, page


async def test_everything_the_fund_knows_is_there() -> None:
    page = await (await member(world())).get("/mon-profil")
    assert page.status == 200
    for words in (
        *("Martin", "Camille", "17 janvier 1985", "1 85 ** ** *** *** **", "12 rue des Remparts", "83000 TOULON"),
        *("06 39 98 00 00", "FR14 •••• •••• •••• •••• ••02 606", "Dr Ravel", "Droits ouverts", "100 % du tarif"),
        *(
            "Du 1er janvier 2026, sans date de fin",
            "Affection de longue durée",
            "Du 1er janvier 2024 au 31 décembre 2025",
        ),
        *("Léa Martin", "10 mars 2015"),
    ):
        assert words in page.text, words
    assert "FRANCE" not in page.text


async def test_what_is_missing_says_what_to_do() -> None:
    site = world()
    site.persons.own = PROFILE.model_copy(
        update={"doctor": None, "contact": None, "rights": (), "exemptions": (), "rights_from": None}
    )
    site.persons.others = ()
    site.persons.bank = BANK.model_copy(update={"masked": None})
    page = await (await member(site)).get("/mon-profil")
    for words in ("Aucun médecin traitant déclaré", "Non renseigné", "Droits à vérifier", "Aucun enfant mineur"):
        assert words in page.text


async def test_a_register_that_names_one_period() -> None:
    site = world()
    site.persons.own = PROFILE.model_copy(update={"rights": (), "rights_from": dt.date(2026, 1, 1)})
    page = await (await member(site)).get("/mon-profil")
    assert "Du 1er janvier 2026, sans date de fin" in page.text


async def test_changes_under_way_are_told() -> None:
    site = world()
    site.persons.bank = HELD
    site.persons.own = PROFILE.model_copy(update={"post_from": NOW + dt.timedelta(days=15)})
    page = await (await member(site)).get("/mon-profil")
    assert "Un changement est en cours." in page.text
    assert "jusqu'au 9 décembre 2026" in page.text


async def test_a_page_that_lags_says_so_and_looks_again() -> None:
    site = world()
    site.persons.lag = 1
    browser = await member(site)
    assert 'data-pending="/mon-profil/a-jour"' in (await browser.get("/mon-profil")).html
    assert (await browser.client.get("/mon-profil/a-jour")).json() == {"pending": True}


async def test_the_history_in_words() -> None:
    site = world()
    site.persons.changes = (
        Change(what="bank-details", at=NOW, by="register"),
        Change(what="address", at=NOW, by="member"),
        Change(what="of-2031", at=NOW, by="of-2031"),
    )
    page = await (await member(site)).get("/mon-profil/historique")
    assert "Compte bancaire modifié Le 24 novembre 2026 à 14 h 02, par le reg" in page.text
    assert "Adresse modifiée Le 24 novembre 2026 à 14 h 02, par vous" in page.text
    assert "Mise à jour" in page.text
    site.persons.changes = ()
    assert "Aucun changement" in (await (await member(site)).get("/mon-profil/historique")).text


async def test_a_new_address_after_a_confirmation_of_identity() -> None:
    site = world()
    browser, page = await stepped_up(site, "/mon-profil/adresse")
    assert "12 rue des Remparts" in page.text
    page = await browser.send(page.form(), **{**ADDRESS, "more": " Bât.  B "})
    assert page.path == "/mon-profil"
    assert "Votre nouvelle adresse est enregistrée" in page.text
    sent = site.persons.last("move")["address"]
    assert (sent.lines, sent.postcode, sent.city) == (("4 quai du Port", "Bât. B"), "29200", "BREST")
    assert "4 quai du Port" in page.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"street": ""}, "Saisissez le numéro et le nom de la voie."),
        ({"postal": " "}, "Saisissez le code postal."),
        ({"city": ""}, "Saisissez la commune."),
        ({"country": ""}, "Saisissez le pays."),
        ({"more": "x" * 39}, "38 caractères au plus"),
    ],
)
async def test_an_address_that_is_not_whole(change: dict[str, str], said: str) -> None:
    site = world()
    browser, page = await stepped_up(site, "/mon-profil/adresse")
    page = await browser.post(page.form(), **{**ADDRESS, **change})
    assert page.status == 422
    assert said in page.text
    assert page.form().fields["city"] == {**ADDRESS, **change}["city"]
    assert not [one for one, _ in site.persons.calls if one == "move"]


async def test_a_postcode_that_is_none() -> None:
    site = world()
    browser, page = await stepped_up(site, "/mon-profil/adresse")
    site.persons.refusal = Refused("postcode-unknown", 422)
    page = await browser.post(page.form(), **ADDRESS)
    assert (page.status, "Ce code postal n'existe pas" in page.text) == (422, True)


async def test_a_part_that_is_down_leaves_the_others_standing() -> None:
    site = world()
    browser = await member(site)

    async def down(who: object) -> object:
        raise Refused("unavailable", 503)

    site.persons.dependants = down  # type: ignore[method-assign, assignment]
    page = await browser.get("/mon-profil")
    assert (page.status, "Indisponible pour le moment" in page.text) == (200, True)
