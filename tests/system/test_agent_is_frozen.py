"""A frozen agent (SIGSTOP) that comes back to life: the power fell meanwhile and stays off until people resume."""

import signal

from edge_agent.domain.permit import State
from tests.system.site import Site

WATCHDOG_S = 2.0  # of the module, site.toml
LATE_S = 1.5


def test_frozen_and_thawed_in_mid_work(site: Site) -> None:
    stage = site.stage
    site.begin_work()
    mark = stage.relay.mark()
    frozen_s = stage.relay.command("status")["t"]
    stage.agent.send(signal.SIGSTOP)
    fell = site.coil(mark, on=False)
    assert fell["why"] == "watchdog"
    assert fell["t"] - frozen_s < WATCHDOG_S + LATE_S

    stage.agent.send(signal.SIGCONT)
    paused = site.until_state(State.PAUSED)
    assert any(cause.title.en == "The output does not follow" for cause in paused.causes)
    stage.relay.wait_for(lambda line: line.get("watchdog") == "running", after=mark)
    assert "check in again" in site.refused("resume", "wang-lei")
    assert site.energised_since(mark) == []
    site.until_accepted("check_in", "li-na")
    site.until_accepted("resume", "wang-lei")
    assert site.energised_since(mark) == [], "one signature is not enough"
    site.must("resume", "li-na")
    site.until_state(State.ACTIVE)
    site.coil(mark, on=True)


def test_the_module_lost_its_power_in_mid_work(site: Site) -> None:
    stage = site.stage
    site.begin_work()
    mark = stage.relay.mark()
    stage.relay.command("cut_power")
    assert site.coil(mark, on=False)["why"] == "power"
    stage.relay.command("restore_power")
    site.until_state(State.PAUSED)
    stage.relay.wait_for(lambda line: line.get("watchdog") == "running", after=mark)
    assert "check in again" in site.refused("resume", "wang-lei")
    assert site.energised_since(mark) == []
