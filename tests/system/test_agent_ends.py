"""SIGTERM: everything ends, the power is off, nothing is left behind; and the same by the console's commands."""

import signal
import time

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import AIR, PINS
from tests.support.command_line import typed
from tests.system.processes import Ends, descendants
from tests.system.site import STARTS, WITHIN_S, Site, until
from tests.system.test_agent_is_killed import PROGRAMS, all_programs

SOON_S = 5.0  # a service manager's patience is longer, a technician's is not
LATE_S = 5.0  # for a busy machine


def test_told_to_end_in_mid_work(site: Site) -> None:
    stage = site.stage
    site.begin_work()
    until(lambda: all_programs(stage.agent.pid), f"all of {PROGRAMS} run")
    ends, mark = Ends(descendants(stage.agent.pid)), stage.relay.mark()
    told_s = time.monotonic()
    stage.agent.send(signal.SIGTERM)
    try:
        assert stage.agent.wait(WITHIN_S) == 0
        assert time.monotonic() - told_s < SOON_S + LATE_S
        assert site.coil(mark, on=False)["why"] == "write", "switched off, not left to the watchdog"
        assert ends.left(WITHIN_S) == []
        assert not stage.socket.exists()
        assert "did not end in time" not in site.log()
    finally:
        stage.start_agent()
    site.until_state(State.PAUSED)
    assert site.energised_since(mark) == []


def test_requests_from_the_console(site: Site) -> None:
    site.receive()
    words = ("--permit", site.permit, "--by")
    until(
        lambda: typed("request", site.stage.site, "check_in", *words, "li-na", pin=PINS["li-na"]).returncode == 0,
        "the guard checks in",
    )
    site.must("retest", "sun-yan", samples=AIR)
    site.until_state(State.READY)
    wrong = typed("request", site.stage.site, "start", *words, "wang-lei", pin="0000")
    assert wrong.returncode == 69
    assert "wrong PIN or badge" in wrong.stdout
    mark = site.stage.relay.mark()
    for person in STARTS:
        signed = typed("request", site.stage.site, "start", *words, person, pin=PINS[person])
        assert signed.returncode == 0
        assert '"accepted": true' in signed.stdout
    site.until_state(State.ACTIVE)
    site.coil(mark, on=True)  # power may come half a second later: what fell must first have been written off
    mark = site.stage.relay.mark()
    assert typed("request", site.stage.site, "stop", *words, "wu-gang", "--reason", "enough").returncode == 0
    site.coil(mark, on=False)
