"""A phone's program on the whole account: let in through the browser, it reads, writes, follows, is sent away."""

import base64
import hashlib
import secrets
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import DESK, Whole
from tests.journeys.steps import confirm, confirmation_link, create_account, next_page, sign_in, until

pytestmark = pytest.mark.connected
API = "/api/v1"


@dataclass
class Way:
    """Where the browser leads back to: a port of the loopback, for as long as the program waits (RFC 8252 7.3)."""

    server: HTTPServer
    said: dict[str, str]

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/retour"


@contextmanager
def way_back() -> Iterator[Way]:
    """Listens until somebody comes back."""
    said: dict[str, str] = {}

    class Back(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.update({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            """Nothing: the code stands in the address."""

    with HTTPServer(("127.0.0.1", 0), Back) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Way(server, said)
        server.shutdown()


def let_in(page: Page, client: httpx.Client) -> str:
    """From the program's button to its token; the member is signed in already, and says yes."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    with way_back() as back:
        asked = {"client_id": "mobile", "redirect_uri": back.uri}
        proof = {"code_challenge": challenge, "code_challenge_method": "S256", "state": "s-1"}
        page.goto(f"/application?{urlencode({'response_type': 'code', **asked, **proof})}")
        next_page(page, "Ouvrir mon compte dans l'application")
        code = until(lambda: back.said.get("code", ""))
        assert back.said["state"] == "s-1"
        fields = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, **asked}
        fetched = client.post(f"{API}/token", data=fields)
        assert client.post(f"{API}/token", data=fields).json() == {"error": "invalid_grant"}, "a code is good once"
    token: str = fetched.json()["access_token"]
    return token


def test_a_program_reads_writes_follows_and_is_sent_away(browser: Browser, whole: Whole) -> None:
    person = whole.somebody()
    visitor = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK)
    page = visitor.new_page()
    create_account(page, person, "programme@exemple.fr")
    confirm(page, confirmation_link(whole, "programme@exemple.fr"))
    sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    with httpx.Client(base_url=whole.url, timeout=20, trust_env=False) as client:
        token = let_in(page, client)
        client.headers["Authorization"] = f"Bearer {token}"
        _reads_and_writes(client)
        _declares_once(client, whole.now().date().isoformat())
        _follows_in_parts(client)

        another = let_in(page, client)
        assert client.get(f"{API}/account", headers={"Authorization": f"Bearer {another}"}).status_code == 200
        assert client.post(f"{API}/revocation", data={"token": token}).status_code == 200
        gone = client.get(f"{API}/account")
        assert (gone.status_code, gone.json()["code"]) == (401, "token-invalid")
        assert client.get(f"{API}/account", headers={"Authorization": f"Bearer {another}"}).status_code == 200
    visitor.close()


def _reads_and_writes(client: httpx.Client) -> None:
    """What it has is not sent again; what has changed meanwhile is not written over."""
    path = f"{API}/messages/preferences"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    choose = {"json": {"unwanted": ["payments"]}}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert client.put(path, **choose, headers=key).json()["code"] == "precondition-required"
    assert client.put(path, **choose, headers={**key, "If-Match": tag}).status_code == 204
    anew = client.get(path, headers={"If-None-Match": tag})
    assert (anew.status_code, anew.headers["X-Lag"]) == (200, "0")
    assert [one["topic"] for one in anew.json()["topics"] if not one["wanted"]] == ["payments"]
    late = client.put(path, json={"unwanted": []}, headers={"Idempotency-Key": str(uuid.uuid4()), "If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")


def _declares_once(client: httpx.Client, today: str) -> None:
    """Sent twice under one key a declaration is one; the same key for another is refused."""
    card = client.get(f"{API}/persons/me/vitale").json()
    path = f"{API}/persons/me/vitale/reports"
    facts = {"card_id": card["card_id"], "reason": "lost", "place": "Toulon", "happened_on": today}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (client.post(path, json=facts, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201), second.text
    assert first.json() == second.json() == {"declaration_id": key["Idempotency-Key"]}
    other = client.post(path, json={**facts, "place": "Brest"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "command-reused")
    assert client.post(path, json=facts).json()["code"] == "idempotency-key-missing"
    assert client.get(f"{API}/persons/me/vitale/tracking").json()["declaration_id"] == key["Idempotency-Key"]
    acts = [one["what"] for one in client.get(f"{API}/profile/acts").json()["acts"]]
    assert acts.count("VitaleReportedLost") == 1


def _follows_in_parts(client: httpx.Client) -> None:
    """All messages one by one, by their cursors, are those of one long list."""
    path = f"{API}/messages"
    whole = until(lambda: client.get(path).json()["messages"][2:] and client.get(path).json()["messages"])
    part = client.get(path, params={"limit": 1}).json()
    found = part["messages"]
    while part["next"] is not None:
        part = client.get(path, params={"limit": 1, "cursor": part["next"]}).json()
        found += part["messages"]
    names = [one["message_id"] for one in found]
    assert {one["message_id"] for one in whole} <= set(names)
    assert len(names) == len(set(names))
    assert client.get(path, params={"cursor": "no-cursor"}).status_code == 422
