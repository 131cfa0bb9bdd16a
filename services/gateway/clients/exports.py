"""« Mes données »: the parts of all services, asked side by side, in one archive. One that is down is named."""

import asyncio
import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.gateway.clients.who import Who
from shared.web.channel import Channel, Refused, ServiceDown


@dataclass(frozen=True)
class Part:
    """One file of the archive, and where a service gives it: `{me}` is the member."""

    name: str
    service: str
    path: str
    words: str
    """What the member calls it."""
    listed: str = ""
    """The list that comes page by page: `older` names the last of a page, `before` asks for what is behind it."""


PARTS: Final = (
    Part("identite/mes-donnees.json", "identity", "/export", "identité, coordonnées, droits, compte bancaire"),
    Part("identite/mes-donnees.pdf", "identity", "/export/pdf", "les mêmes, à lire"),
    Part("identite/fhir.json", "identity", "/export/fhir", "identité et droits (FHIR Patient et Coverage)"),
    Part("identite/historique.json", "identity", "/profile/history", "historique du profil"),
    Part("identite/connexions.json", "identity", "/sign-ins", "historique des connexions"),
    Part("identite/appareils.json", "identity", "/devices", "appareils et sessions"),
    Part("identite/attestations.json", "identity", "/attestations", "attestations demandées"),
    Part("cartes/vitale.json", "cards", "/persons/{me}/vitale", "carte Vitale"),
    Part("cartes/vitale-suivi.json", "cards", "/persons/{me}/vitale/tracking", "commandes de carte Vitale"),
    Part("cartes/ceam.json", "cards", "/persons/{me}/ceam", "carte européenne"),
    Part("messages/messages.json", "notifications", "/members/{me}/messages", "messages", listed="messages"),
    Part("messages/choix.json", "notifications", "/members/{me}/contact", "choix de contact"),
    Part(
        "remboursements/fhir.json",
        "reimbursements",
        "/persons/{me}/explanations",
        "remboursements (FHIR ExplanationOfBenefit)",
    ),
    Part("remboursements/retenues.json", "reimbursements", "/persons/{me}/deductions", "participations et franchises"),
    Part("remboursements/demandes.json", "reimbursements", "/persons/{me}/claims", "demandes en cours"),
    Part("remboursements/releves.json", "reimbursements", "/persons/{me}/statements", "relevés"),
    *(
        Part(f"actions/{name}.json", service, "/own-acts", f"vos actions : {words}")
        for name, service, words in (
            ("compte", "identity", "compte et profil"),
            ("cartes", "cards", "cartes"),
            ("messages", "notifications", "messages"),
            ("remboursements", "reimbursements", "remboursements"),
        )
    ),
)
HOW: Final = "Ce service n'a pas répondu. Téléchargez vos données de nouveau plus tard, ou demandez-les à la caisse."
WHEN: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file: the archive holds the same bytes as long as the data are the same."""


class Exports(Protocol):
    """What the page asks."""

    async def file(self, who: Who, kind: str) -> bytes: ...
    async def archive(self, who: Who, made_at: dt.datetime) -> bytes: ...


class HttpExports:
    """The same, over the wire."""

    def __init__(self, lines: Mapping[str, Channel], parts: Sequence[Part] = PARTS) -> None:
        self._lines = lines
        self._parts = parts

    async def file(self, who: Who, kind: str) -> bytes:
        paths = {"json": "/export", "fhir": "/export/fhir", "pdf": "/export/pdf"}
        return await self._lines["identity"].file(who, paths[kind])

    async def archive(self, who: Who, made_at: dt.datetime) -> bytes:
        """A ZIP: the parts that came, and what is missing with how to get it. What a member has none of is left out."""
        found = await asyncio.gather(*(self._part(who, part) for part in self._parts))
        return packed(list(zip(self._parts, found, strict=True)), made_at)

    async def _part(self, who: Who, part: Part) -> bytes | Exception:
        line, path = self._lines[part.service], part.path.replace("{me}", who.member)
        try:
            content = await line.file(who, path)
            return await _whole(line, who, path, part.listed, content) if part.listed else content
        except (ServiceDown, Refused) as error:
            return error


async def _whole(line: Channel, who: Who, path: str, listed: str, content: bytes) -> bytes:
    page = whole = json.loads(content)
    while older := page.get("older"):
        page = json.loads(await line.file(who, f"{path}?before={older}"))
        whole[listed] += page[listed]
    return json.dumps({**whole, "older": None}, ensure_ascii=False).encode()


def packed(found: Sequence[tuple[Part, bytes | Exception]], made_at: dt.datetime) -> bytes:
    """The archive, with `sommaire.json` and `LISEZ-MOI.txt` in front."""
    here = [(part, content) for part, content in found if isinstance(content, bytes)]
    gone = [part for part, content in found if isinstance(content, ServiceDown)]
    missing = [{"fichier": part.name, "contenu": part.words, "comment": HOW} for part in gone]
    files = [{"fichier": part.name, "contenu": part.words} for part, _ in here]
    summary = {"fait_le": made_at.isoformat(), "fichiers": files, "manquants": missing}
    front = [
        ("LISEZ-MOI.txt", _read_me(files, missing, made_at).encode()),
        ("sommaire.json", json.dumps(summary, ensure_ascii=False, indent=2).encode()),
    ]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*front, *((part.name, text) for part, text in here)):
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _read_me(files: Sequence[dict[str, str]], missing: Sequence[dict[str, str]], made_at: dt.datetime) -> str:
    lines = [f"Vos données, telles que la caisse les tient au {made_at:%d/%m/%Y}.", ""]
    lines += [f"- {one['fichier']} : {one['contenu']}" for one in files]
    if missing:
        lines += ["", "Il manque :", *(f"- {one['fichier']} : {one['contenu']}. {one['comment']}" for one in missing)]
    return "\n".join(lines) + "\n"
