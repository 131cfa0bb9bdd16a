"""Files of feeds, signed, as a sender would make them."""

import base64
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Senders:
    """Private keys of senders; their public ones lie in a folder, as a service finds them."""

    def __init__(self, secrets: Path, *names: str) -> None:
        self.secrets = secrets
        self._keys = {name: Ed25519PrivateKey.generate() for name in names}
        (secrets / "feeds").mkdir()
        for name, key in self._keys.items():
            pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            (secrets / "feeds" / f"{name}.pub").write_bytes(pem)

    def sign(self, sender: str, content: bytes) -> str:
        return base64.urlsafe_b64encode(self._keys[sender].sign(content)).rstrip(b"=").decode()


def feed_file(feed: str, as_of: dt.datetime, *lines: Mapping[str, Any], sequence: int = 1) -> bytes:
    header = {"feed": feed, "sequence": sequence, "as_of": as_of.isoformat(), "lines": len(lines)}
    return b"\n".join(orjson.dumps(line) for line in (header, *lines)) + b"\n"
