"""Screen « Où est mon remboursement ? »: each claim of a person, and what became of it so far."""

from services.reimbursements.domain.claims import ClaimMoved, ClaimNews
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import PersonId
from shared.kernel import Erased, Projection, Value


class MyClaims(Value):
    """News in the order in which they came; those of one claim bear its reference."""

    person_id: PersonId
    news: Care[tuple[ClaimNews, ...]]


def evolve(claims: MyClaims | None, event: ClaimMoved) -> MyClaims:
    before = claims or MyClaims(person_id=event.person_id, news=())
    if isinstance(before.news, Erased) or isinstance(event.news, Erased):
        return before
    return before.model_copy(update={"news": (*before.news, event.news)})


my_claims = Projection(
    name="reimbursements.my_claims",
    screen="Où est mon remboursement ?",
    version=1,
    document=MyClaims,
    handles=(ClaimMoved,),
    key=lambda event: event.person_id,
    evolve=evolve,
)
