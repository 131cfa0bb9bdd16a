"""Screen « Comment nous vous écrivons »: which mails do I get, and do they arrive? One document per member."""

from typing import assert_never

from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId
from shared.kernel import Projection, Value, members

ContactEvent = e.AddressLearned | e.AddressBounced | e.PreferenceChanged | e.AddressForgotten


class Contact(Value):
    """What the member chose, and whether his address works. It does not hold the address."""

    member_id: MemberId
    unwanted: tuple[e.Topic, ...] = ()
    bounced: bool = False


def evolve(contact: Contact | None, event: ContactEvent) -> Contact | None:
    before = contact or Contact(member_id=event.member_id)
    match event:
        case e.AddressLearned():
            return before.model_copy(update={"bounced": False})
        case e.AddressBounced():
            return before.model_copy(update={"bounced": True})
        case e.PreferenceChanged(topic=topic, wanted=wanted):
            others = {one for one in before.unwanted if one is not topic}
            return before.model_copy(update={"unwanted": tuple(sorted(others if wanted else others | {topic}))})
        case e.AddressForgotten(by_post=by_post):
            return contact if by_post else None
        case _:
            assert_never(event)


contact = Projection(
    name="notifications.contact",
    screen="Choisir les e-mails que je reçois",
    version=2,
    document=Contact,
    handles=members(ContactEvent),
    key=lambda event: event.member_id,
    evolve=evolve,
)
