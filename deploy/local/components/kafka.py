"""Apache Kafka: one KRaft node with SCRAM and ACLs, as the production cluster has them."""

import base64
import subprocess
import uuid
from pathlib import Path

from deploy.local import errors, files, ports
from deploy.local.components import kafka_admin
from deploy.local.components.base import Component
from deploy.local.plan import ADMIN, Plan
from deploy.local.tools import kafka_jars, system

MEMORY = ("-Xms256m", "-Xmx512m")
LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
MECHANISM = "SCRAM-SHA-256"


class Kafka(Component):
    """The broker, which is its own controller."""

    def port_names(self) -> tuple[str, ...]:
        return (self.name, "kafka-controller")

    def command(self) -> list[str]:
        return [system.java(), *MEMORY, *LOGGING, "-cp", _classpath(), "kafka.Kafka", str(self._properties)]

    def prepare(self) -> None:
        files.write_private(self._properties, properties(self.plan))
        if not self._formatted.exists():
            # Also after a kill in the middle of a format: no data can be in there yet.
            files.remove_folder(self.folder() / "data")
            self._format()
            files.write_private(self._formatted, "")

    def is_ready(self) -> bool:
        return ports.is_open(self.port) and kafka_admin.answers(self.plan)

    def finish(self) -> None:
        kafka_admin.set_up(self.plan)
        self._wait_until(lambda: kafka_admin.rights_apply(self.plan))

    @property
    def _properties(self) -> Path:
        return self.folder() / "server.properties"

    @property
    def _formatted(self) -> Path:
        return self.folder() / "formatted"

    def _format(self) -> None:
        arguments = self.folder() / "format.args"
        # Through a file: a password on a command line is seen by every user of the machine.
        files.write_private(arguments, format_arguments(self.plan, self._properties))
        done = subprocess.run(
            [system.java(), "-XX:TieredStopAtLevel=1", *LOGGING, "-cp", _classpath(), f"@{arguments}"],
            capture_output=True,
            text=True,
            check=False,
        )
        arguments.unlink()
        if done.returncode:
            raise errors.StackError(f"Kafka's data folder could not be formatted: {done.stderr}")


def format_arguments(plan: Plan, config: Path) -> str:
    """For the first run: a cluster of one, and the administrator who makes all other users."""
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    scram = f"{MECHANISM}=[name={ADMIN},password={plan.passwords[ADMIN]}]"
    # With equals signs: one id in 64 begins with a dash and would be taken for an option.
    return f'kafka.tools.StorageTool format --cluster-id={cluster} --config="{config}" --standalone --add-scram={scram}'


def properties(plan: Plan) -> str:
    """The broker's configuration; the controller's listener is the broker's own and needs no password."""
    clients, controller = plan.ports["kafka"], plan.ports["kafka-controller"]
    jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.bootstrap.servers": f"{ports.HOST}:{controller}",
        "listeners": f"CLIENTS://{ports.HOST}:{clients},CONTROLLER://{ports.HOST}:{controller}",
        "advertised.listeners": f"CLIENTS://{ports.HOST}:{clients}",
        "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "CLIENTS",
        "sasl.enabled.mechanisms": MECHANISM,
        "sasl.mechanism.inter.broker.protocol": MECHANISM,
        "listener.name.clients.scram-sha-256.sasl.jaas.config": (
            f'{jaas} username="{ADMIN}" password="{plan.passwords[ADMIN]}";'
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN};User:ANONYMOUS",
        "allow.everyone.if.no.acl.found": "false",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": 0,
        # A broker that was killed is let in again once its old session has ended: 9 seconds by default.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,  # 50 by default: all are opened before a group is answered
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "log.dirs": plan.folder / "kafka" / "data",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _classpath() -> str:
    return f"{kafka_jars.libs()}/*"
