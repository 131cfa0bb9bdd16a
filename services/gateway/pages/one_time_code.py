"""The page that asks for a one-time code, for whatever it is asked, and what is said when it cannot be taken."""

import re
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import Response

from services.gateway.clients.identity import CodeAsked
from services.gateway.drafts import CodeAsked as Draft
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked, wrong
from shared.web.visits import Posted

SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
RECOVERY: Final = re.compile(r"[A-HJ-NP-Z2-9]{12}")
ACTIVATION: Final = "activation"
WRONG: Final = {
    "email": "Ce code n'est pas celui que nous avons envoyé. Vérifiez-le : après 5 essais, il ne vaut plus rien.",
    "totp": "Ce code n'est pas celui que l'application affiche, ou il a déjà servi. Attendez le suivant : après "
    "5 essais, vous devrez recommencer.",
    ACTIVATION: "Ce code n'est pas celui que l'application affiche. Attendez le suivant, et vérifiez que votre "
    "téléphone est à l'heure.",
}
"""By the factor that was asked for; `ACTIVATION`: the first code of a new application."""
ENDED: Final = frozenset(
    {"one-time-code-expired", "one-time-code-exhausted", "one-time-code-used", "one-time-code-unknown"}
)
"""After these nothing can be typed here any more: one starts again."""
_RESENDING: Final = frozenset({"one-time-code-just-sent", "one-time-code-sent-enough"})


def _digits(text: str) -> str:
    code = "".join(text.replace("-", " ").split()).upper()
    if not (SIX_DIGITS.fullmatch(code) or RECOVERY.fullmatch(code)):
        raise wrong("Le code compte 6 chiffres.")
    return code


class OneTimeCodeForm(Form):
    """Six digits, with or without a space in the middle; or a recovery code."""

    SECRET: ClassVar = frozenset({"one_time_code"})

    one_time_code: Annotated[str, asked("Saisissez le code.", _digits)]


async def code_page(visit: Visit, base: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    """The page that asks for the code, under the address of what it is for."""
    draft = visit.session.state.code_asked
    if draft is None:
        return await visit.go(base)
    return await visit.page("account/one_time_code.html", status=status, typed=typed, asked=draft, base=base)


async def start_again(visit: Visit, base: str) -> Response:
    """This code is worth nothing any more."""
    draft = visit.session.state.code_asked
    visit.session.change(code_asked=None)
    following = f"?suite={draft.next}" if draft is not None and draft.next else ""
    return await visit.go(f"{base}{following}", notice="code-ended")


async def resend(visit: Visit, posted: Posted, base: str) -> Response:
    """The same code once more."""
    draft = visit.session.state.code_asked
    if draft is None:
        return await visit.go(base)
    try:
        await visit.site.identity.resend_code(visit.who, posted.command_id, draft.challenge_id)
    except Refused as refused:
        if refused.code in ENDED:
            return await start_again(visit, base)
        if refused.code not in _RESENDING:
            raise
        return await visit.go(f"{base}/code", notice=refused.code)
    return await visit.go(f"{base}/code", notice="code-sent-again")


def draft_of(asked_for: CodeAsked, following: str | None) -> Draft:
    """What the session remembers of a code that is asked for."""
    return Draft(**asked_for.model_dump(), next=following)


def refusal_of(refused: Refused, factor: str) -> Refusal:
    """What is said beside the field.

    Raises:
        Refused: it has nothing to do with what was typed.
    """
    if refused.code != "one-time-code-wrong":
        raise refused
    return Refusal("one_time_code", WRONG[factor])
