"""Whatever a page of the console is asked, and whatever stands in a form: a page that says so, and no 5xx."""

import asyncio
import uuid
from typing import Any, Final
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.console.acts import doors
from services.console.domain.words import Role
from services.console.main import PAGES
from tests.scale import sized
from tests.services.console.services import CLAIRE, ITEM, NIR, documents
from tests.services.console.world import CODE, ORIGIN, Person, World, world
from tests.web import read

EXAMPLES: Final = sized(3, 100)
SERVER_ERROR: Final = 500
WORDS: Final = st.one_of(
    st.sampled_from(
        ["", "cards", "fill", "compare", "flip", "job-1", "toy.summary", CLAIRE, ITEM, NIR, "oui", "0", "1"]
    ),
    st.text(max_size=20),
)
NAMES: Final = (
    "reason", "ticket", "kind", "projection", "person", "since", "limit", "again", "consumer", "error", "cap", "row",
    "nir", "naissance-jour", "naissance-mois", "naissance-annee", "purpose", "login", "role", "mandat-jour",
    "mandat-mois", "mandat-annee", "document", "surname", "postcode", "iban", "what", "place", "honour", "decision",
    "service", "modele", "cle", "le", "par", "nom", "accord", "jour-jour", "jour-mois", "jour-annee", "otp", "code",
)  # fmt: skip
ROUTES: Final = [
    (method, route.path)
    for module in PAGES
    for route in module.router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


async def cookie_of(console: World, person: Person) -> str:
    """A new session: some forms end it."""
    console.clock.move(30)
    otp = person.otp(console.clock.now())
    opened = await doors.sign_in(console.office, str(uuid.uuid4()), "c", person.login, CODE, otp)
    session = await console.site.sessions.sign_in(await console.site.sessions.open(None), opened.staff_id)
    session.change(console_session=opened.session_id)
    await console.site.sessions.keep(session)
    return session.cookie


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATIONS, Role.AGENT, Role.AUDITOR])
def test_no_form_breaks_a_page(role: Role) -> None:
    loop = asyncio.new_event_loop()
    console = world(posts_per_10_minutes=10**9, look_ups_per_day=10**9, wrong_look_ups_per_day=10**9)
    console.services.open_items.append(documents())
    chief = loop.run_until_complete(console.first())
    person = chief if role is Role.SUPERVISOR else loop.run_until_complete(console.staff(role, by=chief))
    browser = console.browser()
    answered: dict[tuple[str, str], set[int]] = {}

    async def sent(method: str, path: str, fields: dict[str, str]) -> int:
        browser.client.cookies.set("__Host-sid", await cookie_of(console, person))
        if method == "GET":
            answer = await browser.client.get(path, params=fields, headers={"Sec-Fetch-Site": "same-origin"})
        else:
            token = read(await browser.client.get("/accueil")).form("/deconnexion").fields["jeton"]
            data = {**fields, "jeton": token, "commande": str(uuid.uuid4())}
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
            answer = await browser.client.post(path, data=data, headers=headers)
        assert answer.status_code < SERVER_ERROR, (method, path, fields, answer.text[:500])
        return answer.status_code

    def attack(method: str, template: str) -> None:
        @given(data=st.data(), fields=st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=8))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def hold(data: Any, fields: dict[str, str]) -> None:
            path = "/".join(
                quote(data.draw(WORDS.filter(bool)), safe="") if part.startswith("{") else part
                for part in template.split("/")
            )
            answered.setdefault((method, template), set()).add(loop.run_until_complete(sent(method, path, fields)))

        hold()

    for method, template in ROUTES:
        attack(method, template)
    loop.run_until_complete(browser.client.aclose())
    loop.close()
    assert answered.keys() == set(ROUTES)
