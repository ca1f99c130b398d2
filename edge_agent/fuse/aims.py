"""Cameras that can turn: what is seen counts only while the camera looks home, where its areas are drawn."""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.domain.observation import Aim, Aimed, Sighting, View
from edge_agent.domain.words import Words

LINGERS_S = 20.0  # back home the scene still seems moved until its mean has forgotten the other one
SEEMS = frozenset({View.CLEAR, View.MOVED, View.COVERED, View.BLURRED})  # of another scene these say nothing
TURNED = Words("云台已转离原位，区域不判断", "it is turned away on purpose: nobody is judged until it is back")
UNKNOWN = Words("云台位置未知，区域不判断", "nobody knows where it looks: nobody is judged until it is home")


def from_home(seen: Sighting, aim: Aimed | None, home_s: float | None) -> Sighting:
    """The sighting of a camera that can turn, worth nothing where it was not taken from home. Its health stays."""
    taken_s = seen.at_s - seen.age_s
    home = aim is not None and aim.aim is Aim.HOME and home_s is not None
    if seen.view not in SEEMS:
        return replace(seen, persons=())
    if home and home_s is not None and taken_s >= home_s:
        if seen.view is not View.MOVED or taken_s - home_s > LINGERS_S:
            return seen
        return _unjudged(seen, TURNED)
    return _unjudged(seen, UNKNOWN if aim is None or aim.aim is Aim.UNKNOWN else TURNED)


def _unjudged(seen: Sighting, why: Words) -> Sighting:
    return replace(seen, view=View.UNJUDGED, persons=(), detail=why)


def home_since(before: Mapping[str, float], last: Aimed | None, now: Aimed) -> dict[str, float]:
    """Since when each camera looks home; a camera that is turned away, or may be, does not."""
    rest = {id_: at_s for id_, at_s in before.items() if id_ != now.source}
    if now.aim is not Aim.HOME:
        return rest
    was_home = last is not None and last.aim is Aim.HOME and now.source in before
    return {**rest, now.source: before[now.source] if was_home else now.at_s}
