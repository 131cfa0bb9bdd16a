"""« Mes messages », the choice of mails, and the page that says whether a message is ours."""

import re

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fakes import MEMBER, Browser, Page, World, sent, world

REFERENCE = "7KQ2-M4XD-9VTA"
OURS = "/ce-message-vient-il-de-nous"


async def signed_in(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


async def shown(message: object) -> str:
    site = world()
    site.notifications.sent = (message,)  # type: ignore[assignment]
    return (await (await signed_in(site)).get("/mes-messages")).text


async def test_messages_are_listed_with_way_time_and_reference() -> None:
    text = await shown(sent("vitale-sent", reference=REFERENCE))
    assert "Votre nouvelle carte Vitale est en route E-mail du 24 novembre 2026 à 14 h 02" in text
    assert f"Référence {REFERENCE}" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("held", "en attente de la confirmation de votre adresse"),
        ("requested", "en cours d'envoi"),
        ("uncertain", "a peut-être été envoyé"),
        ("failed", "n'a pas pu vous être remis"),
        ("bounced", "nous est revenu"),
    ],
)
async def test_a_mail_says_how_far_it_came(status: str, words: str) -> None:
    assert words in await shown(sent("vitale-sent", status=status))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("held", "en attente de votre adresse postale"),
        ("requested", "en préparation"),
        ("spooled", "remis à l'imprimeur"),
        ("printed", "posté"),
        ("returned", "la poste nous l'a rapporté"),
        ("failed", "n'a pas pu être imprimé"),
    ],
)
async def test_a_letter_says_how_far_it_came(status: str, words: str) -> None:
    text = await shown(sent("account-created", status=status, channel="letter"))
    assert words in text
    assert "Courrier du 24 novembre 2026" in text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("unwanted", "visible ici seulement, comme vous l'avez choisi"),
        ("unreachable", "visible ici seulement : nous n'avions pas d'adresse e-mail"),
    ],
)
async def test_what_stands_here_alone_says_why(why: str, words: str) -> None:
    assert words in await shown(sent("vitale-ordered", status="filed", why_filed=why))


async def test_no_messages_say_what_will_come() -> None:
    assert "Nous vous écrivons à chaque étape" in (await (await signed_in(world())).get("/mes-messages")).text


async def test_opening_a_message_is_reading_it_once() -> None:
    site = world()
    unread = sent("vitale-sent", read=False)
    site.notifications.sent = (unread,)
    browser = await signed_in(site)
    assert "1 non lu" in (await browser.get("/mon-compte")).text
    assert "1 message non lu" in (await browser.get("/mes-messages")).text
    page = await browser.get(f"/mes-messages/{unread.message_id}")
    assert "Du nouveau pour vous : lisez ceci." in page.text
    await browser.get(f"/mes-messages/{unread.message_id}")
    reads = [arguments for what, arguments in site.notifications.calls if what == "read"]
    assert [one["message_ids"] for one in reads] == [(unread.message_id,)]
    assert "non lu" not in (await browser.get("/mes-messages")).text
    assert site.notifications.last("messages")["written"] == f"3@mailbox:{MEMBER}"


async def test_a_long_list_comes_page_by_page() -> None:
    site = world()
    site.notifications.sent = tuple(sent(f"vitale-sent-{number}", reference=f"REF-{number}") for number in range(120))
    browser = await signed_in(site)
    seen, path = [], "/mes-messages"
    while path:
        page = await browser.get(path)
        seen += re.findall(r"REF-\d+", page.text)
        found = re.search(r'href="(/mes-messages\?avant=[^"]+)"', page.html)
        path = found.group(1) if found else ""
    assert seen == [f"REF-{number}" for number in range(120)]
    assert 'href="/mes-messages">Les plus récents' in page.html
    assert (await browser.get("/mes-messages?avant=x")).status == 422


def counted(page: Page) -> str:
    found = re.search(r'href="/mes-messages"[^>]*>Mes messages(.*?)</a>', page.html, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found.group(1)).strip()


async def test_every_page_says_how_many_messages_are_not_read() -> None:
    site = world()
    site.notifications.sent = (sent("vitale-sent", read=False), sent("vitale-ordered", read=False), sent("a"))
    browser = await signed_in(site)
    assert counted(await browser.get("/ma-carte-vitale")) == "2 non lus"
    await browser.get("/mon-profil")
    assert [name for name, _ in site.notifications.calls].count("unread") == 0, (
        "home has said it, and it is asked once a minute"
    )
    first, second, _ = site.notifications.sent
    await browser.get(f"/mes-messages/{first.message_id}")
    assert counted(await browser.get("/ma-carte-vitale")) == "1 non lu"
    await browser.get(f"/mes-messages/{second.message_id}")
    assert counted(await browser.get("/ma-carte-vitale")) == ""


