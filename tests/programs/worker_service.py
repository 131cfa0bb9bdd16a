"""The toy as a service of its own: `python -m tests.programs.worker_service all | api | relay | worker | replay …`."""

import os
from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter

from shared.problems import ProblemCatalogue
from shared.service import Definition, Service, command_line
from shared.settings import BaseServiceSettings
from tests import toy


def definition(_: BaseServiceSettings) -> Definition:
    version = int(os.environ.get("TOY_VERSION", "1"))
    models = [replace(one, version=version) for one in (toy.summary, toy.heaps)]
    return toy.definition(os.environ["TOY_NAME"], models, release=version, processes=[toy.filler])


def routes(service: Service) -> Sequence[APIRouter]:
    router = APIRouter()

    @router.get("/boxes/{person}")
    async def box(person: str) -> dict[str, int]:
        found = await service.queries.get(toy.summary, person)
        return {"content": found.content if found else -1}

    return [router]


if __name__ == "__main__":
    app, _ = command_line(BaseServiceSettings, definition, routes, ProblemCatalogue())
    app()
