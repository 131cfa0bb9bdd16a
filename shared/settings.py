"""What a service is told by its environment, and the secrets it finds in a folder. No repr shows a secret."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES: Final = 32


class SecretMissing(Exception):  # noqa: N818 - said as it is
    """A secret's file is absent or unreadable; only its name is said."""


class BaseServiceSettings(BaseSettings):
    """The environment contract of every service; an empty variable counts as absent."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    mongo_url: str = Field(repr=False)
    mongo_database: str
    kafka_bootstrap: str
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    secrets_dir: Path
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    mail_sink_url: str | None = None
    clock_offset_file: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    service_urls: dict[str, str] = Field(default_factory=dict)
    public_url: str = ""
    var_dir: Path = Path("var")
    witness_dir: Path | None = None
    """Where checkpoints of the log are kept, out of the database's reach. Without it the log is not signed."""
    trace_file: Path | None = None
    otlp_endpoint: str | None = None
    log_level: str = "info"

    def kek(self) -> bytes:
        """The key-encryption key of the vault."""
        return self._key("kek", self._read("kek"))

    def pepper(self) -> bytes:
        """What is mixed into the hash of a code, and lies in no database."""
        return self._key("pepper", self._read("pepper"))

    def hash_key(self, purpose: str) -> tuple[int, bytes]:
        """Version and key of the keyed hashes made for one purpose."""
        keys = self._json("hash_keys.json")
        if purpose not in keys:
            raise SecretMissing(f"hash_keys.json has no key for {purpose}")
        return int(keys[purpose]["version"]), self._key(purpose, keys[purpose]["key"])

    def jwks(self) -> dict[str, Any]:
        """The public keys of those who issue internal tokens."""
        return self._json("jwks.json")

    def private_key(self, name: str) -> str:
        """The PEM of a signing key: of an issuer of internal tokens, by its name."""
        return self._read(f"{name}_ed25519.pem")

    def document_keys(self) -> dict[str, Any]:
        """The public keys of those who sign codes on documents."""
        return self._json("documents_jwks.json")

    def proof_key(self, service: str) -> str:
        """The PEM of the key that signs a service's checkpoints, and nothing else."""
        return self._read(f"proofs/{service}_ed25519.pem")

    def proof_public_key(self, service: str) -> str:
        """The PEM of its public half: all that whoever exports or looks needs."""
        return self._read(f"proofs/{service}.pub")

    def record_key(self, service: str) -> str:
        """The PEM of the key that signs a service's records, and nothing else."""
        return self._read(f"records/{service}_ed25519.pem")

    def record_public_keys(self, service: str) -> str:
        """The PEMs of its public half, and of those of before, one below the other."""
        return self._read(f"records/{service}.pub")

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._read(name))
        except ValueError:
            raise SecretMissing(f"{name} is no JSON") from None
        return found

    def _read(self, name: str) -> str:
        try:
            return (self.secrets_dir / name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SecretMissing(f"{name}: {type(error).__name__}") from None

    @staticmethod
    def _key(name: str, text: str) -> bytes:
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise SecretMissing(f"{name} is not {KEY_BYTES} bytes in hexadecimal")
        return key
