"""Hooks of harnesses: who hangs on, since when, and when nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import Contact, DeviceHealth, Worn
from edge_agent.domain.words import Words
from edge_agent.fuse.hooks import Hook, hooks
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.settings.site_relays import ContactTable, RelayTable
from tests.support.story import scenario_site

SITE = scenario_site()
DEVICES = {device.id: device for device in SITE.devices}
STALE_S = DEVICES["relay-1"].stale_after_s
PAIR = ("left", "right")


def relays(*names: str) -> dict[str, RelayTable]:
    rows = {name: ContactTable(input=9 + n, kind="hook", tag="tag-worker-1") for n, name in enumerate(names)}
    return {"relay-1": replace(SITE.site.relays["relay-1"], contacts=rows)}


def said(at_s: float, channel: str, *, closed: bool | None) -> Contact:
    return Contact(source="relay-1", at_s=at_s, channel=channel, closed=closed)


def told(now_s: float, *heard: Contact | DeviceHealth, names: tuple[str, ...] = ("left",)) -> Hook:
    return hooks(relays(*names), DEVICES, absorb(Memory(booted_s=0), heard), now_s)["harness"]["tag-worker-1"]


def test_it_tells_since_when() -> None:
    spoken = [said(float(at), "left", closed=at not in {4, 5}) for at in range(10)]
    one = told(9.0, *spoken)
    assert (one.state, one.since_s, one.so_for_s(9.0)) == (Worn.WORN, 6.0, 3.0)
    off = told(5.5, *spoken[:6])
    assert (off.state, off.since_s) == (Worn.MISSING, 4.0)


@pytest.mark.parametrize(
    "heard",
    [
        (),
        (said(9.0, "left", closed=None),),
        (said(9.0 - STALE_S - 0.1, "left", closed=True),),
        (
            said(9.0, "left", closed=True),
            DeviceHealth(source="relay-1", at_s=9.0, ok=False, detail=Words("坏", "x")),
        ),
        (said(9.0, "right", closed=True),),
    ],
    ids=["never heard", "not read", "stale", "module unwell", "another one's"],
)
def test_what_is_not_read_now_is_neither_hooked_nor_unhooked(heard: tuple[Contact | DeviceHealth, ...]) -> None:
    one = told(9.0, *heard)
    assert (one.state, one.since_s) == (Worn.UNSURE, None)
    assert one.so_for_s(9.0) == float("inf")


STATES = st.sampled_from([True, False, None])


@given(st.tuples(STATES, STATES), st.floats(0, STALE_S / 2), st.floats(0, STALE_S / 2))
def test_one_of_two_hooks_is_enough_and_none_is_never_guessed(
    closed: tuple[bool | None, bool | None], left_s: float, right_s: float
) -> None:
    """Whatever the order in which they spoke, and in which they are written down."""
    left, right = closed
    heard = (said(left_s, "left", closed=left), said(right_s, "right", closed=right))
    one, *others = (
        told(STALE_S / 2, *spoken, names=names)
        for spoken, names in ((heard, PAIR), (heard[::-1], PAIR), (heard, PAIR[::-1]))
    )
    assert [(other.state, other.since_s) for other in others] == 2 * [(one.state, one.since_s)]
    if True in {left, right}:
        assert one.state is Worn.WORN
        assert one.since_s == min(at for at, on in ((left_s, left), (right_s, right)) if on)
    elif None in {left, right}:
        assert one.state is Worn.UNSURE
    else:
        assert (one.state, one.since_s) == (Worn.MISSING, max(left_s, right_s))


def test_other_contacts_are_no_hooks_and_nobody_elses() -> None:
    table = relays("left")["relay-1"]
    door = replace(table, contacts={"door": ContactTable(input=3, kind="interlock"), **table.contacts})
    heard = (said(1.0, "door", closed=False), said(1.0, "left", closed=True))
    known = hooks({"relay-1": door}, DEVICES, absorb(Memory(booted_s=0), heard), 1.0)
    assert known.keys() == {"harness", "scba"}
    assert known["harness"].keys() == {"tag-worker-1"}
    assert known["harness"]["tag-worker-1"].state is Worn.WORN
