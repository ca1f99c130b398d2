"""One play of the demo plant, live, as somebody types it: real protocols, judged, and replayed byte for byte."""

import shutil

import pytest

from edge_agent.ops.demo.plays import TITLES
from tests.support.command_line import typed

# The shortest: chlorine is measured by a detector that needs no warming up.
PLAY = "chlorine_release"


@pytest.mark.skipif(
    shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None,
    reason="mosquitto is not installed (apt-get install mosquitto)",
)
def test_a_play_is_played_live_and_judged() -> None:
    played = typed("demo", "zones/demo-plant", "--once", "--scenario", PLAY)
    told = played.stdout
    assert played.returncode == 0, told + played.stderr
    for words in (TITLES[PLAY].zh, TITLES[PLAY].en, "氯气站继电器：作业电源已断电", "byte for byte", "PASSED"):
        assert words in told
    for raw in ("alarm.raised", "gas_level_1", "permit.paused", "relay-4", "gas-cl2"):
        assert raw not in told, f"an id where a name exists: {raw}"
