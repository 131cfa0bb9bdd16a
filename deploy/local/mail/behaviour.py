"""How the next mails are answered: a test makes the sink as unreliable as the world is."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Answer(StrEnum):
    ACCEPT = "accept"
    LATER = "451"
    NEVER = "550"
    UNKNOWN = "550-unknown"  # at RCPT already: there is no such mailbox
    DELAY = "delay"
    DROP = "drop"
    ACCEPT_AND_DROP = "accept-and-drop"  # kept, but the sender never hears it: the case of doubt


class Behaviour(BaseModel):
    """One answer for the next `count` mails; after them all are accepted again."""

    model_config = ConfigDict(extra="forbid")

    answer: Answer = Answer.ACCEPT
    count: int = Field(default=1, ge=0, le=100_000)
    seconds: float = Field(default=1.0, ge=0, le=600)
    to: str | None = None
    """To this address alone; others are accepted."""

    def next(self, recipients: Sequence[str]) -> Answer:
        if self.answer is Answer.ACCEPT or self.count == 0 or (self.to and self.to not in recipients):
            return Answer.ACCEPT
        self.count -= 1
        return self.answer
