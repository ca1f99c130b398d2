"""Works that do not go together: the matrix row by row, and fifty jobs at once."""

import itertools
import random
import time

import pytest
from msgspec.structs import replace

from edge_agent.domain.claim import Claim, claim
from edge_agent.domain.limit import Limit
from edge_agent.domain.permit import State
from edge_agent.domain.ticket import Point
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.fuse.conflicts import clashes
from edge_agent.fuse.linked import stricter
from tests.support.story import Story, scenario_site

SITE = scenario_site()
BOOK = SITE.rulebook
AREAS = SITE.areas


def work(name: str, type_: str, *, level: str = "", at: tuple[float, ...] = (0.0, 0.0), **more: object) -> Claim:
    base = {"area": f"alone-{name}", "state": State.ACTIVE, **more}
    return Claim(permit=name, type=type_, level=level, point=Point(*at), **base)  # type: ignore[arg-type]


def effects(*claims: Claim) -> list[str]:
    return [clash.row.effect for clash in clashes(claims, BOOK, AREAS)]


@pytest.mark.parametrize(
    ("one", "other", "apart_m"),
    [
        ({"type_": "hot", "level": "1"}, {"type_": "confined_space"}, 10),
        ({"type_": "hot", "level": "2"}, {"type_": "blind_plate"}, 30),
        ({"type_": "hot", "level": "1"}, {"type_": "excavation", "uses": ("painting",)}, 10),
        ({"type_": "hot", "level": "1"}, {"type_": "excavation", "uses": ("solvent",)}, 10),
        ({"type_": "hot", "level": "1"}, {"type_": "excavation", "uses": ("dust_sweeping",)}, 10),
        ({"type_": "hot", "level": "1"}, {"type_": "excavation", "uses": ("venting",)}, 30),
        ({"type_": "hot", "level": "1"}, {"type_": "excavation", "uses": ("draining",)}, 15),
        ({"type_": "height", "level": "2"}, {"type_": "height", "level": "3"}, 6),
        ({"type_": "lifting", "level": "3"}, {"type_": "height", "level": "3"}, 10),
        ({"type_": "lifting", "level": "3"}, {"type_": "confined_space"}, 10),
    ],
)
def test_a_row_blocks_up_to_its_metres_and_the_points_own(one: dict, other: dict, apart_m: float) -> None:  # type: ignore[type-arg]
    reach_m = apart_m + BOOK.simops.point_m.value
    assert "block" in effects(work("a", **one), work("b", at=(reach_m, 0.0), **other))
    assert "block" in effects(work("b", at=(reach_m, 0.0), **other), work("a", **one))
    assert "block" not in effects(work("a", **one), work("b", at=(reach_m + 0.1, 0.0), **other))


@pytest.mark.parametrize("use", ["tank_sampling", "dewatering"])
def test_hot_work_and_sampling_in_one_dike(use: str) -> None:
    far = work("b", "excavation", at=(200.0, 0.0), uses=(use,), area="dike")
    assert effects(work("a", "hot", level="1", area="dike"), far) == ["block"]
    assert effects(work("a", "hot", level="1", area="elsewhere"), far) == []


def test_two_blind_plates_on_one_pipe() -> None:
    far = work("b", "blind_plate", at=(900.0, 0.0), pipe="P-101")
    assert effects(work("a", "blind_plate", pipe="P-101"), far) == ["block"]
    assert effects(work("a", "blind_plate", pipe="P-102"), far) == []
    assert effects(work("a", "blind_plate"), work("b", "blind_plate", at=(900.0, 0.0))) == []


def test_a_deck_between_two_works_at_height() -> None:
    assert effects(work("a", "height", level="2"), work("b", "height", level="3")) == ["block"]
    low, high, unknown = (5.0, 0.0, 24.0), (5.0, 0.0, 24.5), (5.0, 0.0)
    for at, deck, effect in (
        (low, "deck", []),
        (high, "deck", ["block"]),  # above 24 m it is a double one
        (unknown, "deck", ["block"]),
        (high, "double_deck", []),
        (unknown, "double_deck", []),
    ):
        one = work("a", "height", level="2", at=(0.0, 0.0, 3.0), uses=(deck,))
        assert effects(one, work("b", "height", level="3", at=at)) == effect


