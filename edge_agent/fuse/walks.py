"""Who in a camera's picture has walked since he was first seen: a poster never has, nor a coat on a hook."""

from collections.abc import Mapping

from msgspec import Struct

from edge_agent.domain.observation import Sighting, View

Box = tuple[float, float, float, float]

WALKED = 0.3  # of his height: half a metre; people on a still picture shift by 0.02 of it (stands.py)
KEPT_S = 3.0  # longer than a tracker keeps a number without a box


class Walk(Struct, frozen=True):
    """One track: where it was first seen, when last, and whether it has ever gone further than a box errs."""

    began: Box
    seen_s: float
    walked: bool = False


def walks(before: Mapping[int, Walk], seen: Sighting) -> dict[int, Walk]:
    """After one more picture. One that cannot be trusted shows nobody, and nobody gone either."""
    taken_s = seen.at_s - seen.age_s
    if seen.view is not View.CLEAR:
        return dict(before)
    kept = {track: walk for track, walk in before.items() if taken_s - walk.seen_s <= KEPT_S}
    for person in seen.persons:
        last = kept.get(person.track) or Walk(person.box, taken_s)
        kept[person.track] = Walk(last.began, taken_s, last.walked or _far(last.began, person.box))
    return kept


def _far(one: Box, other: Box) -> bool:
    """Whether the feet are elsewhere, by the smaller of the two heights."""
    across = (one[0] + one[2] - other[0] - other[2]) / 2
    high = min(one[3] - one[1], other[3] - other[1])
    return across**2 + (one[3] - other[3]) ** 2 > (WALKED * high) ** 2
