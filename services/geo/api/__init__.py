"""What geo offers over HTTP: searches to the gateway, the state of the directory to the console."""

from services.geo.api.routes import router
from services.geo.api.work import work

__all__ = ["router", "work"]
