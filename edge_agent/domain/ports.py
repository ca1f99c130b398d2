"""What the brain expects of a source and of an actuator. Small on purpose: a fake is a few lines."""

from collections.abc import Callable
from threading import Event as StopFlag
from typing import Protocol

from edge_agent.domain.observation import Observation
from edge_agent.domain.outcome import Action

Deliver = Callable[[Observation], None]


class Source(Protocol):
    """Something that senses. It runs in a thread of its own, with a time-out on every call."""

    @property
    def name(self) -> str:
        """Which worker this is, for people ("bus gateway-1")."""

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Deliver observations until `stop` is set; then return within one second.

        A fault of the field becomes an Observation that names it (quality, detail), never an
        exception and never silence. An exception that leaves `run` is a defect: the supervisor
        restarts the worker.
        """


class Actuator(Protocol):
    """Something that acts. `trip` and `renew` come from the brain's step and must never block."""

    @property
    def device(self) -> str:
        """The device id of site.toml."""

    def trip(self, actions: tuple[Action, ...]) -> None:
        """Do at once what makes safe: permissives off, sirens and beacons on. Before bookkeeping."""

    def renew(self, actions: tuple[Action, ...], until_s: float) -> None:
        """The wanted state of every output; a permissive holds until monotonic second `until_s`.

        What an action says of a pulse is kept by the actuator itself: a siren does not depend on the next step.
        Called after each completed step. Not being called is a reason to fall, not to hold.
        """

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Write outputs, read contacts back (as Contact and DeviceHealth) until `stop`; end safe."""
