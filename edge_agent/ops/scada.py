"""The way to a SCADA: a process that speaks Sparkplug B beside the brain, where the site asks for one."""

import threading

from edge_agent.agent.brain import Brain
from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth
from edge_agent.ops.folders import SPARKPLUG
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import SparkplugTable, login
from edge_agent.tell.sparkplug.wire import SparkplugConfig
from edge_agent.tell.uplink import Told, Uplink
from edge_agent.tell.wire import Link


class Scada:
    """A worker of the supervisor: one process at a time, and whether it is in touch."""

    def __init__(self, settings: Settings, table: SparkplugTable, clock: Clock, brain: Brain) -> None:
        """`table` is the site's [sparkplug]. Nothing is started until `run`."""
        self._clock, self._brain = clock, brain
        config = SparkplugConfig(
            runtime=str(settings.runtime_folder),
            kept=str(settings.state_folder / SPARKPLUG),
            group=table.group,
            node=table.node or settings.site.site.unit,
            primary_host=table.primary_host,
            **login(table),
        )
        self._child = Uplink(config, "edge_agent.tell.sparkplug")

    def run(self, stop: threading.Event) -> None:
        """Speak until `stop`; raises when the process dies, and is started again by the supervisor."""
        self._child.run(self._told, stop)

    def _told(self, told: Told) -> None:
        if isinstance(told, Link):
            at_s = self._clock.monotonic()
            self._brain.deliver(DeviceHealth(source="scada", at_s=at_s, ok=told.up, detail=told.detail))
