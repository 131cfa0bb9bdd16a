"""What the member did himself over HTTP, and that taking his data away is an act."""

import uuid

from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import LINE, MEMBER
from tests.services.in_memory import InMemoryService


async def done(site: Site) -> list[tuple[str, str]]:
    found = (await site.get("/own-acts", MEMBER)).json()["acts"]
    return [(one["what"], one["by"]) for one in found]


async def test_what_the_register_and_the_fund_do_is_none_of_them(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE)
    await open_account(service)
    before = await done(site)
    assert "PersonRegistered" not in dict(before)
    await feed({**LINE, "iban": "FR7630006000011234567890189"})
    assert await done(site) == before


async def test_one_export_is_one_act_however_many_forms_it_has(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE)
    await open_account(service)
    together = {"X-Correlation-Id": str(uuid.uuid4())}
    for path in ("/export", "/export/fhir", "/export/pdf"):
        assert (await site.get(path, MEMBER, stepped_up=True, **together)).status_code == 200
    assert (await done(site))[0] == ("DataExported", "member")
    assert len([one for one in await done(site) if one[0] == "DataExported"]) == 1
    await site.get("/export", MEMBER, stepped_up=True)
    assert len([one for one in await done(site) if one[0] == "DataExported"]) == 2
    assert service.types().count("DataExported") == 2


async def test_a_session_alone_exports_nothing_and_leaves_nothing(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE)
    await open_account(service)
    assert (await site.get("/export", MEMBER)).status_code == 401
    assert "DataExported" not in dict(await done(site))
