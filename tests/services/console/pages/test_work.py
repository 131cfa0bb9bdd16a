"""« Tâches » as agents use it: over all services, with age and owner; each decision with a reason."""

import httpx

from services.console.acts import accounts
from services.console.domain.ids import PersonId
from services.console.domain.words import Part, Role
from services.console.read_models.file_reads import file_reads
from tests.services.console.services import CLAIRE, ITEM, documents
from tests.services.console.world import Browser, Person, World

PATH = f"/taches/cards/vitale-documents/{ITEM}"


async def agents(console: World) -> tuple[tuple[Person, Browser], tuple[Person, Browser]]:
    chef = await console.first()
    found = []
    for login in ("one", "two"):
        person, browser = await console.staff(Role.AGENT, login, by=chef), console.browser()
        await browser.sign_in(person)
        found.append((person, browser))
    console.services.open_items.append(documents())
    return found[0], found[1]


async def test_what_waits_is_listed_with_its_age(console: World) -> None:
    (_, browser), _ = await agents(console)
    page = await browser.get("/taches")
    assert "Photo et pièce d'identité à vérifier" in page.text
    assert "2 jours" in page.text
    assert "personne" in page.text
    console.services.down.add("geo")
    assert "Le service « geo » ne répond pas" in (await browser.get("/taches")).text


async def test_where_more_waits_than_is_listed_it_is_said(console: World) -> None:
    (_, browser), _ = await agents(console)
    assert "sont listées" not in (await browser.get("/taches")).text
    console.services.full.add("vitale-documents")
    page = await browser.get("/taches")
    assert "Photo et pièce d'identité à vérifier : 1 000 tâches sont listées" in page.text


async def test_an_item_is_taken_by_one_and_left_alone_by_the_others(console: World) -> None:
    (_, mine), (_, theirs) = await agents(console)
    before = await theirs.get(PATH)
    page = await mine.get(PATH)
    page = await mine.send(page.form(f"{PATH}/prise"))
    assert "Suivie par vous" in page.text
    page = await theirs.send(before.form(f"{PATH}/prise"))
    assert page.status == 409
    assert "Un autre agent s'occupe de cette tâche." in page.text
    assert "un autre agent" in (await theirs.get("/taches")).text
    page = await mine.get(PATH)
    await mine.send(page.form(f"{PATH}/retour"))
    page = await theirs.send(before.form(f"{PATH}/prise"), commande="")
    assert page.status == 200


async def test_a_photo_is_looked_at_once_that_is_recorded(console: World) -> None:
    (_, mine), (_, theirs) = await agents(console)
    page = await mine.get(PATH)
    await mine.send(page.form(f"{PATH}/prise"))
    answer = await mine.client.get(f"{PATH}/fichiers/photo")
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", b"\xff\xd8 a photo")
    [one] = await console.office.queries.find(file_reads, person_id=CLAIRE)
    assert (one.part, one.purpose) == (Part.DOCUMENTS, "request")
    assert (await theirs.client.get(f"{PATH}/fichiers/photo")).status_code == 409


async def test_what_a_member_has_reported_is_shown_and_not_put_into_a_folder(console: World) -> None:
    (_, mine), _ = await agents(console)
    console.services.open_items[0]["files"] = ["report"]
    console.services.control = lambda *asked: (
        httpx.Response(200, content=b'{"motive":"amount"}') if asked[2].endswith("/files/report") else None
    )
    page = await mine.get(PATH)
    page = await mine.send(page.form(f"{PATH}/prise"))
    assert "Regarder : Signalement" in page.text
    answer = await mine.client.get(f"{PATH}/fichiers/report")
    assert (answer.headers["content-type"], answer.content) == ("application/json", b'{"motive":"amount"}')


async def test_a_decision_has_a_reason_and_goes_to_the_service(console: World) -> None:
    (_, mine), _ = await agents(console)
    page = await mine.get(PATH)
    page = await mine.send(page.form(f"{PATH}/prise"))
    page = await mine.send(page.form(PATH), decision="reject", reason="", **{"reject.fault": "blurred"})
    assert page.status == 422
    assert "Dites pourquoi" in page.text
    page = await mine.send(page.form(PATH), decision="burn", reason="sans raison")
    assert "Cette décision n'est pas possible ici." in page.text
    page = await mine.send(page.form(PATH), decision="reject", reason="visage flou", **{"reject.fault": "blurred"})
    assert "Votre décision est enregistrée" in page.text
    [told] = console.services.of("/decision")
    assert told == {"decision": "reject", "reason": "visage flou", "fields": {"fault": "blurred"}}
    assert "WorkDecided" in console.service.types()
    assert (await mine.get(PATH)).status == 404


async def test_nobody_decides_what_he_has_not_taken(console: World) -> None:
    (_, mine), (_, theirs) = await agents(console)
    page = await mine.get(PATH)
    page = await mine.send(page.form(f"{PATH}/prise"))
    form = page.form(PATH)
    token = (await theirs.get("/taches")).form("/deconnexion").fields["jeton"]
    form.fields["jeton"] = token
    page = await theirs.send(form, decision="validate", reason="tout va bien", commande="")
    assert page.status == 422
    assert "Prenez d'abord cette tâche." in page.text
    assert console.services.of("/decision") == []


async def test_nobody_sees_to_a_relatives_item(console: World) -> None:
    chef = await console.first()
    agent, browser = await console.staff(Role.AGENT, by=chef), console.browser()
    await accounts.name_own_files(console.office, console.by(chef), agent.staff_id, [PersonId(CLAIRE)], "sa femme")
    await browser.sign_in(agent)
    console.services.open_items.append(documents())
    page = await browser.get(PATH)
    page = await browser.send(page.form(f"{PATH}/prise"))
    assert page.status == 403