async def test_a_hundred_are_many_and_without_the_service_nothing_is_said() -> None:
    site = world()
    site.notifications.sent = tuple(sent(f"a{number}", read=False) for number in range(101))
    browser = await signed_in(site)
    assert counted(await browser.get("/ma-carte-vitale")) == "99+ non lus"
    site.notifications.down = True
    site.clock.pass_(minutes=2)
    page = await browser.get("/ma-carte-vitale")
    assert (page.status, counted(page)) == (200, "")


async def test_all_can_be_marked_as_read() -> None:
    site = world()
    site.notifications.sent = (sent("vitale-sent", read=False), sent("vitale-ordered"), sent("a", read=False))
    browser = await signed_in(site)
    page = await browser.get("/mes-messages")
    assert "2 messages non lus" in page.text
    page = await browser.send(page.form("/mes-messages/lus"))
    assert page.path == "/mes-messages"
    assert "non lu" not in page.text


async def test_a_link_or_code_is_not_shown_again() -> None:
    site = world()
    site.notifications.secret = True
    site.notifications.sent = (sent("email-validation"),)
    page = await (await signed_in(site)).get(f"/mes-messages/{site.notifications.sent[0].message_id}")
    assert "contenait un lien ou un code" in page.text


@pytest.mark.parametrize("which", ["8f14e45f-ceea-467f-9b1e-5a3c1b7d2e60", "rien"])
async def test_a_message_that_does_not_exist_is_a_page(which: str) -> None:
    page = await (await signed_in(world())).get(f"/mes-messages/{which}")
    assert page.status in {404, 422}


async def test_a_member_chooses_his_mails() -> None:
    site = world()
    browser = await signed_in(site)
    page = await browser.get("/mes-messages/choix")
    form = page.form("/mes-messages/choix")
    assert form.fields["topic-vitale-progress"] == "oui"
    assert "vous sont toujours envoyés" in page.text
    del form.fields["topic-vitale-progress"]
    page = await browser.send(form)
    assert (page.path, site.notifications.unwanted) == ("/mes-messages", {"vitale-progress"})
    assert "Vos choix sont enregistrés." in page.text
    assert "topic-vitale-progress" not in (await browser.get("/mes-messages/choix")).form().fields


async def test_an_address_that_bounces_is_said() -> None:
    site = world()
    site.notifications.bounced = True
    browser = await signed_in(site)
    for path in ("/mes-messages", "/mes-messages/choix"):
        assert "Votre adresse e-mail ne reçoit plus nos messages" in (await browser.get(path)).text


async def test_at_the_next_sign_in_another_address_is_asked_for() -> None:
    site = world()
    site.identity.bounced = True
    page = await (await signed_in(site)).get("/mon-compte")
    assert "Votre adresse e-mail ne reçoit plus nos messages" in page.text
    assert 'href="/ma-securite/adresse-electronique"' in page.html
    assert 'href="/creer-mon-compte/code-provisoire"' in page.html


async def test_whoever_holds_a_reference_learns_kind_and_date() -> None:
    site = world()
    site.notifications.sent = (sent("vitale-sent", reference=REFERENCE),)
    page = await site.browser().fill(OURS, reference="7kq2-m4xd-9vta")
    assert page.status == 200
    for words in ("Oui, un message de la caisse", "E-mail : « Votre nouvelle carte Vitale", "24 novembre 2026"):
        assert words in page.text
    assert "14 h" not in page.text
    assert REFERENCE.lower() not in str(page.answer.url)


async def test_another_reference_is_not_ours() -> None:
    page = await world().browser().fill(OURS, reference="AAAA-BBBB-2222")
    assert page.status == 422
    assert "Aucun message de la caisse ne porte cette référence." in page.text
    assert "ne suivez pas ses liens" in page.text
    assert 'value="AAAA-BBBB-2222"' in page.html


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-M4XD-9VTA-2222"])
async def test_what_is_no_reference_is_said_before_anybody_is_asked(typed: str) -> None:
    site = world()
    page = await site.browser().fill(OURS, reference=typed)
    assert page.status == 422
    assert site.notifications.calls == []


async def test_references_cannot_be_tried_without_end() -> None:
    site = world(posts_per_10_minutes=2)
    browser = site.browser()
    answers = [(await browser.fill(OURS, reference="AAAA-BBBB-2222")).status for _ in range(3)]
    assert answers == [422, 422, 429]


async def test_another_refusal_is_not_taken_for_an_answer() -> None:
    site = world()
    site.notifications.refusal = Refused("issuer-refused", 403)
    assert (await site.browser().fill(OURS, reference=REFERENCE)).status == 403


async def test_the_page_is_linked_from_every_page() -> None:
    assert f'href="{OURS}"' in (await world().browser().get("/")).html
