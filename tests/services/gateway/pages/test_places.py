"""« Localiser une borne Vitale » and « Rechercher un professionnel »: public, and a position goes no further."""

import re
from html import unescape

import pytest

from services.gateway.pages import places_words as words
from services.gateway.pages.places_asked import Looking, position
from tests.services.gateway.fake_places import COARSE, OFFICE, PHARMACY, place
from tests.services.gateway.fakes import World, world
from tests.web import FoundForm, Page

HERE = {"lat": "43.124", "lon": "5.928"}


@pytest.fixture
def site() -> World:
    return world()


async def test_both_pages_are_for_everybody(site: World) -> None:
    for path in ("/lieux/annuaire", "/lieux/bornes-vitale"):
        page = await site.browser().get(path)
        assert page.status == 200
        assert "Commune ou code postal" in page.text
    assert site.places.calls == []


async def test_a_commune_leads_to_a_list_with_what_is_known(site: World) -> None:
    page = await site.browser().get("/lieux/annuaire?ou=toulon")
    assert site.places.last("in_commune")["commune"] == "83137"
    assert "6 résultats à moins de 10 km de toulon" in page.text
    for said in ("Dr Zoé KERMARREC 1", "Cardiologie", "Secteur 1 : tarifs fixés", "Accepte la carte Vitale", "1 rue du Four", "83000 Toulon",
                 "À 100 m, à l'adresse", "Appeler 01 99 00 00 01"):  # fmt: skip
        assert said in page.text, said
    assert 'href="tel:0199000001"' in page.html
    assert "directions?route=%3B43.12100%2C5.93000" in page.html


async def test_two_communes_that_may_be_meant_are_asked_for(site: World) -> None:
    page = await site.browser().get("/lieux/annuaire?ou=tou&quoi=doctor&nom=kermarec")
    assert "Quelle commune ?" in page.text
    assert 'href="/lieux/annuaire?commune=83137&amp;quoi=doctor&amp;nom=kermarec' in page.html
    assert "in_commune" not in [name for name, _ in site.places.calls]


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Saisissez une commune"), ("zzz", "Nous ne connaissons pas cette commune")]
)
async def test_a_place_that_is_none_is_said_beside_the_field(site: World, typed: str, said: str) -> None:
    page = await site.browser().get(f"/lieux/annuaire?ou={typed}&nom=martin")
    assert page.status == 422
    assert page.text.count(said) == 2, "in the summary and beside the field"
    assert "Erreur :" in page.text
    assert 'value="martin"' in page.html


async def test_filters_are_passed_on_and_nonsense_is_not(site: World) -> None:
    browser = site.browser()
    await browser.get(
        "/lieux/annuaire?commune=83137&quoi=nurse&nom=martin&secteur=2&sexe=F&vitale=oui&app=oui&optam=oui&rayon=5000"
    )
    assert site.places.last("in_commune")["filters"] == {
        "radius": 5000, "kind": ["nurse"], "name": "martin", "sector": "2", "sex": "F", "app_vitale": True, "optam": True, "vitale": True,
    }  # fmt: skip
    await browser.get("/lieux/annuaire?commune=83137&quoi=wizard&secteur=9&sexe=x&rayon=7&suite=%3Cx%3E")
    assert site.places.last("in_commune")["filters"] == {"radius": 10000}
    await browser.get("/lieux/bornes-vitale?commune=83137")
    assert site.places.last("in_commune")["filters"] == {"radius": 10000, "terminal": True}


async def test_terminals_say_whether_they_are_sure(site: World) -> None:
    page = await site.browser().get("/lieux/bornes-vitale?commune=83137")
    assert "Borne probable, à confirmer" in page.text
    assert page.text.count("Borne Vitale") >= 1
    assert "déduites du type d'établissement" in page.text


async def test_places_at_one_coarse_point_are_a_group(site: World) -> None:
    page = await site.browser().get("/lieux/annuaire?commune=83137&suite=AAAA")
    assert page.text.count("Position approximative : au centre de la commune, Toulon") == 1
    assert page.text.count("À environ 2 km, au centre de la commune") == 2
    assert [len(group.places) for group in words.grouped((place(1), place(3), *COARSE, place(2)))] == [2, 2, 1]


