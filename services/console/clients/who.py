"""For whom the console asks a service."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Who:
    """Somebody of the staff: his pseudonym, his role, when he gave his two factors."""

    staff_id: str
    role: str
    session: str
    auth_time: dt.datetime | None = None

    def claims(self) -> Mapping[str, Any]:
        """What the token says of him."""
        return {
            "actor": self.staff_id,
            "actor_kind": self.role,
            "acr": "totp",
            "auth_time": self.auth_time,
            "session": self.session,
        }

    def headers(self) -> Mapping[str, str]:
        """Nothing beside the token."""
        return {}
