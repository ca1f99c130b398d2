"""The guard's post by video: a picture counts from when it was taken, however late it arrives."""

from edge_agent.domain.observation import SeenPerson, Sighting, View
from edge_agent.fuse.posts import post, watched

POST = ("tank-mouth",)
THERE = SeenPerson(track=1, box=(0.1, 0.1, 0.2, 0.5), score=0.9, zones=POST)


def picture(at_s: float, *persons: SeenPerson, age_s: float = 0.0) -> Sighting:
    return Sighting(source="cam-1", at_s=at_s, age_s=age_s, view=View.CLEAR, persons=persons)


def test_a_picture_that_comes_late_is_as_old_as_it_is() -> None:
    alone = watched(None, picture(10.0, THERE, age_s=3.0), POST, 5.0)
    empty = watched(alone, picture(12.0, age_s=1.5), POST, 5.0)
    told = post(empty, View.CLEAR, 20.0)
    assert told is not None
    assert (told.alone_ago_s, told.empty_for_s) == (13.0, 9.5)


def test_too_long_without_a_picture_nobody_knows_since_when_it_is_empty() -> None:
    first = watched(None, picture(10.0), POST, 5.0)
    assert watched(first, picture(15.0), POST, 5.0).empty_s == 10.0
    assert watched(first, picture(17.0, age_s=2.0), POST, 5.0).empty_s == 10.0
    assert watched(first, picture(15.1), POST, 5.0).empty_s == 15.1
