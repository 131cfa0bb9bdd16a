"""One archive of all services: what came, what is missing and how to get it, nothing of what a member has none of."""

import io
import json
import zipfile
from typing import Any

from services.gateway.clients.exports import PARTS, HttpExports
from services.gateway.clients.who import Who
from shared.web.channel import Refused, ServiceDown
from tests.web import NOW

ME = "3f1a6c1e-8a57-4f0e-9d5c-0b1f6f3a2c11"
WHO = Who("session", ME)


class Line:
    """A service that gives what it is asked, refuses, or is down."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked: list[str] = []

    async def file(self, _: Who, path: str) -> bytes:
        self.asked.append(path)
        if self.error:
            raise self.error
        return json.dumps({"path": path}).encode()


async def archive(**errors: Exception) -> tuple[dict[str, Line], dict[str, bytes]]:
    lines = {name: Line(errors.get(name)) for name in ("identity", "cards", "notifications", "reimbursements")}
    given: Any = lines
    content = await HttpExports(given).archive(WHO, NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return lines, {name: opened.read(name) for name in opened.namelist()}


async def test_every_part_of_every_service() -> None:
    lines, files = await archive()
    assert {part.name for part in PARTS} <= files.keys()
    assert json.loads(files["cartes/vitale.json"]) == {"path": f"/persons/{ME}/vitale"}
    assert all("{" not in path for line in lines.values() for path in line.asked)
    assert json.loads(files["sommaire.json"])["manquants"] == []


async def test_a_service_that_is_down_is_named_with_what_to_do() -> None:
    _, files = await archive(cards=ServiceDown("cards"))
    missing = json.loads(files["sommaire.json"])["manquants"]
    assert [one["fichier"] for one in missing] == [part.name for part in PARTS if part.service == "cards"]
    assert all("de nouveau" in one["comment"] for one in missing)
    assert "Il manque" in files["LISEZ-MOI.txt"].decode()
    assert "cartes/vitale.json" not in files


async def test_what_a_member_has_none_of_is_left_out() -> None:
    _, files = await archive(reimbursements=Refused("not-found", 404))
    assert json.loads(files["sommaire.json"])["manquants"] == []
    assert not any(name.startswith("remboursements/") for name in files)


class Paged(Line):
    """Its messages come two by two, the newest first."""

    async def file(self, who: Who, path: str) -> bytes:
        if not path.partition("?")[0].endswith("/messages"):
            return await super().file(who, path)
        newest = int(path.partition("before=")[2] or 6) - 1
        page = list(range(newest, max(newest - 2, 0), -1))
        return json.dumps({"messages": page, "older": str(page[-1]) if page[-1] > 1 else None}).encode()


async def test_what_comes_page_by_page_is_there_whole() -> None:
    lines: Any = {name: Paged() for name in ("identity", "cards", "notifications", "reimbursements")}
    content = await HttpExports(lines).archive(WHO, NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert json.loads(opened.read("messages/messages.json")) == {"messages": [5, 4, 3, 2, 1], "older": None}


async def test_the_same_data_make_the_same_bytes() -> None:
    lines: Any = {name: Line() for name in ("identity", "cards", "notifications", "reimbursements")}
    assert await HttpExports(lines).archive(WHO, NOW) == await HttpExports(lines).archive(WHO, NOW)
