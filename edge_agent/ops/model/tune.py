"""Where to draw the lines of "missing" and "worn", from people who did not teach the model.

"Missing" stops nobody's work by itself, but a word that is often wrong is soon not heard: it is told only
where it was right `RIGHT` of the time. "Worn" is told only where it was right as often, for the other
reason: a bare head told as a helmet is the worst answer. What lies between is not told.
"""

import numpy as np
from numpy.typing import NDArray

from edge_agent.ops.model.people import MISSING, WORN, States
from edge_agent.ops.model.shelf import Floats
from edge_agent.sense.camera.persons.entry import Band

RIGHT = 0.95
LEAST = 20  # people on whom a line must rest


def band(shares: Floats, states: States) -> Band:
    """The widest "missing" and "worn" that are right often enough; (0, 1), never told, where nothing is."""
    known = np.isin(states, (MISSING, WORN)) & ~np.isnan(shares)
    share, truth = shares[known].astype(np.float64), states[known]
    order = np.argsort(share, kind="stable")
    low = _line(share[order], truth[order] == MISSING)
    high = _line(-share[order][::-1], truth[order][::-1] == WORN)
    missing_below = 0.0 if low is None else low
    worn_from = 1.0 if high is None else -high
    if missing_below > worn_from:  # both would be right often enough between: the one line in the middle
        missing_below = worn_from = (missing_below + worn_from) / 2
    return Band(round(missing_below, 3), round(worn_from, 3))


def _line(rising: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    """The furthest value up to which a share RIGHT of `right` holds; halfway to the next one."""
    rate = np.cumsum(right) / np.arange(1, len(right) + 1)
    good = np.flatnonzero((rate >= RIGHT) & (np.arange(1, len(right) + 1) >= LEAST))
    if not len(good):
        return None
    last = int(good[-1])
    following = rising[last + 1] if last + 1 < len(rising) else rising[last] + 1e-3
    return float((rising[last] + following) / 2)
