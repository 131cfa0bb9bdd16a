"""Personal data: a key per person and retention class, field encryption, blind indexes, erasure (DESIGN §6)."""

from shared.personal_data.blind_index import BlindIndex
from shared.personal_data.fields import open_fields, personal_fields, refs_of, seal
from shared.personal_data.key_stores import MemoryKeyStore, MongoKeyStore
from shared.personal_data.vault import KeyMissing, Keys, Vault

__all__ = [
    "BlindIndex",
    "KeyMissing",
    "Keys",
    "MemoryKeyStore",
    "MongoKeyStore",
    "Vault",
    "open_fields",
    "personal_fields",
    "refs_of",
    "seal",
]
