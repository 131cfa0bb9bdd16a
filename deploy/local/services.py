"""The services of the account, in one place: who exists, who owns events, who is started."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

# In the order of starting: the edges come last, when there is something behind them.
SERVICES = ("identity", "reimbursements", "cards", "notifications", "geo", "gateway", "console")
# The gateway decides nothing, so it owns no events, no topic and reads none.
EVENT_OWNERS = tuple(name for name in SERVICES if name != "gateway")

PARTITIONS = 12
EVENT_TOPICS = tuple(f"{name}.events.v1" for name in EVENT_OWNERS)
CHECKPOINT_TOPICS = tuple(f"{name}.checkpoints.v1" for name in EVENT_OWNERS)
OPPOSITION_TOPIC = "cards.opposition.v1"  # read by strangers, in the order of its numbers: one partition
TOPICS = (*EVENT_TOPICS, *CHECKPOINT_TOPICS, OPPOSITION_TOPIC)
READERS = {"pharmacy": OPPOSITION_TOPIC}  # users that may read one topic, and nothing else

KEY_VAULT = "keys"  # the database of personal keys: a vault that every service opens, and no service


def is_built(name: str) -> bool:
    return (ROOT / "services" / name / "__main__.py").exists()


def built() -> tuple[str, ...]:
    return tuple(name for name in SERVICES if is_built(name))
