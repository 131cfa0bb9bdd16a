"""The order of a new carte Vitale: its documents, and what the holder says of its arrival."""

import uuid
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from services.cards.access import pictures
from services.cards.access.uploads import Uploads
from services.cards.api.callers import Accepted, Key, carry_out, seeing
from services.cards.domain import order_commands as c
from services.cards.domain.ids import DeclarationId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import Cancellation
from shared.kernel import Value, require
from shared.security import Caller
from shared.service import Service


class FileKind(StrEnum):
    """What is sent."""

    PHOTO = "photo"
    IDENTITY_DOCUMENT = "identity_document"


CLEANED: Final = {FileKind.PHOTO: pictures.photo, FileKind.IDENTITY_DOCUMENT: pictures.identity_document}


class Received(Value):
    """A file that was taken: the name under which the next command says which one it means."""

    file: FileId


class Documents(Value):
    """What an order needs."""

    photo: FileId
    identity_document: FileId
    photo_is_recent: bool
    address_confirmed: bool


class AnotherPhoto(Value):
    """After a refusal: another photo, another document, or both."""

    photo: FileId | None = None
    identity_document: FileId | None = None
    photo_is_recent: bool


def router(service: Service) -> APIRouter:
    """Commands about an order of one person."""
    routes = APIRouter(prefix="/persons/{person_id}/vitale")
    Seen = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type
    uploads = Uploads(service)

    def facts(person_id: str, order_id: uuid.UUID) -> dict[str, object]:
        return {"at": service.clock.now(), "person_id": PersonId(person_id), "order_id": OrderId(str(order_id))}

    async def send(
        person_id: str, command: c.VitaleOrderCommand, key: Key, caller: Caller, request: Request
    ) -> Accepted:
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    @routes.post("/files/{kind}")
    async def take(person_id: str, kind: FileKind, _: Seen, request: Request) -> Received:
        clean = await uploads.clean(CLEANED[kind], await request.body())
        return Received(file=await uploads.keep(PersonId(person_id), clean))

    @routes.post("/orders")
    async def order(person_id: str, caller: Seen, request: Request, key: Key) -> Accepted:
        state, _ = await service.state(f"vitale:{person_id}")
        require(state.declaration is not None, otherwise="vitale-declaration-unknown")
        command = c.OrderVitaleReplacement(
            at=service.clock.now(),
            person_id=PersonId(person_id),
            member_id=MemberId(caller.member),
            declaration_id=DeclarationId(state.declaration),
            order_id=OrderId(str(uuid.uuid5(key, "order"))),
        )
        return await send(person_id, command, key, caller, request)

    @routes.post("/orders/{order_id}/documents")
    async def documents(
        person_id: str, order_id: uuid.UUID, caller: Seen, form: Documents, request: Request, key: Key
    ) -> Accepted:
        await uploads.require_known(PersonId(person_id), form.photo, form.identity_document)
        command = c.SubmitVitaleDocuments.model_validate(facts(person_id, order_id) | form.model_dump())
        return await send(person_id, command, key, caller, request)

    @routes.post("/orders/{order_id}/photo")
    async def another_photo(
        person_id: str, order_id: uuid.UUID, caller: Seen, form: AnotherPhoto, request: Request, key: Key
    ) -> Accepted:
        given = [file for file in (form.photo, form.identity_document) if file is not None]
        await uploads.require_known(PersonId(person_id), *given)
        command = c.ResubmitVitalePhoto.model_validate(facts(person_id, order_id) | form.model_dump())
        return await send(person_id, command, key, caller, request)

    @routes.post("/orders/{order_id}/receipt")
    async def receipt(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        command = c.ConfirmVitaleReceived.model_validate(facts(person_id, order_id))
        return await send(person_id, command, key, caller, request)

    @routes.post("/orders/{order_id}/address")
    async def address(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        command = c.CheckVitaleAddress.model_validate(facts(person_id, order_id))
        return await send(person_id, command, key, caller, request)

    @routes.post("/orders/{order_id}/cancellation")
    async def cancellation(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        cause = {"cause": Cancellation.MEMBER}
        command = c.CancelVitaleReplacement.model_validate(facts(person_id, order_id) | cause)
        return await send(person_id, command, key, caller, request)

    return routes
