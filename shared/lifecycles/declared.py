"""What a service declares: which state may follow which, how long one may last, and which events say so."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from shared.kernel import Event

Follows = Mapping[Any, frozenset[Any]]
"""Each state, and those that may come next; None: before the first. All are `StrEnum`s or text."""


class Move(NamedTuple):
    """Something is in this state now."""

    lifecycle: str
    subject: str
    state: str


@dataclass(frozen=True)
class Lifecycle:
    """One kind of thing."""

    name: str
    follows: Follows
    patience: Mapping[Any, dt.timedelta] = field(default_factory=dict)
    """How long it may stand in a state before somebody should ask why; the others may last."""
    alone: str | None = None
    """A state that only one of a stream may be in at a time."""

    def allows(self, before: str | None, after: str) -> bool:
        """Whether this step is declared."""
        return after in self.follows.get(before, frozenset())


def no_names(_: object) -> Iterable[str]:
    """For a service in whose streams nothing is looked up by a number."""
    return ()


@dataclass(frozen=True)
class Lifecycles:
    """All of a service."""

    declared: tuple[Lifecycle, ...]
    moves: Callable[[Event], Iterable[Move]]
    """What an event says."""
    names: Callable[[Event], Iterable[str]] = no_names
    """Numbers in an event under which its stream can be asked for: a card's, a declaration's."""
    sought: Callable[[str], Iterable[str]] = no_names
    """Which of those names a typed number may be."""

    @cached_property
    def by_name(self) -> Mapping[str, Lifecycle]:
        """Each lifecycle by its name."""
        return {one.name: one for one in self.declared}
