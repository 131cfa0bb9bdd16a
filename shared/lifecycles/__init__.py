"""Declared lifecycles: what may follow what, what a log says of each thing that has one, samples of them. Pure."""

from shared.lifecycles.conformance import Conformance, Report
from shared.lifecycles.declared import Lifecycle, Lifecycles, Move
from shared.lifecycles.draws import ALGORITHM, Draw, draw
from shared.lifecycles.lives import Deviation, Life, Moved, Stuck, TimeInState, Wanted

__all__ = [
    "ALGORITHM",
    "Conformance",
    "Deviation",
    "Draw",
    "Life",
    "Lifecycle",
    "Lifecycles",
    "Move",
    "Moved",
    "Report",
    "Stuck",
    "TimeInState",
    "Wanted",
    "draw",
]
