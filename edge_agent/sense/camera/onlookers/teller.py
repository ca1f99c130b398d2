"""The judging program's word to those who look on: written after the verdict is said, and nobody is waited for."""

from edge_agent.field.onlookers import Thing
from edge_agent.sense.camera.judging import Look
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.onlookers.seen import Seen, SeenWriter


class Teller:
    """Of one camera."""

    def __init__(self, fd: int, model: str) -> None:
        """`model` judges it."""
        self._writer, self._model, self._count = SeenWriter(fd), model, 0

    def tell(self, look: Look, now_s: float) -> None:
        """Where people are in this picture, what they wear, and what of it nobody may recognise."""
        judged, hidden = look.judged, look.hidden
        self._count += 1
        seen = Seen(
            seq=judged.seq,
            arrived_s=judged.arrived_s,
            judged_s=now_s,
            count=self._count,
            view=judged.view,
            model=self._model,
            detail=judged.detail,
            persons=judged.persons,
            things=tuple(Thing(mark.box, mark.label) for mark in look.marks if mark.label != PERSON),
            hidden=None if hidden.everything else hidden.parts,
        )
        self._writer.write(seen)
