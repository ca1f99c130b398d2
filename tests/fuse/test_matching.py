"""People in a picture and wearables: never more is said than holds however they are matched."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.plan_view import Place
from edge_agent.domain.words import NOTHING
from edge_agent.fuse.matching import Matched, apart, matched
from edge_agent.fuse.people import Tag

METRES = st.floats(-10, 10)


def tag(name: str, x_m: float | None, *, accuracy_m: float | None = 0.5, placed_s: float = 10.0) -> Tag:
    device = Device(id=name, kind=DeviceKind.WEARABLE, name=NOTHING, period_s=1.0, stale_after_s=3.0)
    return Tag(device=device, x_m=x_m, y_m=0.0, accuracy_m=accuracy_m, placed_s=placed_s, heard=True, fresh=True)


def at(x_m: float, y_m: float = 0.0, accuracy_m: float = 0.5) -> Place:
    return Place(x_m=x_m, y_m=y_m, accuracy_m=accuracy_m)


def test_one_who_stands_by_one_wearable_wears_it() -> None:
    assert matched([(1, at(0.0)), (2, at(5.0))], [tag("a", 0.4), tag("b", 5.3)], 0, 10.0) == Matched(
        certain={1: "a", 2: "b"}, left_over=0
    )


def test_who_may_be_one_of_several_is_not_told_and_not_left_over() -> None:
    both = [(1, at(0.0)), (2, at(0.6))]
    assert matched(both, [tag("a", 0.2), tag("b", 0.4)], 0, 10.0) == Matched(certain={}, left_over=0)
    assert matched(both, [tag("a", 0.2)], 0, 10.0) == Matched(certain={}, left_over=1), (
        "one of them, not known which"
    )


def test_who_stands_where_no_wearable_is_is_left_over() -> None:
    assert matched([(1, at(0.0)), (2, at(9.0))], [tag("a", 0.0)], 0, 10.0) == Matched(
        certain={1: "a"}, left_over=1
    )
    assert matched([(1, at(9.0))], [tag("a", 0.0)], 1, 10.0).left_over == 0, "one without a wearable is awaited"
    assert matched([(1, at(0.0))], [tag("a", 0.0)], 1, 10.0).certain == {}, "then he may be that one"
    assert matched([], [], 2, 10.0).left_over == 0


def test_an_old_or_coarse_or_placeless_wearable_may_be_anybodys() -> None:
    far = [(1, at(6.0))]
    assert matched(far, [tag("a", 0.0)], 0, 10.0).left_over == 1
    assert matched(far, [tag("a", 0.0, placed_s=6.0)], 0, 10.0).left_over == 0, "four seconds' walk"
    assert matched(far, [tag("a", 0.0, accuracy_m=None)], 0, 10.0).left_over == 0
    assert matched(far, [tag("a", None)], 0, 10.0).left_over == 0


def test_others_move_up_so_that_nobody_is_left_over_for_nothing() -> None:
    people = [(1, at(0.0)), (2, at(1.2)), (3, at(2.4))]
    tags = [tag("a", 0.8), tag("b", 2.0), tag("c", 3.2)]
    assert matched(people, tags, 0, 10.0).left_over == 0
    assert matched(people[::-1], tags, 0, 10.0).left_over == 0


@given(st.lists(METRES, max_size=5), st.lists(METRES, max_size=4), st.integers(0, 2))
def test_as_few_are_left_over_as_any_matching_leaves(xs: list[float], tags: list[float], spare: int) -> None:
    people = [(number, at(x)) for number, x in enumerate(xs)]
    wearables = [tag(str(number), x) for number, x in enumerate(tags)]
    slots: list[float | None] = [*tags, *[None] * len(xs)]  # None: nobody's
    best = max(
        (
            sum(x is not None and abs(x - person) <= 1.0 for person, x in zip(xs, chosen, strict=True))
            for chosen in permutations(slots, len(xs))
        ),
        default=0,
    )
    found = matched(people, wearables, spare, 10.0)
    assert found.left_over == max(0, len(xs) - best - spare)
    assert len(set(found.certain.values())) == len(found.certain)


def test_errors_so_many_times_as_large_fit_so_much_further() -> None:
    one, far = [(1, at(0.0))], [tag("a", 1.9)]  # half a metre each
    assert [matched(one, far, 0, 10.0, times).left_over for times in (1.0, 1.89, 1.91)] == [1, 1, 0]


def test_who_stands_within_the_errors_of_another_may_be_the_same() -> None:
    people = [(1, at(0.0)), (2, at(1.9)), (3, at(4.1))]
    assert [track for track, _ in apart(people, 1.0)] == [1, 2, 3]
    assert [track for track, _ in apart(people, 2.0)] == [1, 3]
