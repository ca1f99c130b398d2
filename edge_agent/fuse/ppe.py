"""Protective equipment as a camera saw it over some seconds: one picture proves nothing (docs/domain.md 2.6)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn


class Frame(Struct, frozen=True, kw_only=True):
    """The people of one trustworthy picture, and when it was taken."""

    at_s: float
    persons: tuple[SeenPerson, ...]


class Looked(Struct, frozen=True, kw_only=True):
    """How often one item was looked for on one tracked person, over the window."""

    track: int
    item: str
    worn: int
    missing: int
    unsure: int

    @property
    def judged(self) -> int:
        """Pictures in which it could be told; those that show nothing count neither way."""
        return self.worn + self.missing


def with_frame(before: tuple[Frame, ...], seen: Sighting, window_s: float) -> tuple[Frame, ...]:
    """The frames of the last `window_s` with one more sighting; a picture that cannot be trusted adds none."""
    at_s = seen.at_s - seen.age_s
    kept = tuple(frame for frame in before if at_s - frame.at_s < window_s)
    if seen.view is not View.CLEAR or not any(person.ppe for person in seen.persons):
        return kept
    return (*kept, Frame(at_s=at_s, persons=seen.persons))


def looked(frames: Iterable[Frame], area: str, items: Iterable[str]) -> Iterator[Looked]:
    """Each person in `area` and each item, over the frames; somebody who was not looked at is not listed."""
    wanted = tuple(items)
    counts: dict[tuple[int, str], dict[Worn, int]] = {}
    for frame in frames:
        for person in frame.persons:
            if area not in person.zones:
                continue
            for item in wanted:
                if item in person.ppe:
                    tally = counts.setdefault((person.track, item), dict.fromkeys(Worn, 0))
                    tally[person.ppe[item]] += 1
    for (track, item), tally in counts.items():
        yield Looked(
            track=track,
            item=item,
            worn=tally[Worn.WORN],
            missing=tally[Worn.MISSING],
            unsure=tally[Worn.UNSURE],
        )
