"""Challenges and devices on MongoDB: ids alone. What expires is dropped by the database."""

import datetime as dt

from services.identity.access.challenges import Challenge, Totp
from services.identity.domain.factor_events import Purpose
from services.identity.domain.ids import ChallengeId, DeviceId, MemberId, TotpId
from shared.mongo import Database, DuplicateKeyError


class MongoChallenges:
    """`challenges {_id, member_id, credential_id, session, purpose, factor, expires_at, tries, used_by}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["challenges"]

    async def put(self, challenge: Challenge) -> None:
        row = challenge.model_dump()
        try:
            await self.rows.insert_one({"_id": row.pop("id"), **row})
        except DuplicateKeyError:
            return

    async def get(self, challenge_id: ChallengeId) -> Challenge | None:
        row = await self.rows.find_one({"_id": challenge_id})
        return Challenge(id=row.pop("_id"), **row) if row else None

    async def standing(self, member_id: MemberId, session: str, purpose: Purpose, now: dt.datetime) -> Challenge | None:
        wanted = {"member_id": member_id, "session": session, "purpose": purpose, "used_by": None}
        row = await self.rows.find_one({**wanted, "expires_at": {"$gt": now}})
        return Challenge(id=row.pop("_id"), **row) if row else None

    async def count(self, challenge_id: ChallengeId, most: int) -> bool:
        wanted = {"_id": challenge_id, "tries": {"$lt": most}, "used_by": None}
        return (await self.rows.update_one(wanted, {"$inc": {"tries": 1}})).modified_count == 1

    async def use(self, challenge_id: ChallengeId, cmd: str) -> bool:
        wanted = {"_id": challenge_id, "used_by": {"$in": [None, cmd]}}
        return (await self.rows.update_one(wanted, {"$set": {"used_by": cmd}})).matched_count == 1


class MongoDevices:
    """`devices {_id: {member_id, device_id}, member_id, expires_at}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["devices"]

    async def known(self, member_id: str, device_id: DeviceId, now: dt.datetime) -> bool:
        row = await self.rows.find_one({"_id": _key(member_id, device_id)}, {"expires_at": 1})
        return row is not None and now < row["expires_at"]

    async def remember(self, member_id: MemberId, device_id: DeviceId, expires_at: dt.datetime) -> None:
        change = {"$set": {"member_id": member_id, "expires_at": expires_at}}
        await self.rows.update_one({"_id": _key(member_id, device_id)}, change, upsert=True)

    async def forget(self, member_id: MemberId, device_id: DeviceId | None = None) -> None:
        wanted = {"member_id": member_id} if device_id is None else {"_id": _key(member_id, device_id)}
        await self.rows.delete_many(wanted)


class MongoTotp:
    """`totp {_id, member_id, sealed, recovery, step}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["totp"]

    async def put(self, totp: Totp) -> None:
        row = totp.model_dump()
        try:
            await self.rows.insert_one({"_id": row.pop("id"), **row, "recovery": list(totp.recovery)})
        except DuplicateKeyError:
            return

    async def get(self, totp_id: TotpId) -> Totp | None:
        row = await self.rows.find_one({"_id": totp_id})
        return Totp(id=row.pop("_id"), **row) if row else None

    async def set_recovery(self, totp_id: TotpId, hashes: tuple[str, ...]) -> None:
        await self.rows.update_one({"_id": totp_id}, {"$set": {"recovery": list(hashes)}})

    async def use_recovery(self, totp_id: TotpId, code_hash: str) -> bool:
        wanted = {"_id": totp_id, "recovery": code_hash}
        return (await self.rows.update_one(wanted, {"$pull": {"recovery": code_hash}})).modified_count == 1

    async def advance(self, totp_id: TotpId, step: int) -> bool:
        wanted = {"_id": totp_id, "step": {"$lt": step}}
        return (await self.rows.update_one(wanted, {"$set": {"step": step}})).modified_count == 1

    async def drop(self, member_id: MemberId) -> None:
        await self.rows.delete_many({"member_id": member_id})


def _key(member_id: str, device_id: str) -> str:
    return f"{member_id}|{device_id}"
