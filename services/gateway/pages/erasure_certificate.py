"""« Certificat d'effacement »: for whoever has its reference and code; there is no account any more."""

from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.gateway.pages.asking import Counted, Posting, Visiting
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, asked

BASE: Final = "/certificat-effacement"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
WRONG: Final = "Cette référence et ce code ne vont pas ensemble. Vérifiez ce que vous avez noté."
KINDS: Final = {
    "pdf": ("application/pdf", "certificat-effacement.pdf"),
    "json": ("application/json", "certificat-effacement.json"),
}

router = APIRouter(prefix=BASE)


class CertificateForm(Form):
    """What the site showed at the request."""

    SECRET: ClassVar = frozenset({"code"})

    reference: Annotated[str, asked("Saisissez la référence.")]
    code: Annotated[str, asked("Saisissez le code.")]


@router.get("")
async def form_page(visit: Visiting) -> Response:
    return await visit.page("erasure/certificate_form.html")


@router.post("", dependencies=[Counted])
async def show(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(CertificateForm, posted.fields)
    if form is not None:
        try:
            found = await visit.site.erasures.certificate(visit.who, form.reference, form.code)
        except Refused as refused:
            if refused.code != "certificate-refused":
                raise
            typed = typed.refused(Refusal("code", WRONG))
        else:
            return await visit.page("erasure/certificate.html", found=found, code=form.code)
    return await visit.page("erasure/certificate_form.html", status=UNPROCESSABLE, typed=typed)


@router.post("/{kind}", dependencies=[Counted])
async def file(visit: Visiting, posted: Posting, kind: str) -> Response:
    """By POST: reference and code stand in no address."""
    if kind not in KINDS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    form, typed = visit.read(CertificateForm, posted.fields)
    if form is None:
        return await visit.page("erasure/certificate_form.html", status=UNPROCESSABLE, typed=typed)
    media_type, name = KINDS[kind]
    content = await visit.site.erasures.certificate_file(visit.who, form.reference, form.code, kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return await visit.answer(Response(content, media_type=media_type, headers=headers))
