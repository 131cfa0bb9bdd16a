"""The shapes of invented families: who is insured, who depends on whom, and whose child a child is."""

from dataclasses import dataclass
from typing import Final

Ages = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """Ages from and to, both included, of an insured person and those who live with him."""

    insured: Ages = (22, 55)
    spouse: Ages | None = None
    children: tuple[Ages, ...] = ()
    siblings: bool = False
    """The children are the insured person's brothers and sisters: they have no parent here."""
    apart: bool = False
    """The other parent is insured too, in a household of his own."""
    widowed: bool = False
    """The spouse died last year."""
    own_cover: bool = False
    """Children of 15 and more are covered in their own name from 16 on."""
    confidential: tuple[str, ...] = ()
    """What of the children nobody else sees."""


SHAPES: Final[dict[str, Shape]] = {
    "single": Shape(),
    "couple": Shape(spouse=(25, 55)),
    "family": Shape(spouse=(25, 50), children=((0, 15),)),
    "large": Shape(spouse=(28, 50), children=((2, 11), (12, 15), (16, 17))),
    "one parent": Shape(children=((3, 15),)),
    "retired": Shape(insured=(60, 88)),
    "orphans": Shape(insured=(19, 24), children=((12, 17),), siblings=True),
    "twins": Shape(spouse=(26, 45), children=((7, 7), (7, 7))),
    "apart": Shape(insured=(30, 50), children=((4, 12), (13, 17)), apart=True),
    "students": Shape(insured=(44, 60), spouse=(42, 60), children=((18, 23), (17, 17))),
    "widowed": Shape(insured=(40, 70), spouse=(40, 70), children=((10, 16),), widowed=True),
    "own cover": Shape(insured=(38, 55), spouse=(38, 55), children=((15, 15), (16, 16), (17, 17)), own_cover=True),
    "confidential": Shape(
        insured=(38, 55), children=((15, 17),), confidential=("address", "contact", "doctor", "exemptions")
    ),
}
ORDER: Final = (
    "single", "couple", "couple", "family", "family", "large", "one parent", "retired", "orphans", "twins",
    "apart", "students", "widowed", "own cover", "confidential",
)  # fmt: skip
