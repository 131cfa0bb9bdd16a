"""One request of one browser of the staff: who it is, in which role, and how an act of his is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from services.console.acts.doors import Opened
from services.console.acts.office import By
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.drafts import State
from services.console.pages.site import Site
from shared.projections.documents import AnyProjection
from shared.projections.queries import Written as OwnWrite
from shared.web.channel import Written
from shared.web.sessions import Session
from shared.web.visits import BaseVisit, Posted

NAVIGATION: Final[Mapping[Role, Sequence[tuple[str, str]]]] = {
    Role.AGENT: (("/accueil", "Accueil"), ("/guichet", "Guichet"), ("/taches", "Tâches"), ("/a-deux", "À deux")),
    Role.OPERATIONS: (("/accueil", "Accueil"), ("/exploitation", "Exploitation"), ("/a-deux", "À deux")),
    Role.SUPERVISOR: (
        ("/accueil", "Accueil"),
        ("/guichet", "Guichet"),
        ("/taches", "Tâches"),
        ("/a-deux", "À deux"),
        ("/exploitation", "Exploitation"),
        ("/controle/conservation", "Conservation"),
        ("/enquetes", "Enquêtes"),
        ("/comptes", "Comptes"),
    ),
    Role.AUDITOR: (("/accueil", "Accueil"), ("/controle", "Contrôle"), ("/exploitation", "Exploitation")),
}
"""Where each role may go; a page that is not here for somebody is refused to him, too (`asking.roles`)."""


@dataclass(frozen=True)
class Frame:
    """What the frame of a page says of who is signed in."""

    staff_id: StaffId
    role: Role
    navigation: Sequence[tuple[str, str]]


class Visit(BaseVisit[Site, State]):
    """Made once for each request."""

    def __init__(self, site: Site, request: Request, session: Session[State]) -> None:
        super().__init__(site, request, session)
        self.role: Role | None = None
        """Set once the account was asked whether the session still stands."""

    def frame(self) -> Mapping[str, Any]:
        if self.session.holder is None or self.role is None:
            return {"member": None}
        return {"member": Frame(StaffId(self.session.holder), self.role, NAVIGATION[self.role])}

    def by(self, posted: Posted | None = None, cmd: str = "") -> By:
        """Who acts; the form that was sent names the command."""
        assert self.session.holder is not None, "asked for a visitor"
        assert self.role is not None, "asked before the session was checked"
        return By(
            staff_id=StaffId(self.session.holder),
            role=self.role,
            cmd=posted.command_id if posted else cmd or Posted({}).command_id,
            correlation_id=self.request.state.correlation_id,
            session=self.session.reference,
            auth_time=self.session.state.signed_in_at,
        )

    def wrote(self, stream: str, version: int = 1) -> None:
        """Let the next pages wait for an event of the console's own."""
        self.remember("console", Written(stream=stream, version=version))

    async def shows_own(self, *projections: AnyProjection) -> None:
        """Wait until these show what was written last."""
        written = OwnWrite.parse(self.written("console"))
        for projection in projections:
            await self.site.office.queries.wait(projection, written)

    async def sign_in(self, opened: Opened) -> None:
        """This browser is now of somebody of the staff, under another cookie."""
        self.session = await self.site.sessions.sign_in(self.session, opened.staff_id)
        self.session.change(console_session=opened.session_id)
        self.role = opened.role
