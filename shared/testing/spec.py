"""Given events, when a command, then events: the words of a rule's test."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from shared.kernel import Command, Decider, Event, Rejected

S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Spec(Generic[S, C, E]):
    """`Spec(vitale).given(ISSUED).when(ReportVitaleLost(…)).then(…)`; each chain is a value and can be kept."""

    decider: Decider[S, C, E]
    history: Sequence[E] = field(default=())
    command: C | None = None

    def given(self, *events: E) -> "Spec[S, C, E]":
        """What happened before."""
        return replace(self, history=[*self.history, *events])

    def when(self, command: C) -> "Spec[S, C, E]":
        """What is asked now."""
        return replace(self, command=command)

    def then(self, *expected: E) -> None:
        """Exactly these events follow, and the state can take them."""
        decided = self._decide()
        assert decided == list(expected), f"decided {decided}"
        self.decider.fold(decided, self.decider.fold(self.history))

    def nothing(self) -> None:
        """A repeat: nothing more happens."""
        self.then()

    def rejected(self, code: str) -> None:
        """The rule says no, with this code."""
        outcome: object
        try:
            outcome = self._decide()
        except Rejected as refusal:
            outcome = refusal.code
        assert outcome == code, f"decided {outcome}"

    def _decide(self) -> list[E]:
        assert self.command is not None, "when(…) is missing"
        return self.decider.decide(self.decider.fold(self.history), self.command)
