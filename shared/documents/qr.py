"""A signed code on a document: whoever holds the paper checks it without asking us, and sees no more than initials.

The link is `<site>/verifier#<compact JWS>`: what stands behind the # never reaches a server. What is printed is in it
as salted hashes alone; a reader types what he sees, and his own browser says whether it is what was signed.
"""

import datetime as dt
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from pydantic import ValidationError

from shared.canonical import b64url, canonical, unb64url
from shared.kernel import Value

PAGE: Final = "verifier"
VERSION: Final = 1
HASH_BYTES: Final = 15
_KEPT: Final = re.compile(r"[^A-Z0-9]+")


class NotSigned(Exception):  # noqa: N818 - said as it is
    """No code of ours, or not as we signed it."""


class Proof(Value):
    """What a code says. Short names, for every character makes the printed code denser."""

    v: int = VERSION
    k: str
    """Which kind of document."""
    i: str
    """Its id: the only thing that is asked for when somebody wants to know whether it still holds."""
    n: str
    """Its printed number."""
    d: dt.date
    """The day it was made."""
    x: dt.date | None = None
    """The last day it holds; None: it says something about the past, or has no end."""
    s: str
    """Salt of the hashes."""
    p: tuple[tuple[str, str], ...]
    """Initials and hash of each person named."""


class QrSigner:
    """Signs codes with one key; `kid` says which, so that keys can follow one another."""

    def __init__(self, pem: str, base_url: str) -> None:
        key = load_pem_private_key(pem.encode(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("codes are signed with an Ed25519 key")
        self._key = key
        self._base = base_url.rstrip("/")
        self.kid = key_name(key.public_key())

    def url(self, proof: Proof) -> str:
        """The link that the code holds."""
        return f"{self._base}/{PAGE}#{self.token(proof)}"

    def token(self, proof: Proof) -> str:
        """Compact JWS (RFC 7515) with EdDSA (RFC 8037)."""
        header = b64url(canonical({"alg": "EdDSA", "kid": self.kid}))
        body = f"{header}.{b64url(canonical(proof.model_dump(mode='json', exclude_none=True)))}"
        return f"{body}.{b64url(self._key.sign(body.encode()))}"


class QrReader:
    """Reads codes signed with one of these keys (a JSON Web Key Set)."""

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        self._keys = {str(key["kid"]): Ed25519PublicKey.from_public_bytes(unb64url(key["x"])) for key in jwks["keys"]}

    def read(self, token: str) -> Proof:
        """What a code says.

        Raises:
            NotSigned: none of ours, or changed.
        """
        try:
            header, body, signature = token.split(".")
            kid = json.loads(unb64url(header))["kid"]
            self._keys[kid].verify(unb64url(signature), f"{header}.{body}".encode())
            return Proof.model_validate_json(unb64url(body))
        except (InvalidSignature, ValidationError, ValueError, KeyError, TypeError):
            raise NotSigned from None


def key_name(key: Ed25519PublicKey) -> str:
    """A short name of a key, from the key itself."""
    return b64url(hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).digest())[:8]


def public_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """The key as it is published."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": b64url(raw), "kid": key_name(key)}


def folded(text: str) -> str:
    """Capital letters and digits alone, so that accents, hyphens and spaces need not be typed as they are printed."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(one))
    return _KEPT.sub("", bare)


def digest(salt: str, *printed: str) -> str:
    """The hash of what is printed about one person, in a fixed order; dates as `2026-11-25`."""
    text = "|".join([salt, *(folded(one) for one in printed)])
    return b64url(hashlib.sha256(text.encode()).digest()[:HASH_BYTES])


def svg(url: str) -> str:
    """The printed code (level M): about 36 mm wide at 0.4 mm a module."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", xmldecl=False, svgns=True, border=4, dark="#000", light="#fff")
    return out.getvalue().decode()
