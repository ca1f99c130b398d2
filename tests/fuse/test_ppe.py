"""Protective equipment along a track: many pictures tell, one proves nothing, hidden is neither."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn
from edge_agent.fuse.ppe import NOTHING_SEEN, Seen, Told, Vote, overall, with_frame
from edge_agent.fuse.ppe_asked import asked_of

VOTE = Vote(window_s=5.0, frames_count=5, missing_pct=60.0)
LOOKS = st.sampled_from(Worn)


def person(worn: Worn, *, area: str = "tank", track: int = 1) -> SeenPerson:
    return SeenPerson(track=track, box=(0.0, 0.0, 1.0, 1.0), score=0.9, zones=(area,), ppe={"helmet": worn})


def sighting(at_s: float, *persons: SeenPerson, view: View = View.CLEAR, age_s: float = 0.0) -> Sighting:
    return Sighting(source="cam-1", at_s=at_s, view=view, persons=persons, age_s=age_s)


def shown(*looks: Worn, before: Seen = NOTHING_SEEN, from_s: float = 0.0, every_s: float = 0.25) -> Seen:
    """The pictures of one person, four a second."""
    seen = before
    for number, worn in enumerate(looks):
        seen = with_frame(seen, sighting(from_s + number * every_s, person(worn)), VOTE)
    return seen


def helmet(seen: Seen) -> Told:
    return seen.told[1]["helmet"]


@given(st.lists(st.tuples(st.floats(0.1, 2.0), LOOKS), max_size=60))
def test_only_the_window_is_counted(pictures: list[tuple[float, Worn]]) -> None:
    now_s, seen, all_seen = 0.0, NOTHING_SEEN, []
    for gap_s, worn in pictures:
        now_s += gap_s
        seen = with_frame(seen, sighting(now_s, person(worn)), VOTE)
        all_seen.append((now_s, worn))
    recent = [worn for at_s, worn in all_seen if now_s - at_s < VOTE.window_s]
    counts = [(t.worn, t.missing, t.unsure) for items in seen.told.values() for t in items.values()]
    assert counts == (
        [(recent.count(Worn.WORN), recent.count(Worn.MISSING), recent.count(Worn.UNSURE))] if recent else []
    )


@given(st.lists(LOOKS, max_size=4), LOOKS)
def test_a_few_pictures_prove_nothing(looks: list[Worn], last: Worn) -> None:
    seen = shown(*looks, last)
    told = helmet(seen)
    assert told.judged < VOTE.frames_count or len(looks) == VOTE.frames_count - 1
    if told.judged < VOTE.frames_count:
        assert told.state is Worn.UNSURE


@given(st.lists(LOOKS, min_size=1, max_size=80))
def test_what_is_told_is_what_the_pictures_say_or_what_was_told_before(looks: list[Worn]) -> None:
    seen, before = NOTHING_SEEN, Worn.UNSURE
    for number, worn in enumerate(looks):
        seen = with_frame(seen, sighting(number * 0.25, person(worn)), VOTE)
        now = helmet(seen)
        if now.judged < VOTE.frames_count:
            assert now.state is Worn.UNSURE
        elif 5 * now.missing >= 3 * now.judged:
            assert now.state is Worn.MISSING
        elif 5 * now.missing <= 2 * now.judged:
            assert now.state is Worn.WORN
        else:
            assert now.state is before
        before = now.state


def test_between_its_two_lines_it_stays_what_it_was_told() -> None:
    """Ten pictures of five seconds: missing from six on, worn from four down, and half says nothing new."""
    half = (Worn.WORN, Worn.MISSING) * 5
    worn = shown(*(Worn.WORN,) * 10, every_s=0.5)
    assert helmet(worn).state is Worn.WORN
    assert helmet(shown(*half, before=worn, from_s=5.0, every_s=0.5)).state is Worn.WORN
    bare = shown(*(Worn.MISSING,) * 10, every_s=0.5)
    assert helmet(shown(*half, before=bare, from_s=5.0, every_s=0.5)).state is Worn.MISSING
    assert helmet(shown(*half, every_s=0.5)).state is Worn.WORN, "four of nine: the ninth picture told it"
    first_half = (Worn.MISSING, Worn.MISSING, Worn.WORN, Worn.WORN)
    assert helmet(shown(*first_half, Worn.MISSING, every_s=0.5)).state is Worn.MISSING, "three of five"
    assert helmet(shown(*first_half, Worn.WORN, every_s=0.5)).state is Worn.WORN, "two of five"


def test_somebody_hidden_is_told_no_more() -> None:
    for known in (Worn.WORN, Worn.MISSING):
        seen = shown(*(known,) * 20)
        assert helmet(seen).state is known
        assert helmet(shown(*(Worn.UNSURE,) * 20, before=seen, from_s=5.0)).state is Worn.UNSURE


def test_it_is_told_since_when() -> None:
    seen = shown(*(Worn.WORN,) * 12)
    assert (helmet(seen).state, helmet(seen).since_s) == (Worn.WORN, 1.0), "the fifth picture told it"
    seen = shown(*(Worn.MISSING,) * 20, before=seen, from_s=3.0)
    assert (helmet(seen).state, helmet(seen).since_s) == (Worn.MISSING, 3.0 + 11 * 0.25)


def test_a_picture_that_cannot_be_trusted_is_not_remembered() -> None:
    kept = with_frame(NOTHING_SEEN, sighting(1.0, person(Worn.WORN)), VOTE)
    assert with_frame(kept, sighting(2.0, person(Worn.MISSING), view=View.DARK), VOTE) == kept
    assert with_frame(kept, sighting(2.0), VOTE) == kept
    assert with_frame(kept, sighting(7.0), VOTE) == NOTHING_SEEN
    assert with_frame(kept, sighting(7.0, age_s=2.0), VOTE) == kept, "a picture counts from when it was taken"


def test_who_was_looked_at_in_an_area_is_counted_there() -> None:
    unasked = SeenPerson(track=4, box=(0.0, 0.0, 1.0, 1.0), score=0.9, zones=("tank",))
    frame = (
        person(Worn.MISSING),
        person(Worn.UNSURE, track=2),
        person(Worn.MISSING, track=3, area="yard"),
        unasked,
    )
    seen = with_frame(NOTHING_SEEN, sighting(1.0, *frame), VOTE)
    seen = with_frame(seen, sighting(2.0, person(Worn.MISSING)), VOTE)
    assert seen.pictures_in("tank") == {1: 2, 2: 1}
    assert set(seen.told) == {1, 2, 3}


def told(**states: Worn) -> dict[str, Told]:
    return {item: Told(state=state, since_s=0.0) for item, state in states.items()}


@given(st.dictionaries(st.sampled_from(("helmet", "vest", "harness", "mask")), LOOKS))
def test_only_who_wears_all_that_is_asked_is_compliant(states: dict[str, Worn]) -> None:
    asked = ("helmet", "vest")
    seen = [states.get(item, Worn.UNSURE) for item in asked]
    wanted = Worn.MISSING if Worn.MISSING in seen else Worn.WORN if seen == [Worn.WORN] * 2 else Worn.UNSURE
    assert overall(asked, told(**states)) is wanted


def test_what_is_asked_adds_up_over_the_areas_somebody_stands_in() -> None:
    asked = {"yard": frozenset({"helmet"}), "tank": frozenset({"harness"})}
    zones: Iterable[str] = ("yard", "tank", "road")
    assert asked_of(zones, asked) == {"helmet", "harness"}
    assert asked_of((), asked) == frozenset()
