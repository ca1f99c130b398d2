"""Keys and wrong tries, whatever happens in whatever order: property tests beside a model of a few lines."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.person import Person, Proof, Role
from edge_agent.tell.who.hashing import Here
from edge_agent.tell.who.keys import FORGED, LASTS_S, MOST_KEYS, MOST_PER_PERSON, Keys
from edge_agent.tell.who.proof import Verifier
from edge_agent.tell.who.throttle import FREE_TRIES, Throttle, Wrong, delay_s
from tests.support.desk_site import CHEAP

PUBLIC = ec.generate_private_key(ec.SECP256R1()).public_key()
PEOPLE = {name: Person(id=name, name=name, roles=(Role.GUARD,), pin_hash="$") for name in ("a", "b", "c")}


class World:
    """Time and people, moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.persons: dict[str, Person] = dict(PEOPLE)
        self.keys = Keys(lambda: self.now_s, lambda: self.persons)
        self._made: list[str] = []

    def log_in(self, person: Person) -> str:
        """A log-in's id."""
        self._made.append(self.keys.add(person, PUBLIC, Proof.PIN, panel=False).id)
        return self._made[-1]

    def made(self) -> list[str]:
        """Every log-in that there ever was."""
        return self._made

    def stands(self, id_: str) -> bool:
        """Whether a form of this key would be taken as far as its signature."""
        try:
            self.keys.signed(id_, "{}", "AA")
        except Wrong as wrong:
            return wrong.words == FORGED
        raise AssertionError("a signature of one byte was accepted")


@given(st.lists(st.integers(min_value=-3, max_value=40), max_size=60))
def test_counts_are_taken_exactly_while_they_grow(counts: list[int]) -> None:
    keys = World().keys
    key = keys.add(PEOPLE["a"], PUBLIC, Proof.PIN, panel=False)
    taken: list[int] = []
    for count in counts:
        try:
            keys.count(key.id, count)
            taken.append(count)
        except Wrong:
            assert count <= max(taken, default=-1)
    assert taken == sorted(set(taken))
    assert all(count >= 0 for count in taken)


STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from("abc")),
    st.tuples(st.just("wait"), st.sampled_from([60.0, LASTS_S / 3, LASTS_S])),
    st.tuples(st.just("bar"), st.sampled_from("abc")),
    st.tuples(st.just("let"), st.sampled_from("abc")),
    st.tuples(st.just("remove"), st.sampled_from("abc")),
    st.tuples(st.just("pin"), st.sampled_from("abc")),
)


@given(st.lists(STEPS, max_size=40))
@settings(deadline=None)
def test_a_key_stands_as_long_as_its_person_is_who_logged_in_and_no_longer(steps: list[tuple[str, Any]]) -> None:
    world = World()
    living: dict[str, tuple[Person, float]] = {}  # the model: who logged in, and when; oldest first
    for number, (what, which) in enumerate(steps):
        person = world.persons.get(which) if isinstance(which, str) else None
        if what == "wait":
            world.now_s += which
        elif what == "let":
            world.persons[which] = PEOPLE[which]
        elif person is None:
            pass
        elif what == "add" and person.denied is None:
            own = [id_ for id_, (one, _) in living.items() if one.id == which]
            for id_ in own[: max(0, len(own) - MOST_PER_PERSON + 1)]:
                del living[id_]
            living[world.log_in(person)] = (person, world.now_s)
        elif what == "bar":
            world.persons[which] = replace(person, denied="x")
        elif what == "remove":
            del world.persons[which]
        elif what == "pin":
            world.persons[which] = replace(person, pin_hash=f"${number}")
        world.keys.sweep()
        living = {
            id_: (one, since_s)
            for id_, (one, since_s) in living.items()
            if world.now_s - since_s < LASTS_S and world.persons.get(one.id) == one
        }
        assert {id_ for id_ in world.made() if world.stands(id_)} == set(living)


def test_the_number_of_keys_is_bounded() -> None:
    world = World()
    world.persons = {f"p{n}": replace(PEOPLE["a"], id=f"p{n}") for n in range(MOST_KEYS + 5)}
    added = [world.log_in(person) for person in world.persons.values()]
    assert [world.stands(id_) for id_ in added[:6]] == [False] * 5 + [True]
    assert world.stands(added[-1])


TRIES = st.one_of(st.booleans(), st.just("restart"), st.sampled_from([1.0, 5.0, 100.0, 901.0]))


@given(st.lists(TRIES, max_size=80))
def test_no_order_of_tries_waits_and_restarts_shortens_the_wait(steps: list[Any]) -> None:
    now_s, disk = [0.0], dict[str, int]()

    def throttle() -> Throttle:
        def remember(name: str, count: int) -> Any:
            disk[name] = count
            return lambda: None

        return Throttle(lambda: now_s[0], dict(disk), remember)

    guard, in_a_row, last_s = throttle(), 0, 0.0
    for step in steps:
        if step == "restart":
            guard, last_s = throttle(), now_s[0]
        elif isinstance(step, float):
            now_s[0] += step
        else:
            left_s = last_s + delay_s(in_a_row) - now_s[0]
            assert waits(guard) == max(0.0, left_s)
            if left_s <= 0 and step:
                guard.right("li")
                in_a_row = 0
            elif left_s <= 0:
                guard.wrong("li")()
                in_a_row, last_s = in_a_row + 1, now_s[0]
        assert disk.get("li", 0) == in_a_row


def waits(guard: Throttle) -> float:
    try:
        guard.patience("li")
    except Wrong as wait:
        return wait.wait_s or 0.0
    return 0.0


def test_ten_thousand_tries_in_a_thousand_seconds_are_a_handful_whatever_is_restarted() -> None:
    """Ten a second, and the power is pulled every hundred seconds."""
    now_s, disk, really = [0.0], dict[str, int](), 0
    li = replace(PEOPLE["a"], pin_hash=CHEAP.hash("8305"))

    def remember(name: str, count: int) -> Any:
        disk[name] = count
        return lambda: None

    for number in range(10_000):
        if number % 1000 == 0:
            verifier = Verifier(Throttle(lambda: now_s[0], dict(disk), remember), Here())
        try:
            verifier.prove(li, f"{number:04}", None)
        except Wrong as wrong:
            really += wrong.counts
        else:
            raise AssertionError("found")
        now_s[0] += 0.1
    assert really <= FREE_TRIES + 8  # 5 s, 10 s, ... 640 s lie between the further ones
