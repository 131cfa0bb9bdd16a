"""The services behind the console, as they answer over HTTP: one person, her account and card, one item of work."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.clock import Clock
from shared.security import TokenIssuer
from shared.web.channel import Channel, channel
from tests.services.console.ops_book import OpsBook

CLAIRE = "3f1a6c1e-8a57-4f0e-9d5c-0b1f6f3a2c11"
CHILD = "5a7c1d2e-1b2c-4d3e-8f4a-5b6c7d8e9f01"
NIR = "285077500112345"
BORN = {"naissance-jour": "1", "naissance-mois": "7", "naissance-annee": "1985"}
ANSWERS = {"surname": "Durand", "postcode": "83000", "iban_last7": "3M02606"}
ITEM = "77777777-7777-4777-8777-777777777777"
SERVICES = ("identity", "cards", "notifications", "reimbursements", "geo", "console")


@dataclass
class Services:
    """What each of them was asked, and what it says."""

    account: str = "none"
    down: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str, Any]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """End of a path → code of the refusal."""
    open_items: list[dict[str, Any]] = field(default_factory=list)
    control: Callable[[str, str, str, bytes, Any], httpx.Response | None] = lambda *_: None
    """What is answered to who controls, before anything else."""
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    """Service and number → whose it is."""
    unknown: set[str] = field(default_factory=set)
    """Whom identity does not know."""
    full: set[str] = field(default_factory=set)
    """Kinds of which more wait than are listed."""
    ops: OpsBook = field(default_factory=OpsBook)

    def channels(self, clock: Clock) -> dict[str, Channel]:
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        issuer = TokenIssuer(pem, "console", None, clock)
        return {name: self._line(name, issuer) for name in SERVICES}

    def of(self, end: str) -> list[Any]:
        """The bodies of what was asked under paths that end so."""
        return [body for _, _, path, body in self.asked if path.endswith(end)]

    def _line(self, name: str, issuer: TokenIssuer) -> Channel:
        transport = httpx.MockTransport(lambda request: self._answer(name, request))
        return channel(name, f"http://{name}", issuer, 5, transport)[0]

    def _answer(self, name: str, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        path = request.url.path
        self.asked.append((name, request.method, path, body))
        if name in self.down:
            raise httpx.ConnectError("down")
        for end, code in self.refuse.items():
            if path.endswith(end):
                return httpx.Response(422, json={"code": code})
        found = self.control(name, request.method, path, request.url.query, body)
        if found is None and path.startswith(("/internal/ops/", "/internal/audit/")):
            found = self.ops.answer(request, body)
        elif found is None:
            found = self._known(name, request.method, path, body)
        return httpx.Response(404, json={"code": "not-found"}) if found is None else found

    def _known(  # noqa: C901, PLR0911 - one case per path
        self, name: str, method: str, path: str, body: Any
    ) -> httpx.Response | None:
        match name, method, path.split("/")[2:]:
            case "identity", "POST", ["desk", "look-ups"]:
                right = body == {"nir": NIR, "birth_date": "1985-07-01"}
                return httpx.Response(200, json=self._found(CLAIRE)) if right else None
            case _, "POST", ["desk", "number-look-ups"]:
                whose = self.numbers.get((name, body["number"]))
                return httpx.Response(200, json={"person_id": whose}) if whose else None
            case "identity", "GET", ["desk", person, "relatives"]:
                return None if person in self.unknown else httpx.Response(200, json=self._found(person))
            case "identity", "GET", ["desk", _]:
                return httpx.Response(200, json={"account": self.account, "bank": "FR •• 06"})
            case "identity", "GET", ["desk", _, "profile"]:
                facts = {"surname": "DURAND", "given_names": "Claire", "birth_date": "1985-07-01"}
                return httpx.Response(200, json=facts)
            case "identity", "POST", ["desk", _, "caller-checks"]:
                return httpx.Response(200, json={"right": body == ANSWERS})
            case "cards", "GET", ["desk", _, "cards"]:
                return httpx.Response(200, json={"status": "active", "since": "2025-01-01T00:00:00Z"})
            case _, "GET", ["work"]:
                items = self.open_items if name == "cards" else []
                return httpx.Response(200, json={"items": items, "full": sorted(self.full) if name == "cards" else []})
            case _, "GET", ["work", *_, "files", _]:
                return httpx.Response(200, content=b"\xff\xd8 a photo")
            case _, "POST", _:
                if path.endswith("/decision"):
                    self.open_items.clear()
                return httpx.Response(200, json={"stream": f"x:{uuid.uuid4()}", "version": 1})
            case _:
                return None

    def _found(self, person_id: str) -> dict[str, Any]:
        relatives = {CLAIRE: [CHILD], CHILD: [CLAIRE]}
        return {"person_id": person_id, "relatives": relatives.get(person_id, [])}


def documents() -> dict[str, Any]:
    """A photo and a document to look at."""
    faults = {"name": "fault", "choices": ["blurred", "old"]}
    return {
        "kind": "vitale-documents",
        "id": ITEM,
        "since": "2026-11-27T08:00:00Z",
        "person_id": CLAIRE,
        "summary": {"sent": "first"},
        "decisions": [{"name": "validate", "fields": []}, {"name": "reject", "fields": [faults]}],
        "files": ["photo", "identity_document"],
    }
