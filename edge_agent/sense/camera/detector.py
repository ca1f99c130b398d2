"""From a picture to boxes: letterbox, the model in its runtime, its head, one box per thing."""

from edge_agent.domain.words import NOTHING
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.fitting import Fitting
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.heads import reader
from edge_agent.sense.camera.manifest import Model
from edge_agent.sense.camera.runtimes import Runtime, Tensor

LOW_SCORE = 0.1  # ByteTrack: below, a box is noise; between this and the threshold it may extend a track


class Detector:
    """One model and its input buffer, used for the pictures of all cameras in turn."""

    def __init__(self, runtime: Runtime, model: Model) -> None:
        """`runtime` has loaded the weights of `model`."""
        self._runtime = runtime
        self._model = model
        self._fitting = Fitting(model)
        self._read = reader(model)
        self.doubt = NOTHING  # why nothing it says counts for now: the canary's word

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the label numbers."""
        return self._model.labels

    @property
    def hints(self) -> tuple[str, ...]:
        """Labels that are not to be shown to anybody."""
        return self._model.hints

    @property
    def threshold(self) -> float:
        """The score from which a detection counts."""
        return self._model.score_threshold

    def fit(self, picture: Picture) -> Picture:
        """Reduce `picture` into the input; returns that part (valid until the next)."""
        return self._fitting.fit(picture)

    def look(self, low_score: float = LOW_SCORE) -> Boxes:
        """What the model sees in the picture that was fitted last; corners as fractions of it."""
        return self._fitting.back(self._read(self.raw(), low_score))

    def raw(self) -> Tensor:
        """The numbers that come out for the picture that was fitted last."""
        return self._runtime.run(self._fitting.tensor())
