"""What is counted and timed, under names that every dashboard shares. A label is never personal and never an id."""

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

APPEND_SECONDS = Histogram("event_append_seconds", "Time until a commit is durable", ["service"], buckets=_FAST)
COMMANDS = Counter("commands", "Commands decided", ["service", "command", "outcome"])

RELAY_POSITION = Gauge("relay_position", "Last position known to stand on the topic", ["service"])
RELAY_LAG_EVENTS = Gauge("relay_lag_events", "Positions stored and not yet on the topic", ["service"])
RELAY_LAG_SECONDS = Gauge("relay_lag_seconds", "Age of the oldest commit not yet on the topic", ["service"])

PROJECTION_LAG_EVENTS = Gauge("projection_lag_events", "Events not yet folded", ["service", "projection"])
PROJECTION_LAG_SECONDS = Gauge(
    "projection_lag_seconds", "Age of the oldest event not folded", ["service", "projection"]
)
PROJECTED_EVENTS = Counter("projected_events", "Events folded into the read models of a service", ["service"])

PARKED_KEYS = Gauge("parked_keys", "Keys that wait behind a failed event", ["service", "consumer"])
FOREIGN_RECORDS = Counter("foreign_records", "Records on a topic that its owner never wrote", ["service"])
REACTIONS = Counter("reactions", "Events of other services answered", ["service", "reaction", "outcome"])
DEADLINES = Counter("deadlines", "Commands fired when their time had come", ["service", "command", "outcome"])
EFFECTS = Counter("effects", "Mails and letters, by how they ended", ["service", "effect", "outcome"])

HTTP_SECONDS = Histogram(
    "http_server_request_seconds",
    "Time to answer, by route template",
    ["service", "route", "method", "status"],
    buckets=_FAST,
)


def exposition() -> tuple[bytes, str]:
    """All metrics of this process in Prometheus' text format, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
