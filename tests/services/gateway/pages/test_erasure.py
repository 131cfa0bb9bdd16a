"""« Fermer mon compte et effacer mes données »: what is said before, the days to think again, the link, the proof."""

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fake_erasures import CODE as PROOF
from tests.services.gateway.fake_erasures import REFERENCE
from tests.services.gateway.fakes import World, world
from tests.services.gateway.pages.test_profile import member, stepped_up

BASE = "/mes-donnees/effacement"
WAITING = "/effacement"
LINK = "/annuler-effacement/66666666-6666-4666-8666-666666666666.1.abc"
CERTIFICATE = "/certificat-effacement"


class TestAsking:
    async def test_what_goes_and_what_stays_is_said_before(self) -> None:
        page = await (await member(world())).get(BASE)
        for words in ("Vos messages", "10 ans après la fin de vos droits", "jusqu'au 8 décembre", "pour toujours"):
            assert words.lower() in page.text.lower(), words
        assert "art. L123-22 (durée provisoire)" in page.text
        assert "son service juridique doit encore la confirmer" in page.text
        assert f'href="{BASE}/demande"' in page.html

    async def test_a_hold_is_told(self) -> None:
        site = world()
        site.erasures.held = True
        assert "rien ne sera effacé" in (await (await member(site)).get(BASE)).text

    async def test_it_takes_a_confirmation_of_identity_and_a_tick(self) -> None:
        site = world()
        browser = await member(site)
        assert (await browser.get(f"{BASE}/demande")).path == "/confirmation-identite"
        browser, page = await stepped_up(site, f"{BASE}/demande")
        page = await browser.fill(f"{BASE}/demande")
        assert (page.status, "Cochez la case" in page.text) == (422, True)
        assert "request" not in [name for name, _ in site.erasures.calls]

    async def test_then_one_page_is_left(self) -> None:
        site = world()
        browser, _ = await stepped_up(site, f"{BASE}/demande")
        page = await browser.fill(f"{BASE}/demande", understood="oui")
        assert page.path == WAITING
        assert site.keys.last("end_others")["command_id"] != site.erasures.last("request")["command_id"]
        assert REFERENCE in page.text
        assert PROOF in page.text
        for path in ("/mon-compte", "/mes-remboursements", "/ma-carte-vitale", "/mes-messages", "/mes-donnees"):
            assert (await browser.get(path)).path == WAITING, path

    async def test_signing_in_leads_there_too(self) -> None:
        site = world()
        site.erasures.requested = True
        site.identity.confirmed = True
        site.identity.opens = site.identity._opened().model_copy(update={"closing": True})
        browser = site.browser()
        await browser.sign_in()
        assert (await browser.get("/mon-compte")).path == WAITING

    async def test_asked_elsewhere_meanwhile_it_is_the_same(self) -> None:
        site = world()
        browser, _ = await stepped_up(site, f"{BASE}/demande")
        site.erasures.requested = True
        site.erasures.refusal = None
        page = await browser.fill(f"{BASE}/demande", understood="oui")
        assert page.path == WAITING


class TestTakingItBack:
    async def waiting(self, site: World) -> object:
        browser, _ = await stepped_up(site, f"{BASE}/demande")
        await browser.fill(f"{BASE}/demande", understood="oui")
        return browser

    async def test_in_the_account(self) -> None:
        site = world()
        browser, _ = await stepped_up(site, f"{BASE}/demande")
        await browser.fill(f"{BASE}/demande", understood="oui")
        page = await browser.send((await browser.get(WAITING)).form(f"{WAITING}/annuler"))
        assert page.path == "/mon-compte"
        assert "L'effacement est annulé" in page.text

    async def test_taken_back_elsewhere_the_account_is_open_again(self) -> None:
        site = world()
        browser, _ = await stepped_up(site, f"{BASE}/demande")
        await browser.fill(f"{BASE}/demande", understood="oui")
        site.erasures.requested = False
        assert (await browser.get("/mon-compte")).path == "/mon-compte"

    async def test_by_the_link_with_a_button(self) -> None:
        site = world()
        browser = site.browser()
        page = await browser.get(LINK)
        assert site.erasures.calls == []
        assert "Annuler l'effacement" in page.text
        page = await browser.fill(LINK)
        assert "L'effacement est annulé" in page.text

    async def test_too_late_it_leads_to_the_certificate(self) -> None:
        site = world()
        site.erasures.late = True
        page = await site.browser().fill(LINK)
        assert (page.status, f'href="{CERTIFICATE}"' in page.html) == (410, True)

    async def test_another_form_of_link_is_none(self) -> None:
        assert (await world().browser().get("/annuler-effacement/a%20b")).status == 404


class TestCertificate:
    async def test_for_whoever_has_reference_and_code(self) -> None:
        site = world()
        browser = site.browser()
        page = await browser.fill(CERTIFICATE, reference=REFERENCE, code=PROOF)
        assert "Tous nos services l'ont confirmé" in page.text
        assert page.path == CERTIFICATE
        assert REFERENCE not in str(page.path)

    async def test_a_wrong_code_is_refused_beside_the_field(self) -> None:
        page = await world().browser().fill(CERTIFICATE, reference=REFERENCE, code="AAAA")
        assert (page.status, "ne vont pas ensemble" in page.text) == (422, True)
        assert "AAAA" not in page.html

    async def test_nothing_typed(self) -> None:
        site = world()
        page = await site.browser().fill(CERTIFICATE)
        assert (page.status, site.erasures.calls) == (422, [])

    async def test_identity_is_down(self) -> None:
        site = world()
        site.erasures.down = True
        assert (await site.browser().fill(CERTIFICATE, reference=REFERENCE, code=PROOF)).status == 503


@pytest.mark.parametrize("code", ["erasure-closed"])
async def test_identity_may_close_a_page_by_itself(code: str) -> None:
    site = world()
    browser = await member(site)
    site.erasures.requested = True
    site.persons.refusal = Refused(code, 403)
    assert (await browser.get("/mon-profil")).path == WAITING
