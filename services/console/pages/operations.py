"""« Exploitation »: how every service goes, which event leads to which screen, and the graphs of the last hour."""

from typing import Final

from fastapi import APIRouter, Response

from services.console.acts import looking
from services.console.pages.asking import LookingVisit
from services.console.pages.graphs import Graph, graph

router = APIRouter(prefix="/exploitation")
GRAPHS: Final = (
    ("rate", "Événements enregistrés", "/s"),
    ("relay_lag", "Pas encore sur le topic", ""),
    ("lag_seconds", "Retard de la vue la plus lente", " s"),
    ("parked", "Clés en attente", ""),
)


@router.get("")
async def overview(visit: LookingVisit) -> Response:
    found = await looking.everything(visit.site.lines, visit.by())
    old = [said for one in found for said in one.old_screens]
    return await visit.page("operations/map.html", services=found, old=old)


@router.get("/graphes")
async def graphs(visit: LookingVisit) -> Response:
    found = await looking.samples(visit.site.lines, visit.by())
    drawn: dict[str, list[Graph]] = {
        name: [
            graph(title, unit, [(one.at, float(getattr(one, field))) for one in rows]) for field, title, unit in GRAPHS
        ]
        for name, rows in found.items()
    }
    return await visit.page("operations/graphs.html", services=drawn)
