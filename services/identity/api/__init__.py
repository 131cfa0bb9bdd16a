"""HTTP side of identity: for the members' edge, and for the console."""

from services.identity.api.routes import routers

__all__ = ["routers"]
