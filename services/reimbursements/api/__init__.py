"""The reimbursements service over HTTP: what a member sees of his household, and what the desk decides."""

from services.reimbursements.api.routes import routers

__all__ = ["routers"]
