"""What the pages are given. Put together in `main`, or by a test with fakes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.console.acts.office import Office
from services.console.clients.lines import Lines
from services.console.domain.words import said
from services.console.drafts import State
from services.console.pages import audit_words, control_words, desk_words, words
from services.console.settings import ConsoleSettings
from shared.clock import Clock
from shared.kernel import ERASED
from shared.web.assets import COMMON, Assets
from shared.web.csrf import Csrf
from shared.web.limits import Limits
from shared.web.rendering import Templates
from shared.web.sessions import Sessions

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
STATIC: Final = Path(__file__).parents[1] / "static"


@dataclass(frozen=True)
class Site:
    """All that a page may use."""

    settings: ConsoleSettings
    clock: Clock
    sessions: Sessions[State]
    csrf: Csrf
    limits: Limits
    templates: Templates
    office: Office
    lines: Lines


def assets_of_site() -> Assets:
    """The kit's files and our own."""
    return Assets(COMMON, STATIC)


def templates_of_site(assets: Assets) -> Templates:
    """Our pages."""
    return Templates(
        assets,
        TEMPLATES,
        notices=words.NOTICES,
        actions=words.ACTIONS,
        facts=words.FACTS,
        values=words.VALUES,
        role_names=words.ROLES,
        purpose_names=words.PURPOSES,
        part_names=control_words.PARTS,
        alarm_names=control_words.ALARMS,
        standings=desk_words.STANDINGS,
        stages=desk_words.STAGES,
        code_stages=desk_words.CODE_STAGES,
        kinds=words.KINDS,
        decisions=words.DECISIONS,
        field_names=words.FIELDS,
        service_names=audit_words.SERVICES,
        lifecycle_names=audit_words.LIFECYCLES,
        life_state=audit_words.state,
        algorithms=audit_words.ALGORITHMS,
        code_names=audit_words.CODES,
        actor_names=audit_words.ACTORS,
        channel_names=audit_words.CHANNELS,
        verdict_names=audit_words.VERDICTS,
        duration=audit_words.duration,
        occurred=audit_words.occurred,
        said=said,
        erased=ERASED.value,
    )
