"""Keys that sign records of made-up services: the same in every process of a test."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.kafka import KafkaAccess, topic_of
from shared.mongo import Database
from shared.provenance import Provenance
from shared.signatures import Signer


def _key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def private_pem(number: int = 1) -> str:
    return _key(number).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(number: int = 1) -> str:
    return _key(number).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signer(service: str, number: int = 1) -> Signer:
    return Signer(topic_of(service), private_pem(number))


def provenance(service: str, database: Database, kafka: KafkaAccess) -> Provenance:
    """Of a reader that knows the first key as everybody's."""
    return Provenance(service, lambda _: public_pem(), database, kafka)
