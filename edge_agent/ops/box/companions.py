"""Who goes along with the brain: told of every step by a call that never waits, each in a thread of its own."""

from collections.abc import Iterator
from functools import partial

from edge_agent.act.build import caller, voice
from edge_agent.decide.state import Decision, Inputs
from edge_agent.ops.box.core import Core, Worker
from edge_agent.ops.bundles import Bundles
from edge_agent.ops.centre import Centre
from edge_agent.ops.painter import Painter
from edge_agent.ops.patrol import Patrols
from edge_agent.ops.power_cut import PowerCut
from edge_agent.ops.recorder import Recorder
from edge_agent.ops.recordings.keeper import Recordings
from edge_agent.ops.recordings.shown import Shown
from edge_agent.ops.telemetry import Telemetry
from edge_agent.ops.walks import Walks
from edge_agent.sense.camera.filming.orders import FilmDesk


class Companions:
    """The live picture, the supply, curves, films, patrols, walk tests, bundles, the voice and the calls."""

    def __init__(self, core: Core, centre: Centre, films: FilmDesk | None) -> None:
        """Nothing runs yet."""
        settings, root, clock, brain = core.settings, core.root, core.clock, core.brain
        self._brain = brain
        self._power = PowerCut(settings, clock, brain)
        self._painter = Painter(settings, clock, brain, centre.link, fed=self._power.fed)
        self._recorder = Recorder(settings, clock, lambda: brain.state, brain.deliver, brain.ask)
        self._patrols, self._walks = Patrols(settings), Walks(settings, root, clock, brain.ask)
        self._recordings: Recordings | None = None
        if films is not None:
            self._recordings = Recordings(settings, clock, lambda: brain.state, brain.ask, brain.deliver, films)
        self._telemetry, self._bundles = Telemetry(settings, clock, brain), Bundles(settings)
        self._shown = Shown(settings, root)
        self._voice, self._caller = voice(settings, clock, root), caller(settings, clock, root)

    def beside(self, inputs: Inputs, decision: Decision) -> None:
        """What a step took and decided."""
        for hearer in (self._recorder, self._patrols, self._walks):
            hearer.beside(inputs, decision)
        told = (self._recordings, self._telemetry, self._bundles, self._shown, self._voice, self._caller)
        for teller in told:
            if teller is not None:
                teller.beside(decision)
        if decision.events:
            self._painter.wake()

    def workers(self) -> Iterator[Worker]:
        """Each with the name by which its end is told."""
        yield "live picture", self._painter.run
        yield "power", self._power.run
        yield "curves and evidence", self._recorder.run
        yield "walk tests", self._walks.run
        yield "patrol records", self._patrols.run
        yield "bundles", self._bundles.run
        yield "films shown", self._shown.run
        yield "measured values", self._telemetry.run
        if self._voice is not None:
            yield "voice", partial(self._voice.run, self._brain.deliver)
        if self._caller is not None:
            yield "calls", partial(self._caller.run, self._brain.deliver)
        if self._recordings is not None:
            yield "recordings", self._recordings.run
