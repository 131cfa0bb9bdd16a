"""Whether the site is closed for works, and what stays open."""

from pathlib import Path
from typing import Final

OPEN: Final = frozenset(
    {"/contact", "/accessibilite", "/mentions-legales", "/conditions-generales", "/etat-du-service", "/plan-du-site"}
)
"""What stands on no service stays open during works."""
LONGEST: Final = 200


def works(file: Path | None) -> str | None:
    """What operations say of the works under way: one line, as long as the file is there."""
    if file is None:
        return None
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        return None
    return text.strip().partition("\n")[0][:LONGEST] or "La fin des travaux n'est pas encore connue."
