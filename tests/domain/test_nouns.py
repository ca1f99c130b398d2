"""The nouns: frozen, and the same after a trip through JSON, because a replay must read what was written."""

import inspect

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.domain import ports
from edge_agent.domain.observation import Position, Quality, Reading, Sighting, has_number
from edge_agent.domain.words import Words

NOW = Instant(now_s=1.0, utc=2.0, trusted=True)
finite = st.floats(allow_nan=False, allow_infinity=False)


def test_words_are_filled_in_both_languages() -> None:
    assert Words("{n} 秒", "{n} s").filled(n=3) == Words("3 秒", "3 s")


def test_a_noun_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Words("一", "one").zh = "二"  # type: ignore[misc]


def test_only_three_qualities_carry_a_number_worth_comparing() -> None:
    assert {quality for quality in Quality if has_number(quality)} == {
        Quality.GOOD,
        Quality.CAL_OVERDUE,
        Quality.SUSPECT,
    }


@given(level=st.none() | finite, at_s=finite, quality=st.sampled_from(Quality), alarm=st.booleans())
def test_a_reading_survives_the_journal(
    *, level: float | None, at_s: float, quality: Quality, alarm: bool
) -> None:
    said = Reading(
        source="g", at_s=at_s, channel="co", level=level, unit="ppm", quality=quality, device_alarm=alarm
    )
    inputs = Inputs(instant=NOW, observations=(said,))
    assert msgspec.json.decode(msgspec.json.encode(inputs), type=Inputs) == inputs


def test_a_default_is_never_fine() -> None:
    """What is left out of an observation means unknown, not good."""
    assert Position(source="t", at_s=0.0).accuracy_m is None
    assert Position(source="t", at_s=0.0).worn is None
    fields = {field.name: field for field in msgspec.structs.fields(Reading)}
    assert fields["quality"].required
    assert fields["level"].required
    assert {field.name: field for field in msgspec.structs.fields(Sighting)}["view"].required


def test_a_source_and_an_actuator_are_a_few_lines() -> None:
    for port in (ports.Source, ports.Actuator):
        methods = [name for name, _ in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")]
        assert len(methods) <= 4
