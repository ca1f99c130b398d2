"""What the test of the sirens proves: heard, silent, or nothing; and when an open feedback is silence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.outcome import Output
from edge_agent.fuse.relays import Wire
from edge_agent.fuse.sirens import sounds
from edge_agent.settings.site import Settings
from tests.scenarios.stories.box import WELL, tried
from tests.support.story import Story

TELL_S = 2.0
RELAY = next(device for device in tried().devices if device.id == "relay-1")
seconds = st.floats(0, 100)


def wire(**changes: Any) -> Wire:
    base = Wire(device=RELAY, channel="siren", does=Output.SIREN, wanted_on=True, since_s=0.0, feedback=False)
    return replace(base, **changes)


@given(since_s=seconds, switched_s=seconds, now_s=seconds, pulses=st.booleans())
def test_only_a_contact_that_stays_open_while_it_must_sound_is_silence(
    since_s: float, switched_s: float, now_s: float, *, pulses: bool
) -> None:
    told = sounds(wire(since_s=since_s, switched_s=switched_s, pulses=pulses), now_s, TELL_S)
    stays_open = now_s - since_s >= TELL_S and now_s - max(since_s, switched_s) >= TELL_S
    assert told is (False if stays_open and not pulses else None)


@given(now_s=seconds, pulses=st.booleans())
def test_closed_is_heard_and_nothing_is_said_of_one_that_need_not_sound(now_s: float, *, pulses: bool) -> None:
    assert sounds(wire(feedback=True, pulses=pulses), now_s, TELL_S) is (True if now_s >= TELL_S else None)
    assert sounds(wire(feedback=True, wanted_on=False), now_s, TELL_S) is None
    assert sounds(wire(feedback=None), now_s, TELL_S) is None


def without(contact: str) -> Settings:
    base = tried()
    relay = base.site.relays["relay-1"]
    contacts = {name: row for name, row in relay.contacts.items() if name != contact}
    return replace(base, site=replace(base.site, relays={"relay-1": replace(relay, contacts=contacts)}))


def trial_of(site: Settings, contacts: dict[str, bool | None]) -> dict[str, Any]:
    """What is told of a test, in which the contacts say this, that nobody works beside."""
    told = Story(site)
    told.field.contacts = {**WELL, "siren-line": contacts["siren-line"]}
    at = site.local_time.local(told.utc).replace(hour=19, minute=8, second=0, microsecond=0).timestamp()
    told.run(at - told.utc - 1)
    told.field.contacts |= contacts
    told.run(8)
    (event,) = (one for decision in told.decisions for one in decision.events if one.type == "unit.sirens_tried")
    assert event.subject == "unit"
    return event.data


@pytest.mark.parametrize(
    ("site", "contacts", "proved"),
    [
        (tried(), (True, True), (True, "whole", "passed")),
        (tried(), (False, True), (False, "whole", "failed")),
        (tried(), (None, True), (None, "whole", "unproven")),
        (tried(), (True, False), (True, "broken", "failed")),
        (tried(), (True, None), (True, "unread", "unproven")),
        (without("siren-sounds"), (True, True), (None, "whole", "unproven")),
        (without("siren-line"), (True, True), (True, "unwatched", "passed")),
    ],
)
def test_a_test_tells_when_by_whom_and_what_it_proved(
    site: Settings, contacts: tuple[bool | None, bool | None], proved: tuple[bool | None, str, str]
) -> None:
    data = trial_of(site, dict(zip(("siren-sounds", "siren-line"), contacts, strict=True)))
    assert (data["planned"], data["by"]) == ("19:08", "schedule")
    assert 2 <= data["ended_utc"] - data["began_utc"] <= 5
    (siren,) = data["sirens"]
    assert siren["siren"] == "relay-1/siren"
    assert (siren["heard"], siren["line"], data["result"]) == proved
