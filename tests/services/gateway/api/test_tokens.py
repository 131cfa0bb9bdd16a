"""How a program is let in, and what a code, a token and a cookie are each worth."""

import pytest

from tests.services.gateway.api.program import ASKED, BACK, Program, answer, ask, let_in, program
from tests.services.gateway.fakes import CODE, MEMBER, NIR, world
from tests.web import NOW


class TestTheWayIn:
    async def test_a_member_who_says_yes_lets_the_program_in(self) -> None:
        site = world()
        browser = site.browser()
        page = await ask(browser)
        assert page.path == "/connexion"
        page = await browser.send(page.form(), nir=NIR, code=CODE)
        assert page.path == "/application/accord"
        assert "l'application mobile de la caisse" in page.text
        said = page.answer.headers["Content-Security-Policy"]
        assert "form-action 'self' fr.exemple.moncompte:;" in said
        page = await browser.post(page.form(), accord="oui")
        assert page.answer.headers["location"].startswith(f"{BACK}?")
        given = answer(page)
        assert (given["state"], given["iss"]) == (ASKED["state"], "https://compte.exemple.fr")
        phone = Program(site)
        fetched = await phone.fetch(given["code"])
        assert fetched.headers["cache-control"] == "no-store"
        token = fetched.json()
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 4 * 3600)
        phone.token = token["access_token"]
        shown = await phone.call("GET", "/account")
        assert shown.status_code == 200, shown.text
        assert shown.json()["email"] == "camille.martin@exemple.fr"
        assert "set-cookie" not in shown.headers
        who = site.identity.last("account")["who"]
        assert (who.member, who.access) == (MEMBER, "full")

    async def test_a_member_who_refuses_lets_nothing_in(self) -> None:
        browser = world().browser()
        await browser.sign_in()
        page = await ask(browser)
        assert answer(await browser.post(page.form(), accord="non"))["error"] == "access_denied"

    async def test_who_must_confirm_that_it_is_he_does_so_before_the_code(self) -> None:
        site = world()
        phone = await program(site, acr_values="step-up")
        await phone.call("POST", "/bank-details/checks", json={"iban": "FR76"})
        assert site.persons.last("check_iban")["who"].access == "step-up"

    @pytest.mark.parametrize(
        "wrong", [{"client_id": "another"}, {"redirect_uri": "https://mechant.exemple/retour"},
                  {"redirect_uri": "http://127.0.0.1:80@mechant.exemple/retour"}, {"redirect_uri": "http://127.0.0.1:x/retour"}],
    )  # fmt: skip
    async def test_a_stranger_gets_no_answer_sent_anywhere(self, wrong: dict[str, str]) -> None:
        browser = world().browser()
        await browser.sign_in()
        page = await ask(browser, **wrong)
        assert page.status == 400
        assert "location" not in page.answer.headers

    @pytest.mark.parametrize("port", ["49152", "8080"])
    async def test_on_a_computer_the_port_is_free(self, port: str) -> None:
        browser = world().browser()
        await browser.sign_in()
        page = await ask(browser, redirect_uri=f"http://127.0.0.1:{port}/retour")
        assert page.path == "/application/accord"

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
        ],
    )
    async def test_what_cannot_be_asked_is_told_to_the_program(self, changed: dict[str, str], error: str) -> None:
        browser = world().browser()
        browser.client.follow_redirects = False
        page = await ask(browser, **changed)
        assert answer(page)["error"] == error

    async def test_nothing_was_asked(self) -> None:
        browser = world().browser()
        await browser.sign_in()
        assert (await browser.get("/application/accord")).path == "/mon-compte"

    async def test_where_everything_is_stands_in_the_metadata(self) -> None:
        found = (await Program(world()).client.get("/.well-known/oauth-authorization-server")).json()
        assert found["issuer"] == "https://compte.exemple.fr"
        assert found["code_challenge_methods_supported"] == ["S256"]