def test_height_parts_works_only_where_both_heights_are_known() -> None:
    tank = work("a", "confined_space", area="tank-inside")  # 0 to 6 m
    assert effects(tank, work("b", "hot", level="1", at=(5.0, 0.0, 11.0))) == ["block"]
    assert effects(tank, work("b", "hot", level="1", at=(5.0, 0.0, 11.1))) == []
    assert effects(tank, work("b", "hot", level="1", at=(5.0, 0.0))) == ["block"]
    assert effects(tank, work("b", "hot", level="1", at=(5.0, 0.0), area="yard")) == ["block"]


def test_works_of_one_area_need_a_coordinator_and_waiting_ones_nothing() -> None:
    one, other = work("a", "excavation", area="yard"), work("b", "road_closure", area="yard", at=(80.0, 0.0))
    assert effects(one, other) == ["coordinate"]
    waiting = [replace(claim, state=State.READY) for claim in (one, other)]
    assert effects(*waiting) == []
    assert effects(waiting[0], other) == ["coordinate"]


def test_what_two_other_boxes_guard_is_not_ours_to_judge() -> None:
    assert effects(work("a", "hot", unit="edge-2", level="1"), work("b", "confined_space", unit="edge-3")) == []


def test_the_grid_finds_what_comparing_all_pairs_finds() -> None:
    dice = random.Random(7)  # noqa: S311 (places, not secrets)
    kinds = [("hot", "1"), ("confined_space", ""), ("blind_plate", ""), ("lifting", "3"), ("height", "2")]
    claims = [
        work(
            f"p{n}",
            kind,
            level=level,
            at=(dice.uniform(-90, 90), dice.uniform(-90, 90)),
            area=dice.choice(["yard", "north", "south"]),
            pipe=dice.choice(["", "P-1"]),
            uses=dice.choice([(), ("painting",), ("venting",)]),
        )
        for n, (kind, level) in enumerate(dice.choice(kinds) for _ in range(60))
    ]
    found = {(clash.one.permit, clash.other.permit) for clash in clashes(claims, BOOK, AREAS)}
    pairs = itertools.combinations(claims, 2)
    alone = {(one.permit, other.permit) for one, other in pairs if clashes((one, other), BOOK, AREAS)}
    assert found == alone
    assert found


def test_fifty_jobs_spread_over_a_site_are_compared_quickly() -> None:
    claims = [
        work(f"p{n}", "hot", level="1", at=(float(n % 10) * 60, float(n // 10) * 60), area=f"area-{n}")
        for n in range(50)
    ]
    began_s = time.perf_counter()
    for _ in range(10):
        assert clashes(claims, BOOK, AREAS) == ()
    assert (time.perf_counter() - began_s) / 10 < 0.05  # usually about 1 ms


def test_the_stricter_limit_of_linked_works() -> None:
    short, long = (Limit(value=value, unit="s", clause="x") for value in (10.0, 20.0))
    mine = replace(UNKNOWN_WORK, sample_age_s=long, retest_after_s=short, sampled=("o2",), video=True)
    theirs = replace(
        UNKNOWN_WORK, sample_age_s=short, retest_after_s=long, sampled=("o2", "toxic"), make_safe=True
    )
    both = stricter(mine, theirs, BOOK)
    assert (both.sample_age_s, both.retest_after_s, both.gas_grace_s) == (short, short, BOOK.gas.not_good_pause_s)
    assert (both.sampled, both.video, both.make_safe) == (("o2", "toxic"), True, True)
    assert stricter(UNKNOWN_WORK, mine, BOOK).sample_age_s == long


def test_what_a_permit_claims() -> None:
    story = Story(SITE)
    story.begin_work(uses=("painting",))
    claimed = claim(story.decisions[-1].state.permits["P-1"])
    assert (claimed.kind, claimed.uses, claimed.working, claimed.approved) == (
        "confined_space",
        ("painting",),
        True,
        ("area_owner",),
    )


def test_a_linked_work_that_may_be_blind_for_longer_lends_its_patience_to_nobody() -> None:
    """A confined space says nothing of its own, so the book's 30 s hold; hot work of level 1 may take 60 s."""
    tank, weld = BOOK.works["confined_space"], BOOK.works["hot.1"]
    assert tank.gas_grace_s is None
    for one, other in ((tank, weld), (weld, tank)):
        assert stricter(one, other, BOOK).gas_grace_s == BOOK.gas.not_good_pause_s


def test_the_wider_distance_that_is_kept_clear_holds_for_both() -> None:
    lift, tank = BOOK.works["lifting.1"], BOOK.works["confined_space"]
    assert stricter(tank, lift, BOOK).keep_out_m == lift.keep_out_m
    assert stricter(tank, BOOK.works["height.1"], BOOK).confirm_after_break
