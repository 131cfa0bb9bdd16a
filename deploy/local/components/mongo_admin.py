"""Users of the database: each service its own, with its own database and the vault of keys."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import ports, services
from deploy.local.plan import ADMIN, Plan

REPLICA_SET = "rs0"
USER_EXISTS = 51003
TIMEOUT_MS = 2000
TRANSACTION_SECONDS = 10  # the server's own 60 would hold up appends and read models for a minute after a kill


def url(plan: Plan, user: str) -> str:
    """The connection string of a user; one that was given from outside is passed on as it is."""
    if plan.mongo:
        return plan.mongo.address
    address = f"{ports.HOST}:{plan.ports['mongo']}"
    return f"mongodb://{user}:{plan.passwords[user]}@{address}/?authSource=admin&directConnection=true"


def create_admin(plan: Plan) -> bool:
    """In the run without passwords: make the replica set of one and its first user."""
    try:
        with _client(f"mongodb://{ports.HOST}:{plan.ports['mongo']}/?directConnection=true") as client:
            if not _is_primary(client):
                return _initiate(client, plan)
            _create_user(client, ADMIN, plan.passwords[ADMIN], [{"role": "root", "db": "admin"}])
            return True
    except PyMongoError:
        return False


def is_writable(plan: Plan) -> bool:
    """A primary that takes a majority write: the port alone says nothing."""
    try:
        with _client(url(plan, ADMIN)) as client:
            durable = WriteConcern(w="majority", j=True, wtimeout=TIMEOUT_MS)
            probe = client["local_stack"].get_collection("readiness", write_concern=durable)
            return _is_primary(client) and probe.replace_one({"_id": 1}, {}, upsert=True).acknowledged
    except PyMongoError:
        return False


def create_users(plan: Plan) -> None:
    """Idempotent: a service added later gets its user at the next start."""
    with _client(url(plan, ADMIN)) as client:
        known = {user["user"] for user in client.admin.command("usersInfo", 1)["users"]}
        for name in services.SERVICES:
            if name not in known:
                _create_user(client, name, plan.passwords[name], roles_of(name))


def forget_the_dead(plan: Plan) -> None:
    """The server keeps a transaction of a killed process open for this long, and nobody else writes what it wrote."""
    with _client(url(plan, ADMIN)) as client:
        client.admin.command({"setParameter": 1, "transactionLifetimeLimitSeconds": TRANSACTION_SECONDS})


def roles_of(service: str) -> list[dict[str, str]]:
    return [{"role": "readWrite", "db": name} for name in (service, services.KEY_VAULT)]


def _client(address: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(address, serverSelectionTimeoutMS=TIMEOUT_MS)


def _is_primary(client: MongoClient[dict[str, Any]]) -> bool:
    return bool(client.admin.command("hello").get("isWritablePrimary"))


def _initiate(client: MongoClient[dict[str, Any]], plan: Plan) -> bool:
    member = {"_id": 0, "host": f"{ports.HOST}:{plan.ports['mongo']}"}
    with suppress(OperationFailure):  # initiated already: it only is not the primary yet
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
    return False


def _create_user(
    client: MongoClient[dict[str, Any]], name: str, password: str, roles: Sequence[dict[str, str]]
) -> None:
    try:
        client.admin.command("createUser", name, pwd=password, roles=roles)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
