"""What a program can do: the same as the pages, with keys against doing twice and tags against overwriting."""

import asyncio
import uuid

import pytest

from services.gateway.clients.cards import Seen
from shared.web.channel import Fresh, Refused
from tests.services.gateway.api.program import Program, program
from tests.services.gateway.fake_reimbursements import LINE, ROW
from tests.services.gateway.fakes import CARD, MEMBER, World, sent, story, world
from tests.web import NOW

CHILD = "2d1f6e0a-9d4e-4b7c-8c8a-6a0f0e1d2c03"
LOSS = {"card_id": CARD, "reason": "lost", "happened_on": "2026-11-20", "place": "Toulon"}
KEY = "3f1c2f64-51c8-4a7c-9d5e-2b8d9a6f0e11"


@pytest.fixture
def site() -> World:
    return world()


@pytest.fixture
async def phone(site: World) -> Program:
    return await program(site, acr_values="step-up")


async def test_services_are_told_that_a_program_asks_and_that_a_page_does(site: World, phone: Program) -> None:
    await phone.call("POST", "/persons/me/vitale/reports", json=LOSS)
    assert site.cards.last("report")["who"].claims()["by_program"] is True
    browser = site.browser()
    await browser.sign_in()
    await browser.get("/ma-carte-vitale")
    assert site.cards.last("all_of")["who"].claims()["by_program"] is False


class TestOnce:
    async def test_a_command_without_a_key_is_refused(self, phone: Program) -> None:
        refused = await phone.call("POST", "/persons/me/vitale/reports", key=None, json=LOSS)
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency-key-missing")
        assert not [name for name, _ in phone.world.cards.calls if name == "report"]

    async def test_a_key_is_a_uuid(self, phone: Program) -> None:
        refused = await phone.call("POST", "/persons/me/vitale/reports", key="mine", json=LOSS)
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency-key-invalid")

    async def test_the_key_is_the_command_s_id(self, phone: Program) -> None:
        done = await phone.call("POST", "/persons/me/vitale/reports", key=f'"{KEY}"', json=LOSS)
        assert (done.status_code, done.json()) == (201, {"declaration_id": KEY})
        assert phone.world.cards.last("report")["command_id"] == KEY

    async def test_a_key_that_has_served_for_something_else_is_refused(self, phone: Program) -> None:
        phone.world.cards.refusal = Refused("command-reused", 422, title="Cet identifiant a déjà servi")
        refused = await phone.call("POST", "/persons/me/vitale/reports", key=KEY, json=LOSS)
        assert (refused.status_code, refused.json()["code"]) == (422, "command-reused")
        assert refused.json()["title"] == "Cet identifiant a déjà servi"

    async def test_two_at_a_time_are_one_and_a_refusal(self, phone: Program) -> None:
        go_on = asyncio.Event()

        async def slow(*_: object, **__: object) -> Fresh[None]:
            await go_on.wait()
            raise Refused("conflict", 409)

        phone.world.cards.report = slow  # type: ignore[method-assign, assignment]
        first = asyncio.create_task(phone.call("POST", "/persons/me/vitale/reports", key=KEY, json=LOSS))
        await asyncio.sleep(0.05)
        second = await phone.call("POST", "/persons/me/vitale/reports", key=KEY, json=LOSS)
        assert (second.status_code, second.json()["code"]) == (409, "request-in-flight")
        go_on.set()
        assert (await first).json()["code"] == "conflict"
        third = await phone.call("POST", "/persons/me/vitale/reports", key=KEY, json=LOSS)
        assert third.json()["code"] == "conflict"

    async def test_the_next_query_waits_for_what_was_written(self, phone: Program) -> None:
        await phone.call("POST", "/persons/me/vitale/reports", json=LOSS)
        await phone.call("GET", "/persons/me/vitale")
        assert phone.world.cards.last("vitale")["written"] == f"3@vitale:{MEMBER}"

    async def test_a_query_says_how_far_behind_it_is(self, phone: Program) -> None:
        phone.world.cards.lag = 2
        assert (await phone.call("GET", "/persons/me/vitale")).headers["x-lag"] == "2"


