"""What the cameras' worker says of the box itself, whenever that changes: its load, its decoders, its models."""

from collections.abc import Collection

from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.sense.camera import load
from edge_agent.sense.camera.watch import Watch

LOAD = "load"  # who speaks of pictures that the box does not get to
DECODER = "decoder"  # who speaks of the board's decoder
MODEL = "model"  # who speaks of models that were refused


class Telling:
    """Remembers what was said last, so that only news is said."""

    def __init__(self) -> None:
        """Nothing was said yet; of decoders nothing is, while they do what is wanted."""
        self._behind: tuple[frozenset[str], frozenset[str]] | None = None  # who is, and who is not let run
        self._decoders = NOTHING

    def load(self, watches: Collection[Watch], inference_fault: Words, deliver: Deliver, now_s: float) -> None:
        """Which cameras are judged less often than their pictures come, and why.

        The figures in the words are those of the moment at which somebody joined or left.
        """
        found = {watch.name: watch.behind() for watch in watches}
        behind = {name: words for name, words in found.items() if words}
        if inference_fault is load.OVERLOADED:
            behind["inference"] = load.OVERLOADED
        known = frozenset(behind), frozenset(watch.name for watch in watches if watch.held_up)
        if known != self._behind:
            self._behind = known
            deliver(DeviceHealth(source=LOAD, at_s=now_s, ok=not behind, detail=joined(behind.values())))

    def decoders(self, watches: Collection[Watch], deliver: Deliver, now_s: float) -> None:
        """Whose stream the processor decodes where the board should."""
        said = joined(watch.decoder for watch in watches)
        if said != self._decoders:
            self._decoders = said
            deliver(DeviceHealth(source=DECODER, at_s=now_s, ok=not said, detail=said))


def models(refused: Words, deliver: Deliver, now_s: float) -> None:
    """Which models that site.toml names do not judge; nothing where all do."""
    deliver(DeviceHealth(source=MODEL, at_s=now_s, ok=not refused, detail=refused))
