"""What services answer to who controls them: proofs, classes, the table of retention, one certificate, one legal hold."""

from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.services.console.services import CLAIRE

REFERENCE = "EF-7KQ2-M4XD-9VTA"
ROOT = "ab" * 32
EXPORT = b"PK a file"
_AT = "2026-11-29T08:59:00Z"


class Control:
    """A service with ten signed commits; of identity also one person erased, and holds as they are asked for."""

    def __init__(self) -> None:
        self.alarms: list[str] = []
        self.holds: dict[str, dict[str, Any]] = {}

    def answer(  # noqa: PLR0911 - one case per path
        self, name: str, method: str, path: str, query: bytes, body: Any
    ) -> httpx.Response | None:
        match name, method, path.split("/")[2:]:
            case _, "GET", ["audit", "checkpoints"]:
                return httpx.Response(200, json=self._standing(name))
            case _, "GET", ["audit", "retention"]:
                held = {"retention": "care", "events": ["A"], "read_models": [f"{name}.b"], "fields": 2}
                return httpx.Response(200, json={"service": name, "classes": [held]})
            case _, "POST", ["audit", "exports"]:
                return httpx.Response(200, content=EXPORT)
            case "identity", "GET", ["retention"]:
                return httpx.Response(200, json=_table())
            case "identity", "GET", ["retention", "destructions"]:
                return httpx.Response(200, json=_destructions(parse_qs(query.decode())["what"][0]))
            case "identity", "GET", ["erasures"]:
                stands = [one for one in self.holds.values() if one["status"] != "requested"]
                case = {"person_id": CLAIRE, "status": "requested", "held": True, "due_at": _AT, "holds": stands}
                return httpx.Response(200, json={"items": [case] if stands else []})
            case "identity", "GET", ["erasures", _, "certificate"]:
                return httpx.Response(200, json=_certificate())
            case "identity", "GET", ["erasures", _, "certificate", "pdf"]:
                return httpx.Response(200, content=b"%PDF-1.7")
            case "identity", "POST", ["desk", _, "legal-holds", *step]:
                self._step(step, body)
        return None

    def _step(self, step: list[str], body: Any) -> None:
        match step:
            case []:
                facts = {"case": body["case"], "status": "requested", "since": _AT}
                self.holds[body["hold_id"]] = {"hold_id": body["hold_id"], **facts}
            case [hold_id, "approval"]:
                self.holds[hold_id]["status"] = "placed"
            case [hold_id, "lift"]:
                self.holds[hold_id]["status"] = "lift-requested"
            case [hold_id, "withdrawal"] | [hold_id, "lift", "approval"]:
                self.holds.pop(hold_id, None)

    def _standing(self, name: str) -> dict[str, Any]:
        signed = {"size": 10, "root": ROOT, "at": _AT}
        return {
            "origin": f"mon-compte-en-ligne/{name}",
            "fingerprint": f"{name}-fingerprint",
            "head": 12,
            "last": signed,
            "before": {**signed, "size": 7},
            "witnessed": signed,
            "younger": 2,
            "alarms": self.alarms,
        }


def _table() -> dict[str, Any]:
    none = {"waiting": 0, "next_due": None, "done": 0, "last_done": None}
    care = {"retention": "care", "years": 10, "start": "cover", "source": "Code de commerce, art. L123-22"}
    account = {"retention": "account", "years": 0, "start": "erasure", "source": "RGPD, art. 17", "verified": True}
    due = {"waiting": 3, "next_due": "2026-12-08T09:00:00Z", "done": 1, "last_done": "2026-11-20T09:00:00Z"}
    return {"days": 14, "services": ["identity"], "classes": [{**account, **due}, {**care, **none, "verified": False}]}


def _destructions(what: str) -> dict[str, Any]:
    facts = {"person_id": CLAIRE, "reference": REFERENCE, "what": what, "classes": [what], "at": _AT}
    return {"items": [{**facts, "waits_for": [], "answered_at": _AT}], "more": None}


def _certificate() -> dict[str, Any]:
    return {
        "reference": REFERENCE,
        "status": "completed",
        "requested_at": "2026-11-01T09:00:00Z",
        "erased_at": "2026-11-15T09:00:00Z",
        "completed_at": "2026-11-15T09:01:00Z",
        "erased": ["Votre compte en ligne"],
        "answers": [{"label": "cartes", "at": _AT, "reached": {"keys": 2, "files": 0}}],
        "waits_for": [],
        "kept": [{"label": "Vos cartes", "until": "2031-11-15", "years": 5, "source": "art. 2224", "verified": False}],
    }
