"""What every domain is made of: values, commands, events, and the three functions of a decider. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final, Generic, NamedTuple, TypeVar, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict

S = TypeVar("S")
D = TypeVar("D", bound="Value")
C = TypeVar("C", bound="Command")
E = TypeVar("E", bound="Event")
T = TypeVar("T")


class Value(BaseModel):
    """Immutable, and refuses a field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Erased(Enum):
    """What a personal field reads as once its key is destroyed; a screen shows the value."""

    ERASED = "effacé"


ERASED: Final = Erased.ERASED


@dataclass(frozen=True)
class Personal:
    """Marks a field as encrypted with the key of the person named by the field `of`, for one retention class.

    A service names its classes once: `Cards = Annotated[T | Erased, Personal("cards")]`, then `serial: Cards[str]`.
    """

    retention: str
    of: str = "person_id"


@dataclass(frozen=True)
class Supplied:
    """Marks a command's field that we supply (time, made id, secret): no part of what the client asked."""


Now = Annotated[AwareDatetime, Supplied()]
Made = Annotated[T, Supplied()]


class Command(Value):
    """An intention, in the imperative; carries every outside fact a rule needs, the time included."""

    at: Now


class Event(Value):
    """A fact, in the past tense. Its stored name and version are given explicitly: class X(Event, name="X")."""

    NAME: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1

    at: AwareDatetime

    def __init_subclass__(cls, *, name: str = "", schema: int = 1, **kwargs: Any) -> None:
        """Remember the stored name; a base class of events has none."""
        super().__init_subclass__(**kwargs)
        cls.NAME, cls.SCHEMA = name, schema


class Rejected(Exception):  # noqa: N818 - a refusal is an answer of the domain, not an error
    """A rule said no. `code` is stable and public; the words shown to people are chosen elsewhere."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as the sentence it is
    """Refuse with the code `otherwise` unless the condition holds.

    Raises:
        Rejected: the condition does not hold.
    """
    if not condition:
        raise Rejected(otherwise)


@dataclass(frozen=True)
class Decider(Generic[S, C, E]):
    """One kind of stream, `category:<id>`: which commands are allowed, and what each event changes."""

    category: str
    retention: str
    initial: S
    decide: Callable[[S, C], list[E]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """The state after these events, from `state` or from the beginning."""
        result = self.initial if state is None else state
        for event in events:
            result = self.evolve(result, event)
        return result


@dataclass(frozen=True)
class Projection(Generic[D, E]):
    """One read model. `key` names the document an event changes (None: it changes none); evolve → None deletes it.

    A document fed by several streams must not depend on their relative order: versions order one stream only.
    """

    name: str
    version: int
    document: type[D]
    handles: tuple[type[E], ...]
    key: Callable[[E], str | None]
    evolve: Callable[[D | None, E], D | None]
    indexes: tuple[str, ...] = ()
    """Plain fields that queries look documents up by; `a,b`: by both in this order; `name:2dsphere`: GeoJSON points."""
    screen: str = ""
    """The title of the member's page that shows it; empty: no member sees it."""

    @cached_property
    def id(self) -> str:
        """`name__vN`: its collection, and its field in a cursor (a dot would nest)."""
        return self.model_id(self.version)

    def model_id(self, version: int) -> str:
        """The id of another version of the same read model."""
        return f"{self.name.replace('.', '_')}__v{version}"

    def at(self, model_id: str) -> "Projection[D, E]":
        """This projection as the reader of another version's documents."""
        return replace(self, version=int(model_id.rpartition("__v")[2]))


class Issued(NamedTuple):
    """A command that a process decided, and the stream it is for."""

    stream: str
    command: Command


@dataclass(frozen=True)
class Process(Generic[S, E]):
    """A process manager: events in, commands out. Its own stream `<name>:<key>` remembers both.

    `since` is fixed when it is first deployed on a log that exists: what was recorded before leads to nothing.
    """

    name: str
    initial: S
    handles: tuple[type[E], ...]
    key: Callable[[E], str]
    decide: Callable[[S, E], list[Issued]]
    evolve: Callable[[S, E], S]
    since: dt.datetime = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def members(union: Any) -> tuple[Any, ...]:
    """The classes of a union of events or commands; of a single class, itself."""
    return get_args(union) or (union,)
