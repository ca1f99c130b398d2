"""Through an opening by a camera: who walks through is counted once, who is lost half-way makes it unsure."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import SeenPerson, Sighting, View
from edge_agent.domain.zone import Opening
from edge_agent.fuse.openings import Count, Passed, after

GAP_S = 2.0
LINE = Opening(id="door", area="tank", line=((0.5, 0.2), (0.5, 0.9)), inward=(0.9, 0.5))
MOUTH = Opening(id="hole", area="tank", mouth=((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)))


def at(x: float, y: float = 0.5, track: int = 1) -> SeenPerson:
    return SeenPerson(track=track, box=(x - 0.05, y - 0.3, x + 0.05, y), score=0.9)


def looked(
    opening: Opening,
    *pictures: tuple[SeenPerson, ...],
    before: dict[str, Passed] | None = None,
    from_s: float = 0.0,
    every_s: float = 0.5,
) -> dict[str, Passed]:
    known = before or {}
    for number, persons in enumerate(pictures):
        picture = Sighting(source="cam-1", at_s=from_s + number * every_s, view=View.CLEAR, persons=persons)
        known = after(known, picture, (opening,), GAP_S)
    return known


def count(known: dict[str, Passed], since_s: float = 0.0) -> tuple[int, int, bool]:
    (passed,) = known.values()
    found = passed.since(since_s)
    return found.ins, found.outs, found.sure


def path(*xs: float, y: float = 0.5, track: int = 1) -> tuple[tuple[SeenPerson, ...], ...]:
    return tuple((at(x, y, track),) for x in xs)


NOBODY = ((),) * 8  # four seconds


def test_who_walks_across_the_line_is_counted_his_way() -> None:
    assert count(looked(LINE, *path(0.3, 0.4, 0.6, 0.7))) == (1, 0, True)
    assert count(looked(LINE, *path(0.7, 0.6, 0.4, 0.3))) == (0, 1, True)
    assert count(looked(LINE, *path(0.3, 0.7, 0.3, 0.7))) == (2, 1, True)
    assert count(looked(replace(LINE, line=LINE.line[::-1]), *path(0.3, 0.7))) == (1, 0, True), (
        "however it is drawn"
    )


def test_standing_on_the_line_or_passing_beside_it_counts_nobody() -> None:
    assert count(looked(LINE, *path(0.4, 0.495, 0.505, 0.499, 0.4), *NOBODY)) == (0, 0, True)
    assert count(looked(LINE, *path(0.3, 0.7, y=0.95), *NOBODY)) == (0, 0, True), "beside its end"


def test_who_is_lost_at_the_line_makes_it_unsure() -> None:
    assert count(looked(LINE, *path(0.4, 0.497), *NOBODY)) == (0, 0, False)
    assert count(looked(LINE, *path(0.3, 0.4), *NOBODY)) == (0, 0, True), "he walked away"


def test_who_climbs_into_the_mouth_went_in_and_who_appears_in_it_came_out() -> None:
    into = looked(MOUTH, *path(0.2, 0.35, 0.5))
    assert count(into) == (0, 0, True), "he may only be passing"
    assert count(looked(MOUTH, *NOBODY, before=into, from_s=1.5)) == (1, 0, True)
    assert count(looked(MOUTH, *path(0.5, 0.5, 0.7, 0.9), *NOBODY)) == (0, 1, True)
    assert count(looked(MOUTH, *path(0.2, 0.5, 0.8), *NOBODY)) == (0, 0, True), "across it"
    assert count(looked(MOUTH, *path(0.5, 0.5), *NOBODY)) == (0, 0, False), "seen in it alone: either way"


def test_a_break_in_the_pictures_is_no_look_and_begins_anew() -> None:
    walked = looked(LINE, *path(0.3, 0.4, 0.6))
    dark = Sighting(source="cam-1", at_s=1.5, view=View.DARK)
    assert after(walked, dark, (LINE,), GAP_S) == walked
    later = looked(LINE, *path(0.6, 0.4), before=walked, from_s=9.0)
    assert count(later) == (1, 1, False)
    assert count(later, since_s=9.0) == (0, 1, True)
    unknown = looked(LINE, *path(0.3), before=looked(LINE, *path(0.7)), from_s=5.0)
    assert count(unknown) == (0, 0, False), "nobody saw how he came to the other side"


def test_only_what_happened_since_is_counted() -> None:
    known = looked(LINE, *path(0.3, 0.7, 0.3))
    assert count(known, since_s=0.6) == (0, 1, True)
    assert Count(ins=3, outs=1, sure=True).inside == 2


@given(st.lists(st.sampled_from((0.2, 0.3, 0.4, 0.6, 0.7, 0.8)), min_size=1, max_size=30))
def test_in_and_out_add_up_to_where_somebody_is(xs: list[float]) -> None:
    known = looked(LINE, *path(*xs))
    ins, outs, _ = count(known)
    began, ends = xs[0] > 0.5, xs[-1] > 0.5
    assert ins - outs == ends - began
    assert abs(ins - outs) <= 1


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from((0.2, 0.35, 0.65, 0.8))), max_size=40))
def test_several_people_do_not_count_for_each_other(steps: list[tuple[int, float]]) -> None:
    where: dict[int, float] = {}
    pictures = []
    for track, x in steps:
        where[track] = x
        pictures.append(tuple(at(place, track=number) for number, place in where.items()))
    known = looked(LINE, *pictures) if pictures else {}
    firsts = {track: next(x for number, x in steps if number == track) for track in where}
    wanted = sum((where[track] > 0.5) - (firsts[track] > 0.5) for track in where)
    ins, outs, _ = count(known) if known else (0, 0, True)
    assert ins - outs == wanted
