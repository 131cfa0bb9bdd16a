"""« Qui a vu quoi »: each look at a member's file by month, person, role and part; going through them is recorded."""

import json
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Response
from pydantic import BeforeValidator

from services.console.acts import records
from services.console.acts.records import Found, Wanted
from services.console.domain.words import Part, Role
from services.console.pages import control_words, words
from services.console.pages.asking import AuditorVisit, Posting
from services.console.pages.person_forms import PersonForm
from services.console.pages.visit import Visit
from services.console.read_models.file_reads import FileRead
from shared.kernel import Erased, Rejected
from shared.problems import Refused
from shared.web import channel
from shared.web.forms import Typed, wrong
from shared.web.spreadsheet import as_csv

E = TypeVar("E", Role, Part)
DESTROYED: Final = "détruit"
COLUMNS: Final = ("at", "person_id", "reader", "role", "purpose", "part", "reason", "ticket", "inquiry_id", "read_id")
TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
router = APIRouter(prefix="/controle/consultations")


def _one_of(kind: type[E]) -> BeforeValidator:
    def reader(text: str) -> E | None:
        try:
            return kind(text) if text else None
        except ValueError:
            raise wrong("Choisissez dans la liste.") from None

    return BeforeValidator(reader)


class RecordsForm(PersonForm):
    """Which looks."""

    mois: str = ""
    role: Annotated[Role | None, _one_of(Role)]
    part: Annotated[Part | None, _one_of(Part)]
    suite_de: str = ""


@router.get("")
async def ask(visit: AuditorVisit) -> Response:
    return await _page(visit, Typed())


@router.post("")
async def look(visit: AuditorVisit, posted: Posting) -> Response:
    return await _looked(visit, posted, "")


@router.post("/fichier.{kind}")
async def export(visit: AuditorVisit, posted: Posting, kind: str) -> Response:
    if kind not in TYPES:
        raise Refused("not-found")
    return await _looked(visit, posted, kind)


async def _looked(visit: Visit, posted: Any, kind: str) -> Response:
    form, typed = visit.read(RecordsForm, posted.fields)
    if form is None:
        return await _page(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    by, office = visit.by(), visit.site.office  # not the form's id: what is shown or taken again is recorded again
    try:
        person_id, close = await form.person(visit.site.lines, by)
        wanted = Wanted(month=form.mois.strip(), person_id=person_id, role=form.role, part=form.part)
        await records.record(office, by, wanted, form.why(), close, exported=bool(kind))
    except (Rejected, Refused, channel.Refused) as refused:
        typed = words.refusing(typed, "mois", refused.code)
        return await _page(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    if kind:
        rows = [row(one) async for one in records.everything(office, wanted)]
        headers = {"Content-Disposition": f'attachment; filename="consultations-{wanted.month or "dossier"}.{kind}"'}
        return Response(written(rows, kind), media_type=TYPES[kind], headers=headers)
    found = await records.page(office, wanted, form.suite_de)
    # the form is shown again with the pseudonym in place of number and date
    values = {name: text for name, text in typed.values.items() if not name.startswith("naissance")}
    return await _page(visit, Typed({**values, "personne": person_id}), found=found, wanted=wanted)


def row(one: FileRead) -> dict[str, str]:
    """One look as text; what nobody knows any more reads « détruit »."""
    facts = one.model_dump(mode="json")
    erased = {name for name in COLUMNS if isinstance(getattr(one, name), Erased)}
    return {name: DESTROYED if name in erased else str(facts[name] or "") for name in COLUMNS}


def written(rows: list[dict[str, str]], kind: str) -> bytes:
    """The file."""
    if kind == "csv":
        return as_csv(COLUMNS, ([one[name] for name in COLUMNS] for one in rows))
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in rows).encode()


async def _page(
    visit: Visit, typed: Typed, status: int = HTTPStatus.OK, found: Found | None = None, wanted: Wanted | None = None
) -> Response:
    context: dict[str, Any] = {"dates": RecordsForm.DATES, "roles": words.ROLES, "part_names": control_words.PARTS}
    rows = [(one, row(one)) for one in found.items] if found else []
    context |= {"found": found, "wanted": wanted, "rows": rows, "destroyed": DESTROYED}
    return await visit.page("audit/records.html", status=status, typed=typed, **context)
