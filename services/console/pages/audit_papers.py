"""A working paper: the draw, each item, each finding, as PDF, CSV or lines of JSON."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.console.acts.sampling import Whole
from services.console.domain.samples import Item, PaperForm
from services.console.domain.words import said
from services.console.pages.audit_words import ALGORITHMS, CODES, LIFECYCLES, VERDICTS, state
from shared.canonical import iso
from shared.documents import Renderer
from shared.web.spreadsheet import as_csv

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
VERSION: Final = 2
MEDIA_TYPES: Final = {
    PaperForm.PDF: "application/pdf",
    PaperForm.CSV: "text/csv; charset=utf-8",
    PaperForm.JSONL: "application/jsonl",
}
COLUMNS: Final = (
    "rang", "identifiant", "personne", "etat", "depuis", "etapes", "ecarts", "constat", "note", "constate par",
    "constate le", "echantillon", "service", "cycle", "filtre etat", "filtre code", "filtre debut", "filtre fin",
    "graine", "taille", "position", "population", "empreinte de la population", "algorithme", "conclusion",
)  # fmt: skip


def paper(whole: Whole, form: PaperForm, now: dt.datetime) -> bytes:
    """The file."""
    match form:
        case PaperForm.PDF:
            return _renderer().render("working-paper", VERSION, _printed(whole, now))
        case PaperForm.CSV:
            return as_csv(COLUMNS, (_row(whole, rank, item) for rank, item in _ranked(whole)))
        case PaperForm.JSONL:
            return "".join(
                f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in _lines(whole)
            ).encode()


@cache
def _renderer() -> Renderer:
    return Renderer(TEMPLATES)


def _ranked(whole: Whole) -> enumerate[Item]:
    return enumerate(whole.sample.items, start=1)


def _lines(whole: Whole) -> list[dict[str, Any]]:
    sample = whole.sample
    head = {
        "sample_id": sample.sample_id,
        "drawn_at": iso(sample.at),
        "drawn_by": sample.by,
        "reason": said(sample.reason),
        "draw": sample.draw.model_dump(mode="json"),
        "closed_at": iso(sample.closed_at) if sample.closed_at else None,
        "conclusion": said(whole.conclusion.note) if whole.conclusion else None,
    }
    return [
        head,
        *({"rank": rank, **item.model_dump(mode="json"), **_found(whole, item)} for rank, item in _ranked(whole)),
    ]


def _found(whole: Whole, item: Item) -> dict[str, Any]:
    found = whole.findings.get(item.id)
    if found is None:
        return {"verdict": None, "note": "", "noted_by": None, "noted_at": None}
    return {"verdict": found.verdict, "note": said(found.note), "noted_by": found.by, "noted_at": iso(found.at)}


def _row(whole: Whole, rank: int, item: Item) -> list[object]:
    draw, found = whole.sample.draw, _found(whole, item)
    wanted = draw.wanted
    return [
        rank, item.id, item.person_id, item.state, iso(item.since), item.steps, item.deviations,
        found["verdict"] or "", found["note"], found["noted_by"] or "", found["noted_at"] or "",
        whole.sample.sample_id, draw.service, wanted.lifecycle, wanted.state, wanted.code,
        iso(wanted.since) if wanted.since else "", iso(wanted.until) if wanted.until else "",
        draw.seed, draw.size, draw.position, draw.population, draw.population_hash,
        ALGORITHMS.get(draw.algorithm, draw.algorithm),
        said(whole.conclusion.note) if whole.conclusion else "",
    ]  # fmt: skip


def _printed(whole: Whole, now: dt.datetime) -> dict[str, Any]:
    sample, draw = whole.sample, whole.sample.draw
    return {
        "created_at": iso(now),
        "sample_id": sample.sample_id,
        "drawn_at": iso(sample.at),
        "drawn_by": sample.by,
        "reason": said(sample.reason),
        "ticket": said(sample.ticket),
        "service": draw.service,
        "kind": LIFECYCLES.get(draw.wanted.lifecycle, draw.wanted.lifecycle),
        "state": state(draw.wanted.lifecycle, draw.wanted.state),
        "code": CODES.get(draw.wanted.code, draw.wanted.code),
        "since": iso(draw.wanted.since) if draw.wanted.since else None,
        "until": iso(draw.wanted.until) if draw.wanted.until else None,
        "seed": draw.seed,
        "size": draw.size,
        "algorithm": ALGORITHMS.get(draw.algorithm, draw.algorithm),
        "position": draw.position,
        "population": draw.population,
        "population_hash": draw.population_hash,
        "closed_at": iso(sample.closed_at) if sample.closed_at else None,
        "conclusion": said(whole.conclusion.note) if whole.conclusion else "",
        "items": [_printed_item(whole, rank, item) for rank, item in _ranked(whole)],
    }


def _printed_item(whole: Whole, rank: int, item: Item) -> dict[str, Any]:
    found = _found(whole, item)
    return {
        "rank": rank,
        "subject": item.id.rpartition("/")[2],
        "person_id": item.person_id,
        "state": state(whole.sample.draw.wanted.lifecycle, item.state),
        "since": iso(item.since),
        "steps": item.steps,
        "deviations": item.deviations,
        "verdict": VERDICTS.get(found["verdict"] or "", "aucun constat"),
        "note": found["note"],
    }
