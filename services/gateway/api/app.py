"""The interface as an app of its own, mounted under /api/v1 of the site, and the document that describes it."""

import copy
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.gateway.api import (
    account,
    attestations,
    ceam,
    erasure,
    messages,
    money,
    places,
    problems,
    profile,
    tokens,
    vitale,
)
from shared.http import TELEMETRY
from shared.problems import openapi_responses

PATH: Final = "/api/v1"
VERSION: Final = "1.0"
ABOUT: Final = """What a member does on the site, for a program that he lets act for him.

- **Token**: authorization code with PKCE in the phone's own browser (RFC 8252); sign-in, creation of the account,
  forgotten codes, code apps and the closure stay there. A token ends with the session that it was given from, and after
  15 minutes without a call.
- **Errors** are problems (RFC 9457) with a stable `code`; `401 step-up-required` says how to ask for a token of a
  member who has just confirmed that it is he (RFC 9470).
- **Commands** carry an `Idempotency-Key`, a UUID: sent again, they are done once. `409 request-in-flight`: the first
  is under way; `422 command-reused`: the key has served for something else.
- **Queries** say in `X-Lag` how many of the caller's own commands their answer does not show yet, and in `X-As-Of`
  until when it shows all that was recorded.
- **If-Match** with the `ETag` last read is asked for where something is replaced: `428`, `412`. **If-None-Match** with
  it answers `304` as long as it holds.
- Amounts are cents, days ISO 8601 dates of Paris, moments UTC. New fields and values may come at any time.
"""
_MODULES: Final = (tokens, account, erasure, profile, attestations, money, vitale, ceam, messages, places)
_NEEDED: Final = {
    "Idempotency-Key": {"required": True, "schema": {"type": "string", "format": "uuid"}},
    "If-Match": {"required": True, "schema": {"type": "string"}},
}
"""What is refused with a code of its own where it is missing, and not as FastAPI would."""


class Interface(FastAPI):
    """Says of itself what OpenAPI can't be told route by route."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["responses"] = {"Problem": openapi_responses()["default"]}
            for operation in (one for path in document["paths"].values() for one in path.values()):
                operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
                for parameter in operation.get("parameters", ()):
                    parameter.update(copy.deepcopy(_NEEDED.get(parameter["name"], {})))
        found: dict[str, Any] = self.openapi_schema or {}
        return found


def build_api(parent: FastAPI) -> FastAPI:
    """The interface of a site."""
    api = Interface(
        title="Mon compte en ligne",
        version=VERSION,
        summary="The members' account",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": PATH}],
        root_path_in_servers=False,
        redirect_slashes=False,
        responses=openapi_responses(),
        telemetry=TELEMETRY,
        generate_unique_id_function=_name,
    )
    api.state.parent = parent
    problems.install(api)
    for module in _MODULES:
        api.include_router(module.router)
    return api


def _name(route: APIRoute) -> str:
    return f"{route.endpoint.__module__.rpartition('.')[2]}_{route.name}"
