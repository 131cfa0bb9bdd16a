"""Apache Kafka from its Maven jars."""

from pathlib import Path

from deploy.local.tools import jars

POM = Path(__file__).parents[1] / "pom.xml"
VERSION = "4.3.1"


def libs() -> Path:
    """The folder of jars."""
    return jars.copied(POM, f"kafka-{VERSION}", f"kafka_2.13-{VERSION}.jar")
