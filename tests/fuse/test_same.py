"""What was made of the very same values is handed out again, and of nothing else."""

from edge_agent.domain.words import Words
from edge_agent.fuse import same
from edge_agent.fuse.same import Same


class Counted:
    """A function that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *of: object) -> tuple[object, ...]:
        self.asked += 1
        return of


def test_only_the_very_same_values_count() -> None:
    make = Counted()
    known = Same(make)
    one, equal = Words("一", "one"), Words("一", "one")
    assert known("k", one) is known("k", one)
    assert make.asked == 1
    known("k", equal)
    assert make.asked == 2, "equal, but another value"
    known("k", equal, None)
    assert make.asked == 3, "one more value"
    known("k", equal)
    assert make.asked == 4, "only the last is known"


def test_keys_do_not_disturb_each_other_and_forgetting_makes_anew() -> None:
    make = Counted()
    known = Same(make)
    for _ in range(2):
        known("k", 1)
        known("l", 2)
    assert make.asked == 2
    known.forget()
    assert known("k", 1) == (1,)
    assert make.asked == 3


def test_beyond_the_most_the_oldest_is_forgotten() -> None:
    make = Counted()
    known = Same(make)
    for key in range(same.MOST + 1):
        known(str(key), None)
    made = make.asked
    known("1", None)
    assert make.asked == made, "still known"
    known("0", None)
    assert make.asked == made + 1, "the oldest is not"
