"""What the page of a personal code says while it is typed, besides its rules: asked of identity, kept nowhere."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway.pages.asking import Counted, Posting, Visiting
from shared.web.channel import Refused, ServiceDown

LONGEST = 100

router = APIRouter()


@router.post("/code-personnel/indices", dependencies=[Counted])
async def hints(visit: Visiting, posted: Posting) -> Response:
    """`{known, personal}`; null where nothing can be said."""
    code, draft = posted.fields.get("code", ""), visit.session.state.enrolment
    said: dict[str, bool | None] = {"known": None, "personal": None}
    if 0 < len(code) <= LONGEST:
        try:
            found = await visit.site.keys.code_hints(visit.who, code, draft.enrolment_id if draft else None)
            said = {"known": found.known, "personal": found.personal}
        except (ServiceDown, Refused):  # a hint less: the form is checked when it is sent
            pass
    return await visit.answer(JSONResponse(said))
