"""The routes that every service has for the console."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter

from shared.admin.audit import audit_router
from shared.admin.dossier import dossier_router
from shared.admin.numbers import numbers_router
from shared.admin.ops import ops_router
from shared.admin.proofs import proofs_router
from shared.admin.retention import retention_router

if TYPE_CHECKING:
    from shared.service.running import Service


def internal_routers(service: "Service") -> Sequence[APIRouter]:
    """Under /internal/ops and /internal/audit; under /internal/desk, where members read numbers of this service."""
    numbers = service.definition.numbers
    return [
        *([numbers_router(numbers(service))] if numbers else []),
        ops_router(service),
        audit_router(service.store),
        dossier_router(service),
        proofs_router(service),
        retention_router(service),
    ]
