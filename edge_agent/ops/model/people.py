"""The people in labelled pictures and what each of them truly wears, as far as the labels say it."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.ops.model.shelf import FILE_LABELS, Floats
from edge_agent.sense.camera.persons import evidence

PERSON, HARDHAT, VEST, NO_HARDHAT, NO_VEST = range(len(FILE_LABELS))
MISSING, WORN, UNKNOWN = 0, 1, -1
NOBODY = 2  # a box of a model where no label says that somebody is
States = NDArray[np.int8]


class People(Struct, frozen=True):
    """Corners of persons, and per person MISSING, WORN or UNKNOWN."""

    corners: Floats
    helmet: States
    vest: States


def truth(persons: Floats, boxes: Floats) -> People:
    """What `boxes` (label number and corners) say of `persons` (corners in the same measure).

    A person with both kinds of box is a crowd's mix-up, one with neither is not labelled: both UNKNOWN.
    """

    def of(label: int) -> tuple[Floats, Floats]:
        corners = boxes[boxes[:, 0] == label, 1:]
        return corners, np.ones(len(corners), np.float32)

    helmet = evidence.helmets(persons, of(HARDHAT), of(NO_HARDHAT))
    vest = evidence.vests(persons, of(VEST), of(NO_VEST))
    return People(persons, _states(helmet), _states(vest))


def _states(seen: evidence.Evidence) -> States:
    states = np.full(len(seen.worn), UNKNOWN, np.int8)
    states[(seen.worn > 0) & (seen.missing == 0)] = WORN
    states[(seen.worn == 0) & (seen.missing > 0)] = MISSING
    return states
