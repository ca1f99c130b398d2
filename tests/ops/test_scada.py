"""The way to a SCADA as the agent runs it: in touch, cut off and told so, ended at once."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from msgspec.structs import replace

from edge_agent.agent.brain import Brain
from edge_agent.clock import SystemClock
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.words import NOTHING
from edge_agent.ops.scada import Scada
from edge_agent.settings.site_brokers import SparkplugTable
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.tell.live_file import write_live
from edge_agent.tell.picture import Link, draw
from tests.support.broker import WITHIN_S, Mosquitto, subscriber
from tests.support.story import Story, scenario_site


class Heard:
    """What the brain is told."""

    def __init__(self) -> None:
        self.health: list[DeviceHealth] = []

    def deliver(self, seen: DeviceHealth) -> None:
        self.health.append(seen)


def until(holds: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def test_the_box_knows_whether_its_scada_is_in_touch(tmp_path: Path) -> None:
    told = Story(scenario_site())
    told.run(1)
    site = replace(told.settings.site, folders=FoldersTable(state="state", runtime="run"))
    settings = replace(told.settings, folder=tmp_path, site=site)
    for folder in (settings.state_folder, settings.runtime_folder):
        folder.mkdir()
    state = told.decisions[-1].state
    live = draw(settings, state, told.instant, (), Link(ok=None, detail=NOTHING, waiting=0))
    write_live(settings.runtime_folder, replace(live, at_utc=time.time()))
    heard, stop = Heard(), threading.Event()
    with Mosquitto(tmp_path / "broker") as broker, subscriber(broker.port, "spBv1.0/#") as watcher:
        table = SparkplugTable(group="plant", host="127.0.0.1", port=broker.port)
        worker = Scada(settings, table, SystemClock(declared=True), cast(Brain, cast(Any, heard)))
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        watcher.wait_for(lambda got: any(one.topic == f"spBv1.0/plant/NBIRTH/{site.site.unit}" for one in got))
        until(lambda: [one.ok for one in heard.health] == [True])
        broker.stop()
        until(lambda: not heard.health[-1].ok)
        assert {one.source for one in heard.health} == {"scada"}
        assert heard.health[-1].detail.en
        stop.set()
        thread.join(WITHIN_S)
        assert not thread.is_alive()
