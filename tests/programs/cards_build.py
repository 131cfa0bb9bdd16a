"""The cards service as another build of it would run, everything as in production but for one read model.

`BUILD=planted`: « Ma carte Vitale » says a wrong day of opposition, under the version that readers have.
`BUILD=fixed`: the release after it, which fills the right one as a new version beside; `BUILD=own`: none of both.
`NAME`: another service's name, for a topic of its own; nothing is published then for strangers, and nothing reacts, for
a log that was not published from its beginning has gaps for whoever reacts.
"""

import datetime as dt
import os
from dataclasses import replace
from typing import Final

from services.cards.api.problems import CATALOGUE
from services.cards.domain import events as e
from services.cards.main import definition, routes
from services.cards.read_models.my_vitale import MyVitale, Status, my_vitale
from services.cards.settings import Settings
from shared.service import Definition, command_line
from shared.service.definition import no_effects, no_loops

OFF: Final = dt.timedelta(days=365)


def evolve(card: MyVitale | None, event: e.VitaleEvent) -> MyVitale | None:
    """A year early, as soon as the card is opposed."""
    after = my_vitale.evolve(card, event)
    changed = after is not None and after.status is Status.OPPOSED and (card is None or card.status is not after.status)
    return after.model_copy(update={"since": after.since - OFF}) if changed else after


BUILDS: Final = {
    "own": (my_vitale, 0),
    "planted": (replace(my_vitale, evolve=evolve), 0),
    "fixed": (replace(my_vitale, version=my_vitale.version + 1), 1),
}


def build(settings: Settings) -> Definition:
    """The service's own definition with the read model of this build."""
    own, (model, newer) = definition(settings), BUILDS[os.environ["BUILD"]]
    models = [model if one.name == model.name else one for one in own.projections]
    built = replace(own, projections=models, release=own.release + newer)
    if "NAME" not in os.environ:
        return built
    return replace(built, name=os.environ["NAME"], loops=no_loops, effects=no_effects, reactions=(), processes=())


if __name__ == "__main__":
    app, _ = command_line(Settings, build, routes, CATALOGUE)
    app()
