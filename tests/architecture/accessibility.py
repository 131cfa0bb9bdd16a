"""docs/accessibility.md, written from the grid that the site's declaration is made of. `make contracts` writes it."""

from services.gateway.pages.accessibility import GRID, Grid, State
from tests.architecture.tree import ROOT

FILE = ROOT / "docs/accessibility.md"
THEMES = (
    "Images", "Frames", "Colours", "Media", "Tables", "Links", "Scripts", "Mandatory elements", "Structure",
    "Presentation", "Forms", "Navigation", "Use",
)  # fmt: skip
STATES = {
    State.CONFORMING: "conforming",
    State.FAILING: "**not conforming**",
    State.UNSEEN: "not verified",
    State.NONE: "does not apply",
}
HEAD = """# Accessibility

The 106 criteria of RGAA 4.1.2, in short words of our own, each with how it was seen. This file is written by
`make contracts` from `services/gateway/accessibility.tsv`, as the declaration at `/accessibilite` is: change the grid,
not this file. What nobody has verified counts as not conforming.
"""


def document(grid: Grid = GRID) -> str:
    """The whole file."""
    counted = f"{grid.conforming} of {grid.applying} criteria that apply ({grid.rate} %): « {grid.status} »."
    parts = [HEAD, f"{counted}\n"]
    for number, theme in enumerate(THEMES, 1):
        rows = [one for one in grid.criteria if one.number.split(".")[0] == str(number)]
        lines = [f"| {one.number} | {one.words} | {STATES[one.state]} | {one.how} |" for one in rows]
        parts.append(
            "\n".join(
                [f"## {number}. {theme}", "", "| | | | how it was seen |", "| --- | --- | --- | --- |", *lines, ""]
            )
        )
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