async def test_the_next_page_by_commune_is_a_link(site: World) -> None:
    page = await site.browser().get("/lieux/annuaire?commune=83137&nom=k")
    assert re.search(r'href="/lieux/annuaire\?commune=83137&amp;nom=k&amp;rayon=10000&amp;suite=AAAA"', page.html)


async def test_a_position_is_sent_in_a_form_and_stands_in_no_address(
    site: World, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = site.browser()
    page = await browser.get("/lieux/annuaire?quoi=doctor")
    answer = await browser.post(_here(page), lat="43.123987", lon="5.928123", quoi="doctor")
    assert answer.status == 200, "no redirect: it would have to carry the position"
    asked = site.places.last("near")
    assert (asked["latitude"], asked["longitude"], asked["filters"]["kind"]) == (43.124, 5.928, ["doctor"])
    assert "de vous" in answer.text
    assert not [
        link for link in re.findall(r'href="([^"]*)"', answer.html) if "43.124" in link and "openstreetmap" not in link
    ]
    written = capsys.readouterr()
    assert "43.12" not in written.out + written.err
    assert all("43.12" not in row.model_dump_json() for row in site.sessions.rows.values())


def _here(page: Page) -> FoundForm:
    return next(one for one in page.forms if one.action == "/lieux/annuaire" and one.method == "post")


async def test_the_next_page_around_a_position_is_a_form(site: World) -> None:
    browser = site.browser()
    page = await browser.get("/lieux/annuaire")
    first = await browser.post(_here(page), **HERE)
    following = [one for one in first.forms if one.fields.get("suite")]
    assert following[0].fields | HERE == following[0].fields
    await browser.post(following[0])
    assert site.places.last("near")["filters"]["after"] == "AAAA"


@pytest.mark.parametrize(
    "fields",
    [{}, {"lat": "x", "lon": "5"}, {"lat": "91", "lon": "5"}, {"lat": "nan", "lon": "5"}, {"lat": "43", "lon": "181"}],
)
async def test_no_position_is_said_and_a_commune_asked_for(site: World, fields: dict[str, str]) -> None:
    browser = site.browser()
    page = await browser.post(_here(await browser.get("/lieux/annuaire")), **fields)
    assert page.status == 422
    assert "Nous n'avons pas reçu votre position" in page.text


async def test_another_site_cannot_ask(site: World) -> None:
    answer = await site.browser().client.post("/lieux/annuaire", data=HERE, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert site.places.calls == []


async def test_a_place_has_a_page_of_its_own(site: World) -> None:
    page = await site.browser().get(f"/lieux/fiche/{PHARMACY.place_id}")
    for said in (
        "Pharmacie du Port",
        "Mettre à jour votre carte Vitale",
        "appelez pour le confirmer",
        "Informations du 12 novembre 2026",
    ):
        assert said in page.text, said
    office = await site.browser().get(f"/lieux/fiche/{OFFICE.place_id}")
    assert "Imprimer une attestation" in office.text
    for unknown in ("00000000-0000-0000-0000-00000000ffff", "x", "..%2f"):
        assert (await site.browser().get(f"/lieux/fiche/{unknown}")).status == 404


async def test_the_card_of_whom_two_files_have_names_both_and_their_dates(site: World) -> None:
    sources = [
        {"source": "rpps", "as_of": "2026-11-12T00:00:00Z"},
        {"source": "ameli", "as_of": "2026-11-20T00:00:00Z"},
    ]
    doctor = place(5, specialities=["Cardiologie", "Médecine vasculaire"], sources=sources)
    site.places.known = (doctor,)
    text = (await site.browser().get(f"/lieux/fiche/{doctor.place_id}")).text
    for said in (
        "Cardiologie, Médecine vasculaire",
        "le répertoire des professionnels (RPPS), au 12 novembre 2026",
        "l'annuaire santé de l'Assurance Maladie, au 20 novembre 2026",
    ):
        assert said in text, said
    assert "Informations du" not in text


@pytest.mark.parametrize(
    ("referer", "href", "words"),
    [
        ("/lieux/annuaire?commune=83137&ou=Toulon&quoi=doctor&suite=AAAA&x=1", "/lieux/annuaire?commune=83137&amp;quoi=doctor&amp;rayon=10000&amp;ou=Toulon&amp;suite=AAAA", "Retour aux résultats"),
        ("/lieux/bornes-vitale?ou=83000", "/lieux/bornes-vitale?rayon=10000&amp;ou=83000", "Retour aux résultats"),
        ("/lieux/bornes-vitale", "/lieux/bornes-vitale", "Retour aux bornes Vitale"),
        ("/lieux/annuaire", "/lieux/annuaire", "Retour à l'annuaire"),
        ("/mon-compte?x=1", "/lieux/annuaire", "Retour à l'annuaire"),
        ("https://ailleurs.example/lieux/annuaire?ou=x", "/lieux/annuaire", "Retour à l'annuaire"),
    ],
)  # fmt: skip
async def test_back_leads_to_the_results_where_their_address_says_what_was_asked(
    site: World, referer: str, href: str, words: str
) -> None:
    client = site.browser().client
    headers = {"referer": referer if referer.startswith("https") else f"{client.base_url}".rstrip("/") + referer}
    text = (await client.get(f"/lieux/fiche/{PHARMACY.place_id}", headers=headers)).text
    assert f'href="{href}"' in text, text[text.index("Page précédente") :][:300]
    assert words in unescape(text)


async def test_suggestions_are_names_with_postcodes(site: World) -> None:
    answer = await site.browser().client.get("/lieux/communes?texte=tou")
    assert answer.json() == ["Toul (54200)", "Toulon (83000)"]


async def test_down_is_said_and_the_rest_of_the_site_stands(site: World) -> None:
    site.places.down = True
    page = await site.browser().get("/lieux/annuaire?commune=83137")
    assert page.status == 503
    assert (await site.browser().get("/lieux/annuaire")).status == 200


async def test_only_these_pages_may_ask_where_one_is(site: World) -> None:
    for path in ("/lieux/annuaire", "/lieux/bornes-vitale?commune=83137"):
        headers = (await site.browser().client.get(path)).headers
        assert "geolocation=(self)" in headers["Permissions-Policy"]
        assert "img-src 'self';" in headers["Content-Security-Policy"]
    assert "geolocation=()" in (await site.browser().client.get("/")).headers["Permissions-Policy"]


async def test_tiles_of_the_ign_are_off_unless_set_and_agreed_to() -> None:
    off = world()
    assert "IGN" not in (await off.browser().get("/lieux/annuaire?commune=83137")).text
    site = world(ign_tiles=True)
    browser = site.browser()
    page = await browser.get("/lieux/annuaire?commune=83137")
    assert "Afficher le plan de l'IGN" in page.text
    assert "geopf" not in page.answer.headers["Content-Security-Policy"]
    agreed = await browser.send(page.form("/lieux/fond-de-carte"))
    assert agreed.path == "/lieux/annuaire"
    page = await browser.get("/lieux/annuaire?commune=83137")
    assert "img-src 'self' https://data.geopf.fr;" in page.answer.headers["Content-Security-Policy"]
    assert 'data-tiles="ign"' in page.html
    assert "geopf" not in (await browser.get("/")).answer.headers["Content-Security-Policy"]
    await browser.send(page.form("/lieux/fond-de-carte"))
    page = await browser.get("/lieux/annuaire?commune=83137")
    assert "geopf" not in page.answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("metres", "said"), [(100, "100 m"), (1000, "1 km"), (2400, "2,4 km"), (None, ""), (95_000, "95 km")]
)
def test_distances_as_people_say_them(metres: int | None, said: str) -> None:
    assert words.distance(metres).replace("\u00a0", " ") == said


def test_a_route_leads_to_the_point_or_to_the_address() -> None:
    assert "directions" in words.route(place(1))
    assert words.route(COARSE[0]).endswith("query=83000%20Toulon")


def test_what_is_no_answer_counts_as_not_said() -> None:
    assert Looking.read({}) == Looking()
    assert Looking.read({"commune": "2A004"}).commune == "2A004"
    assert Looking.read({"commune": "x" * 5, "quoi": "?", "rayon": "1"}) == Looking()
    assert position({"lat": "43.1", "lon": "5.9"}) == (43.1, 5.9)
    assert position({"lat": "inf", "lon": "5.9"}) is None
