"""« Envoyer ma photo et ma pièce d'identité »: what a new card is made with, and where it goes."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.gateway.clients.cards import Stage, Tracking
from services.gateway.drafts import Uploaded
from services.gateway.pages.subject import About, CardsVisit
from services.gateway.pages.uploads import LIMIT, Uploading, Uploads
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed

PATH: Final = "/ma-carte-vitale/commande/pieces"
ORDER: Final = "/ma-carte-vitale/commande"
LARGER_BODIES: Final = {PATH: LIMIT}

UNREADABLE: Final = "document_unreadable"
TOO_LARGE: Final = "Le fichier est trop lourd : 8 Mo au plus."
WORDS: Final = {
    "upload-too-large": TOO_LARGE,
    "payload-too-large": TOO_LARGE,
    "upload-not-a-picture": "Ce fichier n'est pas une image que nous pouvons lire. Choisissez une image JPEG ou PNG.",
    "upload-too-many-pixels": "Cette image est trop grande : 40 millions de pixels au plus.",
    "pdf-encrypted": "Ce PDF est protégé par un mot de passe : enregistrez-le sans protection.",
    "pdf-too-many-pages": "Ce PDF a plus de deux pages : gardez le recto et le verso.",
    "pdf-page-too-large": "Une page de ce PDF est trop grande : A3 au plus.",
    "pdf-not-plain": "Ce PDF contient autre chose que des pages, un programme ou un fichier joint : refaites-le sans.",
    "pdf-unreadable": "Ce PDF ne peut pas être lu. Choisissez-en un autre, ou une image JPEG ou PNG.",
    "photo-ratio": "La photo n'a pas les bonnes proportions : recadrez-la à 35 sur 45, comme une photo d'identité.",
    "photo-too-small": "La photo est trop petite : 413 pixels de large et 531 de haut au moins.",
    "photo-not-in-colour": "La photo doit être en couleur.",
    "document-too-small": "L'image est trop petite pour être lue : 600 pixels au moins sur son plus grand côté.",
}
MISSING: Final = {
    "photo": "Choisissez votre photo.",
    "identity_document": "Choisissez l'image ou le PDF de la pièce d'identité.",
}

router = APIRouter(prefix=PATH)


@router.get("")
async def form(about: CardsVisit) -> Response:
    tracking = await _awaiting(about)
    return await about.visit.go(ORDER) if tracking is None else await _page(about, tracking, Typed())


@router.post("")
async def send(posted: Uploads, about: CardsVisit) -> Response:
    """What is right is kept, so that only what is wrong has to be chosen again."""
    tracking = await _awaiting(about)
    if tracking is None or tracking.order_id is None:
        return await about.visit.go(ORDER)
    kept, refusals = await _take(about, tracking.order_id, posted)
    refusals += _missing(tracking, kept) if not refusals else []
    refusals += _unchecked(tracking, posted)
    if refusals:
        checked = {name: "oui" for name in ("recent", "address") if posted.fields.get(name)}
        return await _page(about, tracking, Typed(checked, tuple(refusals)), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        written = await _order(about, tracking, kept, posted.command_id)
    except Refused as refused:
        if not refused.code.startswith("vitale-") and refused.code != "file-unknown":
            raise
        about.visit.session.change(uploaded=None)
        return await about.visit.go(ORDER, notice="order-moved-on")
    about.visit.remember("cards", written)
    about.visit.session.change(uploaded=None)
    return await about.visit.go(ORDER, notice="documents-sent")


async def _awaiting(about: About) -> Tracking | None:
    """The order, if it waits for what is sent here."""
    found = (await about.visit.site.cards.tracking(about.who, about.written)).value
    waits = found is not None and found.stage in {Stage.REQUESTED, Stage.PHOTO_REJECTED}
    return found if waits else None


async def _take(about: About, order_id: str, posted: Uploading) -> tuple[Uploaded, list[Refusal]]:
    kept = about.visit.session.state.uploaded
    if kept is None or kept.order_id != order_id:
        kept = Uploaded(order_id=order_id)
    refusals = []
    for name, content in posted.files.items():
        if name not in MISSING:
            continue
        if content is None:
            refusals.append(Refusal(name, TOO_LARGE))
            continue
        try:
            file = await about.visit.site.cards.upload(about.who, name, content)
        except Refused as refused:
            if refused.code not in WORDS:
                raise
            refusals.append(Refusal(name, WORDS[refused.code]))
        else:
            kept = kept.model_copy(update={name: file})
    about.visit.session.change(uploaded=kept)
    return kept, refusals


def _missing(tracking: Tracking, kept: Uploaded) -> list[Refusal]:
    """After a refused photo the document is still there, and the other way round."""
    if tracking.stage is Stage.REQUESTED:
        wanted = ["photo", "identity_document"]
    else:
        wanted = ["identity_document" if tracking.photo_fault == UNREADABLE else "photo"]
    return [Refusal(name, MISSING[name]) for name in wanted if getattr(kept, name) is None]


def _unchecked(tracking: Tracking, posted: Uploading) -> list[Refusal]:
    found = []
    if not posted.fields.get("recent"):
        found.append(Refusal("recent", "Cochez la case si la photo a moins de six mois. Sinon, prenez-en une autre."))
    if tracking.stage is Stage.REQUESTED and not posted.fields.get("address"):
        found.append(Refusal("address", "Cochez la case si l'adresse est la bonne. Sinon, faites-la d'abord corriger."))
    return found


async def _order(about: About, tracking: Tracking, kept: Uploaded, command_id: str) -> Any:
    files = {"photo": kept.photo, "identity_document": kept.identity_document}
    first = tracking.stage is Stage.REQUESTED
    facts = {**files, "photo_is_recent": True, **({"address_confirmed": True} if first else {})}
    what = "documents" if first else "photo"
    return await about.visit.site.cards.order(about.who, command_id, kept.order_id, what, **facts)


async def _page(about: About, tracking: Tracking, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    kept = about.visit.session.state.uploaded
    current = kept if kept and kept.order_id == tracking.order_id else Uploaded(order_id=tracking.order_id or "")
    return await about.page(
        "vitale/documents.html",
        status=status,
        typed=typed,
        tracking=tracking,
        kept=current,
        address=await about.visit.site.cards.address(about.who),
        unreadable=tracking.photo_fault == UNREADABLE,
    )
