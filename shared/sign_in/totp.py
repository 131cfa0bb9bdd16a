"""Codes that an app makes every 30 seconds (RFC 6238); its secret is sealed with a key that lies in no database."""

import base64
import datetime as dt
import hmac
import os
import re
import secrets
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

STEP: Final = 30
AROUND: Final = 1
"""Steps before and after that are still good: clocks differ, and people type slowly."""
NONCE: Final = 12
_SPACES: Final = re.compile(r"[\s\-]+")


def new_secret() -> str:
    """160 bits, as an app is told them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def app_uri(secret: str, name: str, issuer: str) -> str:
    """What an app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def bare(typed: str) -> str:
    """A code however it is spaced."""
    return _SPACES.sub("", typed)


def step_of(secret: str, typed: str, now: dt.datetime) -> int | None:
    """The time step whose code this is. Who calls lets each step be good once."""
    code, step = bare(typed), int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for candidate in range(step - AROUND, step + AROUND + 1):
        right = totp.at(dt.datetime.fromtimestamp(candidate * STEP, dt.UTC))
        if hmac.compare_digest(right.encode(), code.encode()):
            return candidate
    return None


def sealed(key: bytes, owner: str, secret: str) -> bytes:
    """A secret as it is kept, for this owner alone."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), owner.encode())


def opened(key: bytes, owner: str, kept: bytes) -> str | None:
    """The secret; None where it was sealed with another key, or for somebody else."""
    try:
        return AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], owner.encode()).decode()
    except InvalidTag:
        return None
