"""Keyed hashes that find a record by a personal value without keeping the value."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BlindIndex:
    """HMAC-SHA-256 under a key named by purpose and version. Personal too: deleted at erasure (DESIGN §6)."""

    purpose: str
    version: int
    key: bytes = field(repr=False)

    def of(self, value: str) -> str:
        """`<purpose>:v<version>:<64 hex digits>` of a value already brought to its normal form."""
        code = hmac.new(self.key, f"{self.purpose}|{value}".encode(), hashlib.sha256)
        return f"{self.purpose}:v{self.version}:{code.hexdigest()}"

    def matches(self, value: str, expected: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.of(value), expected)
