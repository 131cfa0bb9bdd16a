"""What the console asks of every service: /internal/ops and /internal/audit (DESIGN §1, §2)."""

from shared.admin.audit import audit_router
from shared.admin.ops import ops_router

__all__ = ["audit_router", "ops_router"]
