"""« Connexion » and « Déconnexion »; and the page where an invited person makes himself an account."""

from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response

from services.console.acts import accounts, doors
from services.console.acts.office import By
from services.console.domain.ids import SessionId, StaffId
from services.console.domain.words import Role
from services.console.pages.asking import Counted, Posting, StaffVisit, Visiting, signed_in
from services.console.pages.asking import SignInNeeded as NotSignedIn
from services.console.pages.visit import Visit
from services.console.pages.words import refusing, sentence
from shared.kernel import Rejected
from shared.sign_in.gates import TooMany
from shared.web.forms import Form, Refusal, Typed, asked

HOME: Final = "/accueil"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
router = APIRouter()


class SignInForm(Form):
    """Two factors in one step."""

    SECRET: ClassVar = frozenset({"code", "otp"})

    login: Annotated[str, asked("Saisissez votre identifiant.")]
    code: Annotated[str, asked("Saisissez votre code.", squeeze=False)]
    otp: Annotated[str, asked("Saisissez le code que l'application affiche.")]


class JoinForm(Form):
    """A code of one's own, twice, and a first code of the app."""

    SECRET: ClassVar = frozenset({"code", "again", "otp"})

    code: Annotated[str, asked("Choisissez un code.", squeeze=False)]
    again: Annotated[str, asked("Saisissez le code une seconde fois.", squeeze=False)]
    otp: Annotated[str, asked("Saisissez le code que l'application affiche.")]


@router.get("/")
async def start(visit: Visiting) -> Response:
    return await visit.go(HOME)


@router.get("/connexion")
async def show(visit: Visiting, session: str = "") -> Response:
    try:
        await signed_in(visit)
    except NotSignedIn:
        return await visit.page("sign_in.html", over=session == "finie")
    return await visit.go(HOME)


@router.post("/connexion", dependencies=[Counted])
async def enter(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(SignInForm, posted.fields)
    if form is None:
        return await _again(visit, typed)
    correlation_id = visit.request.state.correlation_id
    try:
        opened = await doors.sign_in(
            visit.site.office, posted.command_id, correlation_id, form.login, form.code, form.otp
        )
    except Rejected as refused:
        return await _again(visit, refusing(typed, "login", refused.code))
    except TooMany as many:
        wait = f"Trop d'essais. Recommencez dans {max(1, many.seconds // 60)} minute(s)."
        return await _again(visit, typed.refused(Refusal("login", wait)), HTTPStatus.TOO_MANY_REQUESTS)
    await visit.sign_in(opened)
    return await visit.go(HOME)


@router.post("/deconnexion")
async def leave(visit: StaffVisit, posted: Posting) -> Response:
    session_id = visit.session.state.console_session
    if session_id is not None:
        await doors.sign_out(visit.site.office, visit.by(posted), SessionId(session_id))
    return await visit.sign_out("/connexion")


@router.get("/invitation")
async def invited(visit: Visiting, jeton: str = "") -> Response:
    """The link's word goes from the address into the session at once."""
    if jeton:
        visit.session.change(invitation=jeton[:100])
        return await visit.go("/invitation")
    return await _join_page(visit, Typed())


@router.post("/invitation", dependencies=[Counted])
async def join(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(JoinForm, posted.fields)
    if form is None:
        return await _join_page(visit, typed, UNPROCESSABLE)
    if form.code != form.again:
        return await _join_page(visit, typed.refused(Refusal("again", "Les deux codes diffèrent.")), UNPROCESSABLE)
    token = visit.session.state.invitation or ""
    try:
        joining = await accounts.open_invitation(visit.site.office, token)
        by = _himself(visit, joining.staff_id, posted.command_id)
        await accounts.join(visit.site.office, by, token, form.code, form.otp)
    except Rejected as refused:
        field = "otp" if refused.code == "totp-wrong" else "code"
        return await _join_page(visit, refusing(typed, field, refused.code), UNPROCESSABLE)
    visit.session.change(invitation=None)
    return await visit.go("/connexion", notice="joined")


async def _join_page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    try:
        joining = await accounts.open_invitation(visit.site.office, visit.session.state.invitation or "")
    except Rejected as refused:
        text = sentence(refused.code)
        return await visit.page("message.html", status=UNPROCESSABLE, title="Invitation", text=text)
    return await visit.page(
        "join.html", status=status, typed=typed, joining=joining, shortest=visit.site.settings.shortest_code
    )


def _himself(visit: Visit, staff_id: StaffId, cmd: str) -> By:
    """Whoever takes an invitation up has no role yet: what he may do, the account says."""
    return By(staff_id, Role.AGENT, cmd, visit.request.state.correlation_id)


async def _again(visit: Visit, typed: Typed, status: int = UNPROCESSABLE) -> Response:
    return await visit.page("sign_in.html", status=status, typed=typed, over=False)
