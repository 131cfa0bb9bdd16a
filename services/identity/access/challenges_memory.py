"""Challenges and devices in memory, for fast tests."""

import datetime as dt

from services.identity.access.challenges import Challenge, Totp
from services.identity.domain.factor_events import Purpose
from services.identity.domain.ids import ChallengeId, DeviceId, MemberId, TotpId


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


class MemoryTotp:
    """Secrets in a dict."""

    def __init__(self) -> None:
        self.rows: dict[TotpId, Totp] = {}

    async def put(self, totp: Totp) -> None:
        self.rows.setdefault(totp.id, totp)

    async def get(self, totp_id: TotpId) -> Totp | None:
        return self.rows.get(totp_id)

    async def set_recovery(self, totp_id: TotpId, hashes: tuple[str, ...]) -> None:
        self.rows[totp_id] = self.rows[totp_id].model_copy(update={"recovery": hashes})

    async def use_recovery(self, totp_id: TotpId, code_hash: str) -> bool:
        row = self.rows[totp_id]
        left = tuple(one for one in row.recovery if one != code_hash)
        self.rows[totp_id] = row.model_copy(update={"recovery": left})
        return len(left) < len(row.recovery)

    async def advance(self, totp_id: TotpId, step: int) -> bool:
        row = self.rows[totp_id]
        if row.step >= step:
            return False
        self.rows[totp_id] = row.model_copy(update={"step": step})
        return True

    async def drop(self, member_id: MemberId) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row.member_id != member_id}
