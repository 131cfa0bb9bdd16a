"""What a file of a feed looks like: a signed header and lines of JSON, and how a service reads them."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, Field, NonNegativeInt, ValidationError

from shared.canonical import unb64url
from shared.feeds.log import SetAside
from shared.kernel import Command, Rejected, Value, require

LONGEST: Final = 1 << 16
"""Bytes of one line."""

M = TypeVar("M", bound=BaseModel)
Content: TypeAlias = bytes | mmap


class Header(Value):
    """The first line of a file."""

    feed: str
    sequence: Annotated[int, Field(gt=0, lt=1 << 53)]
    as_of: AwareDatetime
    lines: NonNegativeInt


@dataclass(frozen=True)
class Line:
    """Where a line stands. `id` is the same however often its file is read: make ids from it."""

    number: int
    id: str
    as_of: dt.datetime
    at: dt.datetime


@dataclass(frozen=True)
class Order:
    """A command that a line leads to."""

    stream: str
    command: Command
    pk: str
    person_id: str | None = None
    member_id: str | None = None


@dataclass(frozen=True)
class Kind(Generic[M]):
    """How lines of one `kind` are read, and what follows. Both may refuse a line: by a failed validation or Rejected.

    `orders` may be asked before the commands of the lines just above are carried out.
    """

    model: type[M]
    orders: Callable[[M, Line], Awaitable[Sequence[Order]]]


@dataclass(frozen=True)
class Feed:
    """One kind of file."""

    name: str
    sender: str
    kinds: Mapping[str, Kind[Any]]


class Report(Value):
    """What became of a file."""

    feed: str
    sequence: int
    lines: int
    set_aside: int
    listed: tuple[SetAside, ...]


def signature_of(key: Ed25519PublicKey, content: Content, signature: str) -> bytes:
    try:
        signed = unb64url(signature.strip())
        with memoryview(content) as view:
            key.verify(signed, view)
    except (InvalidSignature, ValueError):
        raise Rejected("feed-signature-invalid") from None
    return signed


def header_of(feed: Feed, content: Content) -> Header:
    try:
        header = Header.model_validate_json(next(lines_of(content), b""))
    except ValidationError:
        raise Rejected("feed-header-invalid") from None
    require(header.feed == feed.name, otherwise="feed-header-invalid")
    require(sum(1 for _ in lines_of(content)) == header.lines + 1, otherwise="feed-lines-missing")
    return header


def lines_of(content: Content) -> Iterator[bytes]:
    start = 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        yield content[start:end]
        start = end + 1
