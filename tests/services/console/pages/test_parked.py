"""« En attente », from a book: a record that was not believed is shown by its place, and how often it was tried."""

from services.console.domain.words import Role
from tests.services.console.ops_book import AT, PARKED
from tests.services.console.services import Services
from tests.services.console.world import world

RECORD = {
    "_id": "record|identity.events.v1|3|17", "kind": "record", "consumer": "identity.events.v1", "stream": "3",
    "version": 17, "event_id": "record|identity.events.v1|3|17", "error": "UnknownSignature", "at": AT, "waiting": 0,
    "attempts": 2,
}  # fmt: skip


async def test_a_record_is_shown_by_its_place_and_can_be_tried_again():
    services = Services()
    services.ops.parked = [PARKED, RECORD]
    console = world(services=services)
    browser = console.browser()
    await browser.sign_in(await console.staff(Role.OPERATIONS))
    page = await browser.get("/exploitation/cards/attente")
    assert "identity.events.v1 partition 3 place 17 enregistrement UnknownSignature (2 essais)" in page.text
    assert page.html.count("par=stream") == 1, "the partition of a topic is no stream"
    [form] = [
        one for one in page.forms if one.action.endswith("/cle/reprise") and one.fields.get("row") == RECORD["_id"]
    ]
    await browser.send(form, reason="la clé est arrivée", ticket="")
    assert services.of("/internal/ops/parked/record|identity.events.v1|3|17") == [
        {"action": "retry", "reason": "la clé est arrivée"}
    ]
