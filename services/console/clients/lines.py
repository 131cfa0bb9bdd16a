"""The lines to the services, put together once."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.web.channel import Channel


@dataclass(frozen=True)
class Lines:
    """One line to each service that the console speaks to, the console itself included."""

    channels: Mapping[str, Channel]

    def to(self, service: str) -> Channel:
        """The line to one service."""
        return self.channels[service]