class TestNothingOverwritten:
    @pytest.mark.parametrize(
        ("path", "method", "read", "body"),
        [
            ("/profile/address", "PUT", "/profile", {"lines": ["1 rue Haute"], "postcode": "83000", "city": "TOULON", "country": "FR"}),
            ("/bank-details/changes", "POST", "/bank-details", {"iban": "FR7630006000011234567890189"}),
            ("/messages/preferences", "PUT", "/messages/preferences", {"unwanted": ["vitale-progress"]}),
        ],
    )  # fmt: skip
    async def test_whoever_changes_has_read(
        self, phone: Program, path: str, method: str, read: str, body: dict[str, object]
    ) -> None:
        blind = await phone.call(method, path, json=body)
        assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
        late = await phone.call(method, path, json=body, headers={"If-Match": '"of-yesterday"'})
        assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")
        tag = (await phone.call("GET", read)).headers["etag"]
        known = await phone.call("GET", read, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
        done = await phone.call(method, path, json=body, headers={"If-Match": tag})
        assert done.status_code == 204, done.text
        anew = await phone.call("GET", read, headers={"If-None-Match": tag})
        assert (anew.status_code, anew.headers["etag"] != tag) == (200, True)


class TestWhatMatters:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "/account/email", {"email": "autre@exemple.fr"}),
            ("PUT", "/account/code", {"code": "Deux-chênes-9"}),
            ("PUT", "/profile/address", {"lines": ["x"], "postcode": "83000", "city": "x", "country": "FR"}),
            ("POST", "/bank-details/checks", {"iban": "FR76"}),
            ("POST", "/bank-details/changes", {"iban": "FR76"}),
            ("GET", "/account/data/pdf", None),
        ],
    )
    async def test_it_asks_for_a_member_who_has_just_confirmed(
        self, site: World, method: str, path: str, body: dict[str, object] | None
    ) -> None:
        refused = await (await program(site)).call(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (401, "step-up-required")
        assert 'acr_values="step-up"' in refused.headers["www-authenticate"]

    async def test_ten_minutes_later_he_confirms_again(self, phone: Program) -> None:
        phone.world.clock.pass_(minutes=11)
        refused = await phone.call("POST", "/bank-details/checks", json={"iban": "FR76"})
        assert refused.json()["code"] == "step-up-required"


class TestPersons:
    async def test_a_child_s_cards_are_his_parent_s_to_see(self, phone: Program) -> None:
        phone.world.cards.family = (*phone.world.cards.family, Seen(person_id=CHILD, given_names="Inès", age=9))
        assert (await phone.call("GET", f"/persons/{CHILD}/vitale")).status_code == 200
        who = phone.world.cards.last("vitale")["who"]
        assert (who.member, who.person) == (MEMBER, CHILD)

    async def test_a_stranger_s_are_not(self, phone: Program) -> None:
        phone.world.cards.calls.clear()
        refused = await phone.call("GET", f"/persons/{CHILD}/vitale")
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
        assert not [name for name, _ in phone.world.cards.calls if name == "vitale"]

    async def test_a_card_that_is_not_there_is_not_found(self, phone: Program) -> None:
        phone.world.cards.card = None
        assert (await phone.call("GET", "/persons/me/vitale")).json()["code"] == "not-found"

    async def test_what_is_said_of_an_order_reaches_it(self, phone: Program) -> None:
        order = str(uuid.uuid4())
        assert (await phone.call("POST", f"/persons/me/vitale/orders/{order}/receipt")).status_code == 204
        assert phone.world.cards.last("order")["what"] == "receipt"
        wrong = await phone.call("POST", f"/persons/me/vitale/orders/{order}/documents", json={"photo": "x"})
        assert wrong.json()["code"] == "request-invalid"
        assert {one["pointer"] for one in wrong.json()["errors"]} >= {"#/photo", "#/identity_document"}

    async def test_a_file_is_handed_over_as_it_is(self, phone: Program) -> None:
        taken = await phone.call("POST", "/persons/me/vitale/files/photo", content=b"\xff\xd8", headers={"content-type": "application/octet-stream"})  # fmt: skip
        assert taken.status_code == 201, taken.text
        assert phone.world.cards.last("upload")["content"] == b"\xff\xd8"


class TestLists:
    async def test_messages_come_in_parts_that_new_ones_do_not_move(self, phone: Program) -> None:
        box = phone.world.notifications
        box.sent = tuple(sent("vitale-sent", NOW, read=False) for _ in range(5))
        names = [one.message_id for one in box.sent]
        first = (await phone.call("GET", "/messages?limit=2")).json()
        box.sent = (sent("vitale-sent"), *box.sent)
        second = (await phone.call("GET", f"/messages?limit=2&cursor={first['next']}")).json()
        last = (await phone.call("GET", f"/messages?limit=2&cursor={second['next']}")).json()
        found = [one["message_id"] for part in (first, second, last) for one in part["messages"]]
        assert (found, last["next"], first["unread"]) == (names, None, 5)

    async def test_a_cursor_of_another_list_is_refused(self, phone: Program) -> None:
        refused = await phone.call("POST", "/reimbursements/search", key=None, json={"cursor": "l.9"})
        assert (refused.status_code, refused.json()["code"]) == (400, "cursor-unknown")

    async def test_lines_are_looked_for_in_a_body(self, phone: Program) -> None:
        phone.world.reimbursements.rows = tuple(replace_id(number) for number in range(3))
        first = (
            await phone.call("POST", "/reimbursements/search", key=None, json={"words": "dent", "limit": 2})
        ).json()
        assert ([row["id"] for row in first["rows"]], first["next"]) == (["l.0", "l.1"], "l.1")
        assert phone.world.reimbursements.last("search")["wanted"] == {"words": "dent", "everything": True}
        rest = (await phone.call("POST", "/reimbursements/search", key=None, json={"cursor": "l.1"})).json()
        assert ([row["id"] for row in rest["rows"]], rest["next"]) == (["l.2"], None)

    async def test_a_line_is_reported_once(self, phone: Program) -> None:
        body = {"motive": "paid_twice", "account": "Deux fois"}
        assert (await phone.call("POST", f"/reimbursements/lines/{LINE}/reports", json=body)).status_code == 204
        assert phone.world.reimbursements.last("report")["motive"] == "paid_twice"


class TestWhatGoesWrong:
    async def test_a_service_that_is_down_is_a_problem_and_the_others_answer(self, phone: Program) -> None:
        phone.world.cards.down = True
        refused = await phone.call("GET", "/persons/me/vitale")
        assert (refused.status_code, refused.json()["code"]) == (503, "service-down")
        assert refused.headers["retry-after"] == "30"
        assert (await phone.call("GET", "/profile")).status_code == 200

    async def test_what_nobody_has_foreseen_is_a_problem_too(self, phone: Program) -> None:
        phone.world.cards.crash = RuntimeError("secret words")
        refused = await phone.call("GET", "/persons/me/vitale")
        assert (refused.status_code, refused.json()["code"]) == (500, "internal-error")
        assert "secret" not in refused.text

    async def test_what_does_not_exist_is_a_problem(self, phone: Program) -> None:
        refused = await phone.call("GET", "/nothing")
        assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")

    async def test_a_token_of_ours_that_a_service_doubts_is_our_trouble(self, phone: Program) -> None:
        phone.world.persons.refusal = Refused("token-invalid", 401)
        assert (await phone.call("GET", "/profile")).status_code == 503

    async def test_a_story_shows_where_it_is(self, phone: Program) -> None:
        phone.world.cards.story = story("lost", ("reported", NOW), ("opposed", NOW), ("requested", NOW))
        found = (await phone.call("GET", "/persons/me/vitale/tracking")).json()
        assert (found["stage"], found["next"]) == ("requested", "documents_received")


def replace_id(number: int) -> object:
    return ROW.model_copy(update={"id": f"l.{number}"})
