"""Challenges and devices in memory, for fast tests."""

import datetime as dt

from services.identity.access.challenges import Challenge
from services.identity.domain.factor_events import Purpose
from services.identity.domain.ids import ChallengeId, DeviceId, MemberId


class MemoryChallenges:
    """Challenges in a dict."""

    def __init__(self) -> None:
        self.rows: dict[ChallengeId, Challenge] = {}

    async def put(self, challenge: Challenge) -> None:
        self.rows.setdefault(challenge.id, challenge)

    async def get(self, challenge_id: ChallengeId) -> Challenge | None:
        return self.rows.get(challenge_id)

    async def standing(self, member_id: MemberId, session: str, purpose: Purpose, now: dt.datetime) -> Challenge | None:
        wanted = (member_id, session, purpose, None)
        for row in self.rows.values():
            if (row.member_id, row.session, row.purpose, row.used_by) == wanted and now < row.expires_at:
                return row
        return None

    async def count(self, challenge_id: ChallengeId, most: int) -> bool:
        row = self.rows[challenge_id]
        if row.tries >= most or row.used_by is not None:
            return False
        self.rows[challenge_id] = row.model_copy(update={"tries": row.tries + 1})
        return True

    async def use(self, challenge_id: ChallengeId, cmd: str) -> bool:
        row = self.rows[challenge_id]
        if row.used_by not in {None, cmd}:
            return False
        self.rows[challenge_id] = row.model_copy(update={"used_by": cmd})
        return True


class MemoryDevices:
    """Devices in a dict."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dt.datetime] = {}

    async def known(self, member_id: str, device_id: DeviceId, now: dt.datetime) -> bool:
        expires_at = self.rows.get((member_id, device_id))
        return expires_at is not None and now < expires_at

    async def remember(self, member_id: MemberId, device_id: DeviceId, expires_at: dt.datetime) -> None:
        self.rows[member_id, device_id] = expires_at

    async def forget(self, member_id: MemberId, device_id: DeviceId | None = None) -> None:
        kept = {
            (member, device): until
            for (member, device), until in self.rows.items()
            if member != member_id or device_id not in {None, device}
        }
        self.rows = kept
