"""The stores on MongoDB: beside the log, with ids and keyed hashes alone. What expires is dropped by the database."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from services.identity.access.challenges_mongo import MongoChallenges, MongoDevices, MongoTotp
from services.identity.access.stores import ABOUT_TO_BE_NAMED, Credential, Enrolment, Refusals, Stores
from services.identity.domain.ids import CredentialId, EnrolmentId, MemberId
from shared.mongo import Database, Document, DuplicateKeyError
from shared.sign_in.stores import MongoTries

AT_MOST: Final = 20
"""Codes of one member that were made and not yet dropped."""


class MongoEnrolments:
    """`enrolments {_id, person_id, expires_at}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["enrolments"]

    async def put(self, enrolment: Enrolment) -> None:
        await self.rows.insert_one(_row(enrolment.model_dump()))

    async def get(self, enrolment_id: EnrolmentId, now: dt.datetime) -> Enrolment | None:
        row = await self.rows.find_one({"_id": enrolment_id})
        found = Enrolment.model_validate(_fields(row)) if row else None
        return found if found and now < found.expires_at else None


class MongoCredentials:
    """`credentials {_id, member_id, hash, created_at, active}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["credentials"]

    async def add(self, credential: Credential) -> None:
        try:
            await self.rows.insert_one(_row(credential.model_dump()))
        except DuplicateKeyError:
            return

    async def of(self, member_id: str) -> Sequence[Credential]:
        rows = await self.rows.find({"member_id": member_id}).to_list(AT_MOST)
        found = [Credential.model_validate(_fields(row)) for row in rows]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    async def settle(self, member_id: MemberId, credential_id: CredentialId, now: dt.datetime) -> None:
        await self.rows.update_one({"_id": credential_id}, {"$set": {"active": True}})
        late = {"$lt": now - ABOUT_TO_BE_NAMED}
        await self.rows.delete_many({"member_id": member_id, "_id": {"$ne": credential_id}, "created_at": late})

    async def rehash(self, credential_id: CredentialId, code_hash: str) -> None:
        await self.rows.update_one({"_id": credential_id}, {"$set": {"hash": code_hash}})

    async def drop(self, credential_id: CredentialId) -> None:
        await self.rows.delete_one({"_id": credential_id})


class MongoRefusals:
    """`refusals {_id, nir, count, first_at, last_at}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["refusals"]

    async def count(self, refusals_id: str, nir: str, at: dt.datetime) -> None:
        first = {"nir": nir, "first_at": at}
        change = {"$inc": {"count": 1}, "$set": {"last_at": at}, "$setOnInsert": first}
        try:
            await self.rows.update_one({"_id": refusals_id}, change, upsert=True)
        except DuplicateKeyError:  # two first ones at once
            await self.rows.update_one({"_id": refusals_id}, change)

    async def last_before(self, time: dt.datetime) -> Sequence[Refusals]:
        rows = await self.rows.find({"last_at": {"$lt": time}}).to_list(1000)
        return [Refusals.model_validate(_fields(row)) for row in rows]

    async def drop(self, refusals_id: str) -> None:
        await self.rows.delete_one({"_id": refusals_id})


def mongo_stores(database: Database) -> Stores:
    """All of them in identity's database."""
    tries = MongoTries(database)

    async def prepare() -> None:
        await tries.prepare()
        for name in ("enrolments", "challenges", "devices"):
            await database[name].create_index("expires_at", expireAfterSeconds=0)
        for name in ("credentials", "challenges", "devices", "totp"):
            await database[name].create_index("member_id")
        await database["refusals"].create_index("last_at")

    return Stores(
        MongoEnrolments(database),
        MongoCredentials(database),
        tries,
        MongoRefusals(database),
        MongoChallenges(database),
        MongoDevices(database),
        MongoTotp(database),
        prepare,
    )


def _row(fields: Document) -> Document:
    return {"_id" if name == "id" else name: value for name, value in fields.items()}


def _fields(row: Document) -> Document:
    return {"id" if name == "_id" else name: value for name, value in row.items()}
