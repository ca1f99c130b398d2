"""Protective equipment over several pictures: what can be told counts, what is hidden counts neither way."""

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn
from edge_agent.fuse.ppe import Frame, looked, with_frame

WINDOW_S = 5.0


def person(worn: Worn, *, area: str = "tank", track: int = 1) -> SeenPerson:
    return SeenPerson(track=track, box=(0.0, 0.0, 1.0, 1.0), score=0.9, zones=(area,), ppe={"helmet": worn})


def sighting(at_s: float, *persons: SeenPerson, view: View = View.CLEAR) -> Sighting:
    return Sighting(source="cam-1", at_s=at_s, view=view, persons=persons)


@given(st.lists(st.tuples(st.floats(0.1, 2.0), st.sampled_from(Worn)), max_size=60))
def test_only_the_window_is_remembered(pictures: list[tuple[float, Worn]]) -> None:
    now_s, frames, all_seen = 0.0, (), []
    for gap_s, worn in pictures:
        now_s += gap_s
        frames = with_frame(frames, sighting(now_s, person(worn)), WINDOW_S)
        all_seen.append((now_s, worn))
    recent = [worn for at_s, worn in all_seen if now_s - at_s < WINDOW_S]
    found = list(looked(frames, "tank", ["helmet"]))
    assert [(one.worn, one.missing, one.unsure) for one in found] == (
        [(recent.count(Worn.WORN), recent.count(Worn.MISSING), recent.count(Worn.UNSURE))] if recent else []
    )
    assert all(one.judged == one.worn + one.missing for one in found)


def test_a_picture_that_cannot_be_trusted_is_not_remembered() -> None:
    kept = with_frame((), sighting(1.0, person(Worn.WORN)), WINDOW_S)
    assert with_frame(kept, sighting(2.0, person(Worn.MISSING), view=View.DARK), WINDOW_S) == kept
    assert with_frame(kept, sighting(2.0), WINDOW_S) == kept
    assert with_frame(kept, sighting(7.0), WINDOW_S) == ()


def test_each_person_and_item_is_told_apart_and_other_areas_are_left_out() -> None:
    frame = Frame(
        at_s=1.0,
        persons=(
            person(Worn.MISSING, track=1),
            person(Worn.UNSURE, track=2),
            person(Worn.MISSING, track=3, area="yard"),
        ),
    )
    found = {one.track: one for one in looked((frame,), "tank", ["helmet", "harness"])}
    assert set(found) == {1, 2}
    assert found[2].judged == 0
