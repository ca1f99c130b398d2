"""Who has walked before a camera: told of once he has, and never of what stands where it stood."""

from edge_agent.domain.observation import SeenPerson, Sighting, View
from edge_agent.fuse.walks import KEPT_S, Walk, walks


def picture(at_s: float, *feet: float, view: View = View.CLEAR) -> Sighting:
    """People half a picture high, each with his feet so far from the left."""
    people = tuple(
        SeenPerson(track=track, box=(x - 0.05, 0.3, x + 0.05, 0.8), score=0.9) for track, x in enumerate(feet)
    )
    return Sighting(source="cam-1", at_s=at_s, view=view, persons=people)


def after(*seen: Sighting) -> dict[int, Walk]:
    known: dict[int, Walk] = {}
    for one in seen:
        known = walks(known, one)
    return known


def walked(*seen: Sighting) -> list[bool]:
    return [one.walked for one in after(*seen).values()]


def test_who_went_a_third_of_his_height_has_walked_and_who_went_less_has_not() -> None:
    assert walked(picture(1, 0.2, 0.7), picture(2, 0.36, 0.84)) == [True, False]


def test_who_has_walked_has_walked_wherever_he_stands_now() -> None:
    assert walked(picture(1, 0.2), picture(2, 0.4), picture(3, 0.2)) == [True]


def test_a_picture_that_cannot_be_trusted_changes_nothing() -> None:
    before = after(picture(1, 0.2), picture(2, 0.4))
    assert walks(before, picture(60, view=View.DARK)) == before


def test_who_is_not_seen_for_longer_than_a_number_lasts_begins_anew() -> None:
    came = (picture(1, 0.2), picture(2, 0.4), picture(2.5))
    assert walked(*came, picture(2 + KEPT_S, 0.4)) == [True]
    assert walked(*came, picture(2.1 + KEPT_S, 0.4)) == [False]
