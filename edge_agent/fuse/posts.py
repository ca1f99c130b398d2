"""The guard's post as a camera shows it: since when nobody has been there, and when just one was.

Video never proves that the named guard is there; it may show that nobody is, and save a dead badge for a
while (docs/domain.md 2.5 G6). A picture that cannot be trusted shows neither.
"""

from msgspec import Struct

from edge_agent.domain.observation import Sighting, View


class PostMemory(Struct, frozen=True, kw_only=True):
    """What one camera has shown of the post: monotonic seconds, None where it never did."""

    looked_s: float
    empty_s: float | None = None  # since then every picture that could be trusted showed nobody there
    alone_s: float | None = None  # the last picture with exactly one


class Post(Struct, frozen=True, kw_only=True):
    """The same at one instant, in seconds ago."""

    empty_for_s: float | None
    alone_ago_s: float | None


def watched(before: PostMemory | None, seen: Sighting, areas: tuple[str, ...], longest_gap_s: float) -> PostMemory:
    """After one more picture. One that cannot be trusted is no look; too long without one, and all begins anew."""
    taken_s = seen.at_s - seen.age_s
    last = PostMemory(looked_s=taken_s) if before is None else before
    if seen.view is not View.CLEAR:
        return last
    there = sum(1 for person in seen.persons if not set(areas).isdisjoint(person.zones))
    if there:
        return PostMemory(looked_s=taken_s, alone_s=taken_s if there == 1 else last.alone_s)
    unbroken = last.empty_s is not None and taken_s - last.looked_s <= longest_gap_s
    return PostMemory(looked_s=taken_s, empty_s=last.empty_s if unbroken else taken_s, alone_s=last.alone_s)


def post(memory: PostMemory | None, view: View, now_s: float) -> Post | None:
    """What a camera whose picture is worth `view` now says; None if it watches no post or shows nothing."""
    if memory is None or view is not View.CLEAR:
        return None
    return Post(
        empty_for_s=None if memory.empty_s is None else now_s - memory.empty_s,
        alone_ago_s=None if memory.alone_s is None else now_s - memory.alone_s,
    )
