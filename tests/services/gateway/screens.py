"""Which states have words on a screen, as the templates name them."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[3] / "services/gateway/templates"


def named(template: str, variable: str) -> frozenset[str]:
    """The keys of a dict that a template sets."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    found = re.search(rf"{{% set {variable} = {{(.*?)}} %}}", text, re.DOTALL)
    assert found is not None, f"{template}: no {variable}"
    return frozenset(re.findall(r"^\s*'([a-z_]+)':", found.group(1).replace(", '", "\n'"), re.MULTILINE))


CARD_SCREENS = named("vitale/status_tag.html", "tags")
ORDER_SCREENS = named("vitale/stage.html", "stages")
