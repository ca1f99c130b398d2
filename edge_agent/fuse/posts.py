"""The guard's post as a camera shows it: present, absent, or not to be told, each since when.

Video never proves that the named guard is there; it may show that nobody is, and save a dead badge for a
while (docs/domain.md 2.5 G6). A picture that cannot be trusted shows neither. What never moves proves nobody,
and neither does somebody of whom it cannot be told whether he wears the guard's colour, where the site has one.
"""

from collections.abc import Mapping

from msgspec import Struct

from edge_agent.domain.observation import GUARD_MARK, SeenPerson, Sighting, View, Worn
from edge_agent.fuse.ppe import Items
from edge_agent.fuse.stands import Stand, stands


class PostLimits(Struct, frozen=True, kw_only=True):
    """When all begins anew for want of pictures, when what stands still is nobody, whether guards are marked."""

    gap_s: float = 30.0
    still_s: float = 180.0
    marked: bool = False


class PostMemory(Struct, frozen=True, kw_only=True):
    """What one camera has shown of the post: monotonic seconds, None where it never did."""

    looked_s: float
    empty_s: float | None = None  # since then every picture that could be trusted showed nobody there
    alone_s: float | None = None  # the last picture with exactly one, and he lives
    stirred_s: float | None = None  # the last moment at which somebody came, or moved
    stands: tuple[Stand, ...] = ()


class Post(Struct, frozen=True, kw_only=True):
    """The same at one instant, in seconds ago. `alive_ago_s`: since then nothing shows that anybody is there."""

    empty_for_s: float | None
    alone_ago_s: float | None
    alive_ago_s: float | None


def watched(
    before: PostMemory | None,
    seen: Sighting,
    areas: tuple[str, ...],
    told: Mapping[int, Items],
    limits: PostLimits,
) -> PostMemory:
    """After one more picture. One that cannot be trusted is no look; too long without one, and all begins anew.

    `told`: what its people wear, by track, the guard's colour among it.
    """
    taken_s = seen.at_s - seen.age_s
    last = PostMemory(looked_s=taken_s) if before is None else before
    if seen.view is not View.CLEAR:
        return last
    unbroken = before is not None and taken_s - last.looked_s <= limits.gap_s
    there = [one for one in seen.persons if not set(areas).isdisjoint(one.zones)]
    people = [(one, mark) for one in there if (mark := _mark(one, told, limits)) is not Worn.MISSING]
    places = stands(last.stands if unbroken else (), (one for one, _ in people), taken_s)
    since_s = [place.since_s for place, (_, mark) in zip(places, people, strict=False) if mark is Worn.WORN]
    stirred_s = last.stirred_s if unbroken and last.stirred_s is not None else taken_s
    living = [one_s for one_s in since_s if taken_s - one_s < limits.still_s]
    alone = len(people) == len(living) == 1
    began_s = last.empty_s if unbroken and last.empty_s is not None else taken_s
    return PostMemory(
        looked_s=taken_s,
        empty_s=None if people else began_s,
        alone_s=taken_s if alone else last.alone_s,
        stirred_s=max([stirred_s, *since_s]),
        stands=places,
    )


def _mark(person: SeenPerson, told: Mapping[int, Items], limits: PostLimits) -> Worn:
    """Whether he wears the guard's colour; where guards have none, nobody is asked for it."""
    if not limits.marked:
        return Worn.WORN
    mark = told.get(person.track, {}).get(GUARD_MARK)
    return Worn.UNSURE if mark is None else mark.state


def post(memory: PostMemory | None, view: View, now_s: float) -> Post | None:
    """What a camera whose picture is worth `view` now says; None if it watches no post or shows nothing."""
    if memory is None or view is not View.CLEAR:
        return None

    def ago(at_s: float | None) -> float | None:
        return None if at_s is None else now_s - at_s

    return Post(
        empty_for_s=ago(memory.empty_s), alone_ago_s=ago(memory.alone_s), alive_ago_s=ago(memory.stirred_s)
    )
