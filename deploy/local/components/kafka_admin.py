"""Topics, users and rights on the broker: a service writes to its own topics only."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.local import ports, services
from deploy.local.plan import ADMIN, External, Plan

TIMEOUT = 10
GROUP_TIMEOUT = 2
MECHANISM = "SCRAM-SHA-256"
ITERATIONS = 4096
FOR_EVER = {
    "retention.ms": "-1",
    "retention.bytes": "-1",
    # A record bears the time of its commit; a test moves that clock by days, and the broker refuses an hour.
    "message.timestamp.after.max.ms": str(2**63 - 1),
}


Config = dict[str, str | int]


def client_config(plan: Plan, user: str) -> Config:
    """How librdkafka connects as this user."""
    address = f"{ports.HOST}:{plan.ports['kafka']}"
    return login(plan.kafka or External(address=address, username=user, password=plan.passwords[user]))


def login(broker: External) -> Config:
    config: Config = {"bootstrap.servers": broker.address, "log_level": 0}
    if broker.username:
        config |= {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": MECHANISM}
        config |= {"sasl.username": broker.username, "sasl.password": broker.password}
    return config


def answers(plan: Plan) -> bool:
    try:
        return bool(_admin(plan).list_topics(timeout=1).brokers)
    except KafkaException:
        return False


def set_up(plan: Plan) -> None:
    """Idempotent: run at every start, so that a service added later gets its topic and rights."""
    admin = _admin(plan)
    create_topics(client_config(plan, ADMIN))
    _all(admin.alter_user_scram_credentials([_user(plan, name) for name in (*services.SERVICES, *services.READERS)]))
    rights = [right for name in services.EVENT_OWNERS for right in rights_of(name)]
    rights += [right for reader, topic in services.READERS.items() for right in rights_of_reader(reader, topic)]
    _all(admin.create_acls(rights))


def create_topics(config: Config) -> None:
    """Also on a broker that somebody else runs: without its topics no service starts."""
    admin = AdminClient(config)
    known = admin.list_topics(timeout=TIMEOUT).topics
    missing = [NewTopic(name, partitions_of(name), config=FOR_EVER) for name in services.TOPICS if name not in known]
    if missing:
        _all(admin.create_topics(missing), tolerated=KafkaError.TOPIC_ALREADY_EXISTS)


def partitions_of(topic: str) -> int:
    """For life: a key must stay where it is."""
    return 1 if topic == services.OPPOSITION_TOPIC else services.PARTITIONS


def rights_of_reader(reader: str, topic: str) -> list[AclBinding]:
    """Read one topic, by groups of its own."""
    return [
        _allow(reader, ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, AclOperation.READ),
        _allow(reader, ResourceType.GROUP, f"{reader}.", ResourcePatternType.PREFIXED, AclOperation.READ),
    ]


def rights_of(service: str) -> list[AclBinding]:
    """Write its own topics, read everybody's events, join its own groups."""
    own = (f"{service}.", ResourcePatternType.PREFIXED)
    return [
        _allow(service, ResourceType.TOPIC, *own, AclOperation.WRITE),
        _allow(service, ResourceType.TOPIC, *own, AclOperation.READ),
        _allow(service, ResourceType.GROUP, *own, AclOperation.READ),
        _allow(
            service, ResourceType.BROKER, "kafka-cluster", ResourcePatternType.LITERAL, AclOperation.IDEMPOTENT_WRITE
        ),
        *(
            _allow(service, ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, AclOperation.READ)
            for topic in services.EVENT_TOPICS
        ),
    ]


def rights_apply(plan: Plan) -> bool:
    """Rights take a moment to reach the broker, and so does the coordinator of groups: ask as each service."""
    try:
        return all(_may_work(plan, service) for service in services.EVENT_OWNERS)
    except KafkaException:
        return False


def _may_work(plan: Plan, service: str) -> bool:
    client = AdminClient(client_config(plan, service))
    topics = TopicCollection(list(services.EVENT_TOPICS))
    found = client.describe_topics(topics, include_authorized_operations=True, request_timeout=TIMEOUT)
    allowed = {topic: future.result().authorized_operations or () for topic, future in found.items()}
    reads = all(AclOperation.READ in operations for operations in allowed.values())
    writes = AclOperation.WRITE in allowed[f"{service}.events.v1"]
    # Last: without its right to the group the client would not be refused, but wait.
    return reads and writes and _has_coordinator(client, f"{service}.readiness")


def _has_coordinator(client: AdminClient, group: str) -> bool:
    return not _failures(client.describe_consumer_groups([group], request_timeout=GROUP_TIMEOUT).values())


def _admin(plan: Plan) -> AdminClient:
    return AdminClient(client_config(plan, ADMIN))


def _user(plan: Plan, name: str) -> UserScramCredentialUpsertion:
    how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS)
    return UserScramCredentialUpsertion(name, how, plan.passwords[name].encode())


def _allow(
    service: str, kind: ResourceType, name: str, pattern: ResourcePatternType, operation: AclOperation
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{service}", "*", operation, AclPermissionType.ALLOW)


def _all(futures: Mapping[Any, Future[Any]], tolerated: int | None = None) -> None:
    for error in _failures(futures.values()):
        if error.args[0].code() != tolerated:
            raise error


def _failures(futures: Iterable[Future[Any]]) -> list[KafkaException]:
    found = [future.exception(TIMEOUT) for future in futures]
    return [error for error in found if isinstance(error, KafkaException)]
