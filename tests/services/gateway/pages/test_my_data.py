"""« Mes données »: three files, after a confirmation of identity."""

import json

from tests.services.gateway.fakes import world
from tests.services.gateway.pages.test_profile import member, stepped_up

BASE = "/mes-donnees"


async def test_three_files_after_a_confirmation_of_identity() -> None:
    site = world()
    browser, page = await stepped_up(site, f"{BASE}/telecharger")
    for kind in ("pdf", "json", "fhir"):
        assert f'href="{BASE}/fichier/{kind}"' in page.html
        answer = await browser.client.get(f"{BASE}/fichier/{kind}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
        assert site.exports.last("file")["who"].access == "step-up"
    whole = await browser.client.get(f"{BASE}/fichier/zip")
    assert (whole.headers["content-type"], whole.content[:2]) == ("application/zip", b"PK")
    data = await browser.client.get(f"{BASE}/fichier/json")
    assert json.loads(data.content) == {"identity": {"email": "c@exemple.fr"}}
    assert (await browser.client.get(f"{BASE}/fichier/xml")).status_code == 404


async def test_the_way_there_and_no_file_without_it() -> None:
    site = world()
    browser = await member(site)
    assert f'href="{BASE}/telecharger"' in (await browser.get(BASE)).html
    assert (await browser.get(f"{BASE}/fichier/pdf")).path == "/confirmation-identite"
    assert site.exports.calls == []
