"""Parked keys as operations handle them: seen one by one or by class of error, retried or skipped, never edited."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from shared.admin.callers import operations_caller
from shared.canonical import iso
from shared.kernel import Rejected, Value
from shared.parking import SKIP
from shared.security import Caller

if TYPE_CHECKING:
    from shared.service.running import Service

RETRY: Final = "retry"
MOST: Final = 1000
Console = Annotated[Caller, Depends(operations_caller)]


class Wish(Value):
    """What to do with a parked key, and why. A skip is asked for when a second person has agreed."""

    action: str
    reason: str


class Retry(Value):
    """Try a class of failures again: `cap` keys at most, the oldest first. Without `do`: how many it would be."""

    consumer: str
    error: str
    cap: Annotated[int, Field(ge=1, le=MOST)]
    do: bool = False
    reason: str = ""


def add_parked(router: APIRouter, service: "Service") -> None:
    """The routes under /parked."""

    @router.get("/parked")
    async def parked() -> list[dict[str, Any]]:
        rows = await service.parking.rows()
        return [{**row, "at": iso(row["at"]), "waiting": len(row.get("waiting", []))} for row in rows]

    @router.get("/parked-groups")
    async def groups() -> list[dict[str, Any]]:
        return _groups(await service.parking.rows())

    @router.post("/parked-groups/retry", status_code=202)
    async def retry(wish: Retry, caller: Console) -> dict[str, int]:
        rows = [row for row in await service.parking.rows() if _group(row) == (wish.consumer, wish.error)]
        chosen = rows[: wish.cap]
        if wish.do:
            for row in chosen:
                await service.parking.ask(row["_id"], RETRY, caller.actor, wish.reason)
        return {"keys": len(rows), "chosen": len(chosen), "requested": len(chosen) if wish.do else 0}

    @router.post("/parked/{row_id:path}", status_code=202)
    async def act(row_id: str, wish: Wish, caller: Console) -> dict[str, str]:
        if wish.action not in (RETRY, SKIP):
            raise Rejected("action-unknown")
        if not await service.parking.ask(row_id, wish.action, caller.actor, wish.reason):
            raise Rejected("not-parked")
        return {"requested": wish.action}


def _groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Consumer and class of error → how many keys wait, with how many later events, since when."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        consumer, error = _group(row)
        empty = {"consumer": consumer, "error": error, "keys": 0, "waiting": 0, "oldest": iso(row["at"])}
        group = found.setdefault((consumer, error), empty)
        group["keys"] += 1
        group["waiting"] += len(row.get("waiting", []))
        group["oldest"] = min(group["oldest"], iso(row["at"]))
    return sorted(found.values(), key=lambda group: -group["keys"])


def _group(row: dict[str, Any]) -> tuple[str, str]:
    return row["consumer"], row["error"]
