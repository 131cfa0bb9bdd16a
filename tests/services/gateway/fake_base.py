"""What every fake service of the gateway's tests is made of."""

from dataclasses import dataclass, field
from typing import Any

from shared.web.channel import Refused, ServiceDown


@dataclass
class Fake:
    """A service that can be down, or refuse the next call."""

    name: str
    down: bool = False
    refusal: Refused | None = None
    crash: Exception | None = None
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def called(self, name: str, /, **arguments: Any) -> None:
        self.calls.append((name, arguments))
        self.fail()

    def fail(self) -> None:
        if self.crash is not None:
            raise self.crash
        if self.down:
            raise ServiceDown(self.name)
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal

    def last(self, what: str) -> dict[str, Any]:
        return next(arguments for name, arguments in reversed(self.calls) if name == what)