class TestACode:
    async def test_it_is_good_once(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        code = await let_in(browser)
        assert (await Program(site).fetch(code)).status_code == 200
        second = await Program(site).fetch(code)
        assert (second.status_code, second.json()) == (400, {"error": "invalid_grant"})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code_verifier": "a" * 43},
            {"code_verifier": ""},
            {"client_id": "another"},
            {"redirect_uri": "http://127.0.0.1/retour"},
        ],
    )
    async def test_it_is_worth_nothing_to_whoever_did_not_ask(self, wrong: dict[str, str]) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        code = await let_in(browser)
        assert (await Program(site).fetch(code, **wrong)).json() == {"error": "invalid_grant"}
        assert (await Program(site).fetch(code)).json() == {"error": "invalid_grant"}

    async def test_it_is_good_for_a_minute(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        code = await let_in(browser)
        site.clock.pass_(seconds=91)
        assert (await Program(site).fetch(code)).json() == {"error": "invalid_grant"}

    async def test_another_grant_is_none(self) -> None:
        refused = await Program(world()).fetch("x", grant_type="password")
        assert refused.json() == {"error": "unsupported_grant_type"}


class TestAToken:
    async def test_without_one_nothing_is_said(self) -> None:
        refused = await Program(world()).call("GET", "/account")
        assert (refused.status_code, refused.json()["code"]) == (401, "token-missing")
        assert refused.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize("token", ["x", "A" * 43])
    async def test_a_made_up_one_opens_nothing(self, token: str) -> None:
        refused = await Program(world(), token).call("GET", "/account")
        assert (refused.status_code, refused.json()["code"]) == (401, "token-invalid")

    async def test_a_cookie_is_no_token_and_a_token_no_cookie(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        phone = Program(site)
        phone.token = (await phone.fetch(await let_in(browser))).json()["access_token"]
        browser.client.cookies.set("__Host-sid", phone.token)
        assert (await browser.get("/mon-compte")).path == "/connexion"
        other = site.browser()
        await other.sign_in()
        assert (await Program(site, other.cookie).call("GET", "/account")).status_code == 401

    async def test_it_ends_when_it_is_not_used(self) -> None:
        site = world()
        phone = await program(site)
        site.clock.pass_(minutes=16)
        assert (await phone.call("GET", "/account")).status_code == 401

    async def test_it_ends_with_the_session_that_it_was_given_from(self) -> None:
        site = world()
        browser = site.browser()
        await browser.sign_in()
        site.clock.pass_(minutes=14)
        await browser.get("/mon-compte")
        code = await let_in(browser)
        assert (await Program(site).fetch(code)).json()["expires_in"] == 4 * 3600 - 14 * 60

    async def test_it_ends_when_identity_says_so(self) -> None:
        site = world()
        phone = await program(site)
        site.keys.ended = {row.reference for row in site.sessions.rows.values() if row.reference}
        site.clock.pass_(minutes=2)
        assert (await phone.call("GET", "/account")).status_code == 401
        site.keys.ended = set()
        assert (await phone.call("GET", "/account")).status_code == 401

    async def test_it_can_be_given_back(self) -> None:
        phone = await program(world())
        gone = await phone.client.post("/api/v1/revocation", data={"token": phone.token})
        assert gone.status_code == 200
        assert (await phone.call("GET", "/account")).status_code == 401
        assert (await phone.client.post("/api/v1/revocation", data={"token": "none"})).status_code == 200

    async def test_newer_terms_come_first(self) -> None:
        site = world()
        phone = await program(site)
        row = next(row for row in site.sessions.rows.values() if row.reference)
        assert row.created == NOW
        session = await site.site.tokens.open(phone.token)
        session.change(cgu_version="2020-01-01")
        await site.site.tokens.keep(session)
        refused = await phone.call("GET", "/account")
        assert (refused.status_code, refused.json()["code"]) == (403, "terms-due")

    async def test_too_many_calls_wait(self) -> None:
        site = world(api_calls_per_10_minutes=2)
        phone = await program(site)
        codes = [(await phone.call("GET", "/account")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert int((await phone.call("GET", "/account")).headers["retry-after"]) > 0
