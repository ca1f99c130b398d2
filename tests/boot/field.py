"""The simulated field beside the machine, as a plant does: it keeps its power when the box loses it."""

import json
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from edge_agent.ops.demo.stage import BROKER_CONF, TAGS, Broker
from edge_agent.ops.demo.witness import Subscriber
from edge_agent.ops.demo_clip import cached_clip
from edge_agent.simulate.handle import Simulator
from tests.support.model_server import ModelServer

# The addresses that docs/technician.md types.
GATEWAY, RELAY, WEARABLES = "192.168.1.20", "192.168.1.21", "192.168.1.22"
ADDRESSES = (GATEWAY, RELAY, WEARABLES)
CAMERAS = {"cam-1": 8554, "cam-2": 8555}


class Field:
    """zones/demo-tank's devices and a second camera; and those of the guide. Each begins when it is called for."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._folder = Path(tempfile.mkdtemp(prefix="edge-field-"))
        self._folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self._ends.callback(shutil.rmtree, self._folder, ignore_errors=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def of_the_guide(self) -> None:
        """A gateway with four detectors, a relay module, the wearables' broker, where the guide says they are."""
        self._play("gas-gateway", "--host", GATEWAY, "--port", "502", "--warmup", "0")
        self._play("relay", "--host", RELAY, "--port", "502")
        conf = BROKER_CONF.replace("127.0.0.1", WEARABLES)
        self._ends.callback(Broker("guide-broker", 1883, self._folder, conf).stop)
        self._play("wearables", "--host", WEARABLES, "--port", "1883", "--tags", json.dumps(TAGS[:1]))

    def of_the_demo(self) -> None:
        """Both brokers, somebody who listens as the centre does, every device, two cameras."""
        for name, port in (("central", 11883), ("field", 11884)):
            self._ends.callback(Broker(f"{name}-broker", port, self._folder).stop)
        self.subscriber = Subscriber(11883)
        self._ends.callback(self.subscriber.stop)
        self.store = self._ends.enter_context(ModelServer(b""))  # of the centre's files
        self.gateway = self._play("gas-gateway", "--port", "15020", "--warmup", "0")
        self.relay = self._play("relay", "--port", "15021")
        self._play("wearables", "--port", "11884", "--tags", json.dumps(TAGS))
        shown = ("--clip", str(cached_clip())) if cached_clip().exists() else ("--synthetic", "20")
        for path, port in CAMERAS.items():
            self._play("camera", "--port", str(port), "--path", path, *shown)

    def _play(self, kind: str, *options: str) -> Simulator:
        played = Simulator(kind, *options)
        self._ends.callback(played.stop)
        return played
