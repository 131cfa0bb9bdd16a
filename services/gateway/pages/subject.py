"""Whose cards a page is about: the member's own, or those of a child whom he may see."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from services.gateway.clients.cards import Seen
from services.gateway.clients.who import Who
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.visit import Visit

HOME: Final = "/ma-carte-vitale"

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
        return await self.visit.page(template, about=self, as_of=self.visit.site.clock.now(), **context)


async def about(visit: MemberVisit) -> About:
    """Whose cards this session looks at; the member's own as soon as it may not see the other's any more.

    In a route that takes a form it comes behind the form: nothing is asked for one that is not ours.
    """
    people = await visit.site.cards.people(visit.who)
    wanted = visit.session.state.cards_for
    found = next((one for one in people if one.person_id == wanted), None)
    if wanted is not None and found is None:
        visit.session.change(cards_for=None)
    return About(visit, people, found or people[0])


CardsVisit = Annotated[About, Depends(about)]


@router.post("/mes-cartes/pour")
async def choose(posted: Posting, cards: CardsVisit) -> Response:
    """Change the person; what was begun for another one is not taken along."""
    wanted = posted.fields.get("personne", "")
    known = {one.person_id for one in cards.people[1:]}
    cards.visit.session.change(cards_for=wanted if wanted in known else None, report=None, uploaded=None)
    return await cards.visit.go(posted.next or HOME)
