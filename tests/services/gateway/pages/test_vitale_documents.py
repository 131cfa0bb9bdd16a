"""« Envoyer la photo et la pièce d'identité », right and wrong."""

import pytest

from services.gateway.pages.uploads import LARGEST
from services.gateway.pages.vitale_documents import PATH, WORDS
from shared.web.channel import Refused
from tests.services.gateway.fakes import Browser, World, story, world
from tests.web import NOW, Page, read

PHOTO, DOCUMENT = b"the photo", b"the document"
BOTH = {"photo": PHOTO, "identity_document": DOCUMENT}
TICKS = {"recent": "oui", "address": "oui"}


async def member(stage: str = "requested") -> tuple[World, Browser]:
    site = world()
    site.cards.story = story("lost", ("requested", NOW), (stage, NOW))
    browser = site.browser()
    await browser.sign_in()
    return site, browser


async def upload(browser: Browser, files: dict[str, bytes], **fields: str) -> Page:
    form = (await browser.get(PATH)).form(PATH)
    kept = {name: value for name, value in form.fields.items() if name not in BOTH}
    answer = await browser.client.post(
        PATH,
        data={**kept, **fields},
        files={name: (f"{name}.jpg", content, "image/jpeg") for name, content in files.items()},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": browser.world.site.settings.origin},
    )
    return read(answer)


async def test_photo_and_document_go_to_the_service_and_complete_the_order() -> None:
    site, browser = await member()
    page = await upload(browser, BOTH, **TICKS)
    assert page.path == "/ma-carte-vitale/commande"
    assert "Votre envoi est bien reçu." in page.text
    assert [one["content"] for name, one in site.cards.calls if name == "upload"] == [PHOTO, DOCUMENT]
    sent = site.cards.last("order")
    assert (sent["what"], sent["facts"]["photo_is_recent"], sent["facts"]["address_confirmed"]) == (
        "documents",
        True,
        True,
    )


async def test_the_page_shows_where_the_card_goes() -> None:
    _, browser = await member()
    assert "12 rue du Four 83000 TOULON" in (await browser.get(PATH)).text


async def test_what_is_missing_is_said_beside_its_field_and_nothing_is_sent() -> None:
    site, browser = await member()
    page = await upload(browser, {})
    assert page.status == 422
    for words in (
        "Choisissez votre photo.",
        "Choisissez l'image ou le PDF de la pièce d'identité.",
        "moins de six mois. Sinon",
    ):
        assert words in page.text
    assert "order" not in {name for name, _ in site.cards.calls}


@pytest.mark.parametrize("code", [code for code in WORDS if code != "payload-too-large"])
async def test_a_file_that_is_refused_says_why_and_the_other_one_is_kept(code: str) -> None:
    site, browser = await member()
    site.cards.upload_refusal = Refused(code, 422)
    page = await upload(browser, {"photo": PHOTO}, **TICKS)
    assert page.status == 422
    assert WORDS[code].partition(" :")[0] in page.text
    page = await upload(browser, {"identity_document": DOCUMENT}, **TICKS)
    assert "Choisissez votre photo." in page.text
    assert "Déjà reçue." in page.text
    page = await upload(browser, {"photo": PHOTO}, **TICKS)
    assert page.path == "/ma-carte-vitale/commande"


async def test_a_file_that_is_too_large_never_leaves_the_edge() -> None:
    site, browser = await member()
    page = await upload(browser, {**BOTH, "photo": b"x" * (LARGEST + 1)}, **TICKS)
    assert (page.status, "Le fichier est trop lourd : 8 Mo au plus." in page.text) == (422, True)
    assert [one["kind"] for name, one in site.cards.calls if name == "upload"] == ["identity_document"]


async def test_what_was_ticked_stays_ticked() -> None:
    _, browser = await member()
    page = await upload(browser, {}, recent="oui")
    assert page.form(PATH).fields.get("recent") == "oui"
    assert "address" not in page.form(PATH).fields


async def test_after_a_refused_photo_the_photo_alone_is_asked() -> None:
    site, browser = await member("photo_rejected")
    site.cards.story = site.cards.story.model_copy(update={"photo_fault": "blurred"})  # type: ignore[union-attr]
    assert "La photo est floue" in (await browser.get(PATH)).text
    page = await upload(browser, {"photo": PHOTO}, recent="oui")
    assert page.path == "/ma-carte-vitale/commande"
    sent = site.cards.last("order")
    assert (sent["what"], sent["facts"]["identity_document"]) == ("photo", None)


async def test_after_a_refused_document_the_document_alone_is_asked() -> None:
    site, browser = await member("photo_rejected")
    site.cards.story = site.cards.story.model_copy(update={"photo_fault": "document_unreadable"})  # type: ignore[union-attr]
    page = await upload(browser, {}, recent="oui")
    assert "Choisissez l'image ou le PDF de la pièce d'identité." in page.text
    assert (await upload(browser, {"identity_document": DOCUMENT}, recent="oui")).path == "/ma-carte-vitale/commande"


async def test_an_order_that_waits_for_nothing_shows_where_it_is() -> None:
    _, browser = await member("validated")
    assert (await browser.get(PATH)).path == "/ma-carte-vitale/commande"


async def test_an_order_that_moved_on_meanwhile_is_shown() -> None:
    site, browser = await member()
    form = (await browser.get(PATH)).form(PATH)
    assert form is not None

    async def refuse(*_: object, **__: object) -> None:
        raise Refused("vitale-documents-not-awaited", 409)

    site.cards.order = refuse  # type: ignore[assignment, method-assign]
    assert "La commande a avancé entre-temps." in (await upload(browser, BOTH, **TICKS)).text


async def test_a_form_of_another_session_is_not_read() -> None:
    site, browser = await member()
    answer = await browser.client.post(PATH, data={"jeton": "x"}, files={"photo": ("a.jpg", PHOTO)})
    assert answer.status_code == 403
    assert "upload" not in {name for name, _ in site.cards.calls}
