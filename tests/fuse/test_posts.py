"""The guard's post by video: a picture counts from when it was taken, however late it arrives."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import GUARD_MARK, SeenPerson, Sighting, View, Worn
from edge_agent.fuse.posts import PostLimits, PostMemory, post, watched
from edge_agent.fuse.ppe import Told
from edge_agent.fuse.stands import Stand

POST = ("tank-mouth",)
STILL_S = 60.0
LIMITS = PostLimits(gap_s=5.0, still_s=STILL_S)
THERE = SeenPerson(track=1, box=(0.1, 0.1, 0.2, 0.5), score=0.9, zones=POST)


def picture(at_s: float, *persons: SeenPerson, age_s: float = 0.0) -> Sighting:
    return Sighting(source="cam-1", at_s=at_s, age_s=age_s, view=View.CLEAR, persons=persons)


def after(before: PostMemory | None, seen: Sighting) -> PostMemory:
    return watched(before, seen, POST, {}, LIMITS)


def test_a_picture_that_comes_late_is_as_old_as_it_is() -> None:
    alone = after(None, picture(10.0, THERE, age_s=3.0))
    empty = after(alone, picture(12.0, age_s=1.5))
    told = post(empty, View.CLEAR, 20.0)
    assert told is not None
    assert (told.alone_ago_s, told.empty_for_s, told.alive_ago_s) == (13.0, 9.5, 13.0)


def test_too_long_without_a_picture_nobody_knows_since_when_it_is_empty() -> None:
    first = after(None, picture(10.0))
    assert after(first, picture(15.0)).empty_s == 10.0
    assert after(first, picture(17.0, age_s=2.0)).empty_s == 10.0
    assert after(first, picture(15.1)).empty_s == 15.1


def test_a_picture_that_cannot_be_trusted_is_no_look() -> None:
    first = after(None, picture(10.0, THERE))
    assert after(first, replace(picture(12.0), view=View.DARK)) == first
    assert post(first, View.DARK, 12.0) is None
    assert post(None, View.CLEAR, 12.0) is None


def seconds(*people: SeenPerson, memory: PostMemory | None = None, to_s: int, from_s: int = 0) -> PostMemory:
    """One picture a second, all the same."""
    for second in range(from_s, to_s):
        memory = after(memory, picture(float(second), *people))
    assert memory is not None
    return memory


def test_what_never_moves_is_nobody_and_the_post_is_not_empty_either() -> None:
    lively = seconds(THERE, to_s=60)
    assert (lively.alone_s, lively.empty_s) == (59.0, None)
    coat = seconds(THERE, to_s=200)
    assert (coat.alone_s, coat.empty_s, coat.stirred_s) == (59.0, None, 0.0)
    told = post(coat, View.CLEAR, 200.0)
    assert told is not None
    assert (told.empty_for_s, told.alive_ago_s) == (None, 200.0)


def test_a_coat_of_which_the_detector_loses_sight_now_and_then_does_not_come_to_life() -> None:
    memory = seconds(THERE, to_s=30)
    for second in range(30, 100, 2):
        memory = after(memory, picture(float(second)))
        memory = after(memory, picture(second + 1.0, replace(THERE, track=second)))  # and with a new number
    assert memory.stirred_s == 0.0
    assert memory.alone_s is not None
    assert memory.alone_s < STILL_S


def test_somebody_who_moves_is_alive_again_and_so_is_who_comes() -> None:
    coat = seconds(THERE, to_s=200)
    wave = replace(THERE, box=(0.1, 0.1, 0.25, 0.5))
    assert seconds(wave, memory=coat, from_s=200, to_s=203).alone_s == 202.0, "most of five boxes show it"
    assert seconds(
        THERE, replace(THERE, track=2, box=(0.5, 0.1, 0.6, 0.5)), memory=coat, from_s=200, to_s=201
    ) == (
        replace(
            coat,
            looked_s=200.0,
            stirred_s=200.0,
            stands=(
                replace(coat.stands[0], seen_s=200.0),
                Stand(
                    track=2, box=(0.5, 0.1, 0.6, 0.5), since_s=200.0, seen_s=200.0, lately=((0.5, 0.1, 0.6, 0.5),)
                ),
            ),
        )
    ), "somebody has come; and two are there, so it is not known who"


def test_one_bad_box_is_no_movement() -> None:
    coat = seconds(THERE, to_s=200)
    half = replace(THERE, box=(0.1, 0.3, 0.2, 0.5))
    for second in range(200, 260):
        coat = after(coat, picture(float(second), half if second % 5 == 0 else THERE))
    assert coat.stirred_s == 0.0


def marked(worn: Worn | None) -> dict[int, dict[str, Told]]:
    return {} if worn is None else {1: {GUARD_MARK: Told(state=worn, since_s=0.0)}}


def test_where_guards_have_a_colour_only_who_wears_it_is_one() -> None:
    limits = replace(LIMITS, marked=True)
    here = [watched(None, picture(10.0, THERE), POST, marked(worn), limits) for worn in (*Worn, None)]
    assert [(one.alone_s, one.empty_s) for one in here] == [(10.0, None), (None, 10.0), (None, None), (None, None)]
    unsure = here[2]
    for second in range(11, 40):
        moving = replace(THERE, box=(0.1, 0.1, 0.2 + second % 2 / 10, 0.5))
        unsure = watched(unsure, picture(float(second), moving), POST, marked(Worn.UNSURE), limits)
    assert unsure.stirred_s == 10.0, "he moves, and nobody knows whether he is a guard"


@given(st.lists(st.tuples(st.floats(0.1, 40.0), st.integers(0, 2), st.sampled_from(View)), max_size=40))
def test_nothing_is_ever_shown_that_no_picture_showed(pictures: list[tuple[float, int, View]]) -> None:
    now_s, memory = 0.0, None
    for gap_s, count, view in pictures:
        now_s += gap_s
        people = [replace(THERE, track=n, box=(0.1 + n / 4, 0.1, 0.2 + n / 4, 0.5)) for n in range(count)]
        before, memory = memory, after(memory, replace(picture(now_s, *people), view=view))
        if view is not View.CLEAR:
            assert memory.looked_s == now_s if before is None else memory == before
            continue
        assert (memory.empty_s is None) == (count > 0)
        assert (memory.alone_s == now_s) <= (count == 1)
        assert memory.stirred_s is not None
        assert memory.stirred_s <= now_s
