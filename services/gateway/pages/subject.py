"""Whose pages a member looks at: his own, or those of a child whom he may see."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from services.gateway.clients.cards import Seen
from services.gateway.clients.who import Who
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.family import act_for
from services.gateway.pages.visit import Visit

HOME: Final = "/mon-compte"

router = APIRouter()


@dataclass(frozen=True)
class About:
    """A visit to a page of cards."""

    visit: Visit
    people: tuple[Seen, ...]
    person: Seen

    @property
    def who(self) -> Who:
        """For whom the cards service is asked."""
        who = self.visit.who
        return who if self.own else replace(who, person_id=self.person.person_id)

    @property
    def own(self) -> bool:
        """The member looks at his own cards."""
        return self.person == self.people[0]

    @property
    def written(self) -> str | None:
        return self.visit.written("cards")

    async def page(self, template: str, **context: Any) -> Response:
        """A page that says whose cards it shows."""
        return await self.visit.page(template, about=self, **context)


async def about(visit: MemberVisit) -> About:
    """Whose cards this session looks at; the member's own as soon as it may not see the other's any more.

    In a route that takes a form it comes behind the form: nothing is asked for one that is not ours.
    """
    people = await visit.site.cards.people(visit.who)
    found = next((one for one in people if one.person_id == visit.beneficiary), None)
    if visit.beneficiary is not None and found is None:
        act_for(visit, None)
    return About(visit, people, found or people[0])


CardsVisit = Annotated[About, Depends(about)]


@router.post("/agir-pour")
async def choose(visit: MemberVisit, posted: Posting) -> Response:
    """Act for somebody of the family, or for oneself again."""
    family = visit.session.state.family
    wanted = posted.fields.get("personne", "")
    act_for(visit, next((one for one in (family.persons if family else ()) if one.person_id == wanted), None))
    return await visit.go(posted.next or HOME)
