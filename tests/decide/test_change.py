"""Every field of a ticket has words, and what may change under running work is decided for each."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.change import ANOTHER_WORK, NAMES, WHICH, at_once, changes, refused
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.ticket import Approval, Measure, MeasureKind, Point, Ticket
from edge_agent.domain.words import Words
from tests.support.story import T0_UTC, ticket

HERE = LocalTime()
OLD = ticket()
LOOK = Measure(id="m", kind=MeasureKind.MANUAL, words=Words("看", "look"))
SEEN = Measure(id="s", kind=MeasureKind.AI, words=Words("看", "see"), source="cam-1")
SAID: dict[str, tuple[Any, str]] = {
    "type": ("hot", "kind of work: confined_space becomes hot"),
    "level": ("1", "level: none becomes 1"),
    "area": ("yard", "area: tank-inside becomes yard"),
    "point": (Point(1.0, 2.0, 3.5), "work point: (6.5, 0) m becomes (1, 2, 3.5) m"),
    "valid_from_utc": (T0_UTC, "beginning: 2026-11-18 10:06 becomes 2026-11-18 11:06"),
    "valid_to_utc": (T0_UTC, "end: 2026-11-18 14:06 becomes 2026-11-18 11:06"),
    "holder": ("qian-wei", "holder: wang-lei becomes qian-wei"),
    "guards": (("chen-jie",), "guards: added chen-jie, removed li-na"),
    "workers": (("wu-gang",), "workers: added none, removed zhou-qiang"),
    "devices": (OLD.devices[1:], "bound devices: added none, removed gas-ch4"),
    "approvals": (
        (*OLD.approvals, Approval(role="manager", person="zhao-min", at_utc=T0_UTC)),
        "signatures: added manager zhao-min, removed none",
    ),
    "video_required": (False, "video required: yes becomes no"),
    "content": (Words("焊接", "welding"), "content: none becomes welding"),
    "linked": (("P-2",), "linked tickets: added P-2, removed none"),
    "jsa": ("JSA-1", "job safety analysis: none becomes JSA-1"),
    "measures": ((LOOK, SEEN), "measures: added look (manual), see (ai cam-1), removed none"),
    "scopes": (("high_voltage",), "scope of the certificates: added high_voltage, removed none"),
    "uses": (("solvent",), "what else is done there: added solvent, removed none"),
    "pipe": ("L-1", "pipe: none becomes L-1"),
    "outdoor": (True, "outdoors: no becomes yes"),
    "gas_interval_s": (600.0, "gas interval (s): none becomes 600"),
    "coordinator": ("qian-wei", "coordinator: none becomes qian-wei"),
    "contractor": ("a", "contractor: none becomes a"),
    "team": ("b", "team: none becomes b"),
    "risk": ("c", "risks: none becomes c"),
    "template_version": ("d", "version of the form: none becomes d"),
    "risk_version": ("e", "version of the risks: none becomes e"),
    "made_by": ("wang-lei", "who drew it up: none becomes wang-lei"),
    "extends": ("P-0", "ticket that it extends: none becomes P-0"),
}


def test_every_field_has_its_words_and_nothing_else_has() -> None:
    fields = set(Ticket.__struct_fields__) - WHICH
    assert set(NAMES) == fields
    assert set(SAID) == fields


@pytest.mark.parametrize("name", SAID)
def test_a_changed_field_is_told_with_both_values(name: str) -> None:
    value, words = SAID[name]
    (told,) = changes(OLD, replace(OLD, version=2, **{name: value}), HERE)
    assert told.en == words
    assert told.zh


@pytest.mark.parametrize("name", SAID)
def test_what_makes_it_another_work_is_refused(name: str) -> None:
    new = replace(OLD, version=2, **{name: SAID[name][0]})
    assert bool(list(refused(OLD, new))) is (name in {*ANOTHER_WORK, "valid_from_utc"})


def test_a_later_end_is_refused_and_an_earlier_one_counts_at_once() -> None:
    later, sooner = (replace(OLD, valid_to_utc=OLD.valid_to_utc + more_s) for more_s in (1.0, -1.0))
    assert list(refused(OLD, later))
    assert at_once(OLD, later) == OLD
    assert at_once(OLD, sooner).valid_to_utc == sooner.valid_to_utc


def test_nobody_new_counts_before_the_guard_has_read_it() -> None:
    new = replace(OLD, guards=("chen-jie", "li-na"), workers=("sun-yan", "wu-gang"), team="x")
    assert at_once(OLD, new) == replace(OLD, workers=("wu-gang",))
