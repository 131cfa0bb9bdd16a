"""What a service answers under /internal/ops and /internal/audit, from a book: one read model, one job, parked keys."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

AT = "2026-11-29T08:00:00Z"
ROW = "toy_summary__v1|box:1"
MODEL = {
    "name": "toy.summary", "screen": "Ma boîte", "version": 2, "live": "toy_summary__v1", "pulse": "catching up",
    "position": 3, "head": 6, "lag_events": 3, "lag_seconds": 130.0, "lag_persons": 2, "trend": 1, "rate": 1.5,
    "seconds_left": 2.0, "measured_at": AT, "parked_keys": 1, "last_error": "KeyError",
    "check": {"at": AT, "checked": 12, "different": 1, "fields": ["content"]},
}  # fmt: skip
RELAY = {"head": 6, "head_at": AT, "position": 6, "lag": 0, "lag_seconds": 0.0, "stalled": False}
MAP = {
    "service": "cards",
    "release": 2,
    "events": [{"type": "BoxOpened", "projections": ["toy.summary"], "processes": [], "screens": ["Ma boîte"]}],
    "reactions": [{"name": "toy.answer", "source": "cards", "types": ["BoxOpened"]}],
}
PARKED = {
    "_id": ROW, "consumer": "toy_summary__v1", "stream": "box:1", "version": 1, "event_type": "BoxFilled",
    "error": "KeyError", "at": AT, "waiting": 2,
}  # fmt: skip
GROUP = {"consumer": "toy_summary__v1", "error": "KeyError", "keys": 4, "waiting": 2, "oldest": AT}
FACT = {
    "position": 1, "stream": "box:1", "version": 1, "event_id": "e1", "type": "BoxOpened", "fields": ["label"],
    "recorded_at": AT, "actor": "x", "actor_kind": "system", "hash": "ab" * 32, "correlation_id": "c1",
}  # fmt: skip
STEP = {
    **{name: FACT[name] for name in ("position", "stream", "version", "event_id", "type", "actor", "actor_kind")},
    "recorded_at": AT,
    "fields": {"label": {"before": None, "after": {"shape": "text(4)", "hash": "abcdef"}}},
}
SAMPLE = {"at": AT, "head": 6, "rate": 1.0, "relay_lag": 0, "lag_events": 3, "lag_seconds": 1.0, "parked": 1}
RESULTS: dict[str, dict[str, Any]] = {
    "plan": {"events": 6, "by_type": {"BoxOpened": 6}, "seconds": 0.1, "effects": 0, "head": 6},
    "fill": {"position": 6, "events": 6, "seconds": 0.1, "memory_mib": 90},
    "compare": {"from": 1, "to": 2, "equal": False, "different": 2, "fields": {"content": 2}},
    "reconcile": {"upto": 6, "topic": {"first_difference": None, "unreadable": 0}, "models": [{"different": 0}]},
}


@dataclass
class OpsBook:
    """Jobs end as soon as they are asked for, as `state` says."""

    state: str = "done"
    results: dict[str, dict[str, Any]] = field(default_factory=lambda: {**RESULTS})
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    parked: list[dict[str, Any]] = field(default_factory=lambda: [PARKED])

    def answer(self, request: httpx.Request, body: Any) -> httpx.Response | None:
        """None: it does not know the path."""
        path = request.url.path.removeprefix("/internal/")
        found = self._post(path, body, request) if request.method == "POST" else self._get(path, request)
        return None if found is None else httpx.Response(200, json=found)

    def _get(self, path: str, request: httpx.Request) -> Any:
        fixed = {
            "ops/relay": RELAY,
            "ops/projections": [MODEL],
            "ops/map": MAP,
            "ops/samples": [SAMPLE],
            "ops/jobs": list(self.jobs.values()),
            "ops/parked": self.parked,
            "ops/parked-groups": [GROUP] if self.parked else [],
            "audit/persons/ann": ["box:1"],
        }
        if path.startswith("ops/explanations/"):
            shown = {"shape": "text(4)", "value": "clou"} if "values=true" in str(request.url) else STEP_VALUE
            return {"document": {"label": shown}, "as_live": True, "steps": [STEP]}
        if path.startswith("ops/jobs/"):
            return self.jobs.get(path.removeprefix("ops/jobs/"))
        if re.match("audit/(streams|correlations|commits)", path):
            return [FACT]
        return fixed.get(path)

    def _post(self, path: str, body: Any, request: httpx.Request) -> Any:
        if path == "ops/jobs":
            job_id = request.headers["Idempotency-Key"]
            ended = {"state": self.state, "result": self.results[body["kind"]], "error": None, "ended_at": AT}
            self.jobs[job_id] = {"id": job_id, "ask": body, "actor": "x", "asked_at": AT, "head": 6, **ended}
            return {"id": job_id}
        if path == "ops/parked-groups/retry":
            return {"keys": 4, "chosen": min(4, body["cap"]), "requested": 3 if body.get("do") else 0}
        if path.startswith(("ops/flip", "ops/rollback")):
            return {"flipped": True, "rolled_back": True}
        if path.startswith("ops/parked/"):
            self.parked = [{**one, "request": body} for one in self.parked]
        return {"requested": path.rpartition("/")[2]} if path.startswith("ops/") else None


STEP_VALUE = STEP["fields"]["label"]["after"]
