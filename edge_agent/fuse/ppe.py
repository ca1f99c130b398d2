"""Protective equipment along a track: worn, missing or not to be told, from many pictures (docs/domain.md 2.6).

One picture proves nothing. What is told changes only when most pictures of the last seconds agree, and what
cannot be seen for as long is told no more: hidden is neither worn nor missing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn

BACK = 2 / 3  # hysteresis: "missing" ends, and "worn" begins, at this share of the limit


class Vote(Struct, frozen=True, kw_only=True):
    """When pictures decide: so many in which it can be told, within so long; missing from this share of them."""

    window_s: float = 5.0
    frames_count: int = 5
    missing_pct: float = 60.0


class Frame(Struct, frozen=True, kw_only=True):
    """The people of one trustworthy picture, and when it was taken."""

    at_s: float
    persons: tuple[SeenPerson, ...]


class Told(Struct, frozen=True, kw_only=True):
    """One item on one tracked person: what is told since when, and how the pictures of the window voted."""

    state: Worn
    since_s: float
    worn: int = 0
    missing: int = 0
    unsure: int = 0

    @property
    def judged(self) -> int:
        """Pictures in which it could be told; those that show nothing count neither way."""
        return self.worn + self.missing


Items = Mapping[str, Told]  # by item ("helmet")


class Seen(Struct, frozen=True, kw_only=True):
    """What one camera saw of equipment lately: the pictures of the window, and what they tell, by track."""

    frames: tuple[Frame, ...] = ()
    told: Mapping[int, Items] = {}

    def pictures_in(self, area: str) -> Counter[int]:
        """In how many pictures each track was looked at while it stood in `area`."""
        there = (
            person for frame in self.frames for person in frame.persons if area in person.zones and person.ppe
        )
        return Counter(person.track for person in there)


NOTHING_SEEN = Seen()


def with_frame(before: Seen, seen: Sighting, vote: Vote) -> Seen:
    """After one more sighting; a picture that cannot be trusted, or in which nobody was looked at, adds none."""
    at_s = seen.at_s - seen.age_s
    kept = tuple(frame for frame in before.frames if at_s - frame.at_s < vote.window_s)
    if seen.view is View.CLEAR and any(person.ppe for person in seen.persons):
        kept = (*kept, Frame(at_s=at_s, persons=seen.persons))
    return Seen(frames=kept, told=_told(before.told, kept, vote, at_s))


def _told(before: Mapping[int, Items], frames: Iterable[Frame], vote: Vote, now_s: float) -> dict[int, Items]:
    counts: dict[int, dict[str, Counter[Worn]]] = {}
    for frame in frames:
        for person in frame.persons:
            for item, worn in person.ppe.items():
                counts.setdefault(person.track, {}).setdefault(item, Counter())[worn] += 1
    return {
        track: {item: _voted(before.get(track, {}).get(item), tally, vote, now_s) for item, tally in items.items()}
        for track, items in counts.items()
    }


def _voted(before: Told | None, tally: Counter[Worn], vote: Vote, now_s: float) -> Told:
    was = Worn.UNSURE if before is None else before.state
    state = _state(was, tally[Worn.WORN], tally[Worn.MISSING], vote)
    since_s = before.since_s if before is not None and state is was else now_s
    return Told(
        state=state,
        since_s=since_s,
        worn=tally[Worn.WORN],
        missing=tally[Worn.MISSING],
        unsure=tally[Worn.UNSURE],
    )


def _state(was: Worn, worn: int, missing: int, vote: Vote) -> Worn:
    """Between the two lines it stays what it was told to be."""
    judged = worn + missing
    if judged < vote.frames_count:
        return Worn.UNSURE
    pct = 100.0 * missing / judged
    if pct >= vote.missing_pct:
        return Worn.MISSING
    return Worn.WORN if pct <= BACK * vote.missing_pct else was


def overall(asked: Iterable[str], told: Items) -> Worn:
    """Whether he wears all that is asked: one missing item is enough against it, one hidden keeps it open."""
    states = {told[item].state if item in told else Worn.UNSURE for item in asked}
    if Worn.MISSING in states:
        return Worn.MISSING
    return Worn.UNSURE if Worn.UNSURE in states else Worn.WORN
