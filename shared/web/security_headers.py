"""What every answer tells the browser: load nothing from elsewhere, be framed by nobody, keep no page."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
INSTALLABLE: Final = f"{POLICY}; manifest-src 'self'; worker-src 'self'"
"""That of a site that a phone may keep as an application."""
_UNUSED: Final = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

ALWAYS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # `no-referrer` would turn the Origin of our own forms into `null`
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def leading_to(target: str) -> str:
    """The policy of a page whose form may lead to one address elsewhere."""
    return INSTALLABLE.replace("form-action 'self'", f"form-action 'self' {target}")


def policy(*, images: str = "") -> str:
    """The policy of a page with images from one host more, where somebody agreed to it."""
    return INSTALLABLE.replace("img-src 'self'", f"img-src 'self' {images}") if images else INSTALLABLE


LOCATED: Final = ALWAYS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")
"""For the pages that ask where somebody is."""
HTTPS_ONLY: Final[Mapping[str, str]] = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
CLEAR: Final[Mapping[str, str]] = {"Clear-Site-Data": '"cache", "storage"'}
"""For the answer to a sign-out: the session's cookie is deleted by name, the device stays known."""


class SecurityHeaders:
    """Outermost: the answers of errors bear them too."""

    def __init__(self, app: ASGIApp, *, https: bool, policy: str = POLICY) -> None:
        self._app = app
        self._headers = {**ALWAYS, "Content-Security-Policy": policy, **(HTTPS_ONLY if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, protected if scope["type"] == "http" else send)
