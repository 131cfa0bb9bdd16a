"""What the console asks of every service: /internal/ops, /internal/audit and /internal/work (DESIGN §1, §2)."""

from shared.admin.audit import audit_router
from shared.admin.dossier import dossier_router
from shared.admin.every import internal_routers
from shared.admin.ops import ops_router
from shared.admin.work import Decided, Decision, Field, Kind, Sent, WorkItem, work_router

__all__ = [
    "Decided",
    "Decision",
    "Field",
    "Kind",
    "Sent",
    "WorkItem",
    "audit_router",
    "dossier_router",
    "internal_routers",
    "ops_router",
    "work_router",
]
