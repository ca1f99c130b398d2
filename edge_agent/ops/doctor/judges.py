"""The models that judge pictures: each is shown the canary picture and must say of it what it said when accepted.

Run on the processor here, whatever runs them when the agent guards: the question is whether the file still judges.
"""

from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.proof import accepted, canary
from edge_agent.sense.camera.proof.swap import Named, named
from edge_agent.sense.camera.runtimes import choose
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.settings.site import Settings

PART = "models"
FROM_RELEASE = Words("请用发布包中的文件恢复", "restore the file from the release")


def look(settings: Settings, root: Path) -> Iterator[Finding]:
    """Each model that a camera of this site names."""
    kept = accepted.read(settings.state_folder / "models").cameras
    by_model = {table.model: id_ for id_, table in settings.site.cameras.items()}
    for name, camera in by_model.items():
        part = f"{PART}.{name}"
        try:
            model = named(root / "models", name)
            live = kept.get(camera)
            expected = live.expected if live is not None and live.name == name else None
            doubt = _asked(model, expected)
        except ModelError as wrong:
            yield fault(part, Layer.SETTINGS, "model_unusable", wrong.words, FROM_RELEASE)
            continue
        if doubt:
            yield fault(part, Layer.VALUE, "canary_failed", doubt, FROM_RELEASE)
        else:
            yield fine(part, Words("内置画面自检合格", "judges the built-in picture as it should"))


def _asked(model: Named, expected: canary.Answer | None) -> Words:
    detector = Detector(choose.load(model.weights, Wanted()), model.entry)
    wearer = None
    if model.wearing is not None:
        judge = None if model.judge is None else choose.load(model.judge, choose.beside(Wanted()))
        wearer = Wearer(model.entry.labels, model.wearing, judge)
        wearer = wearer if wearer.items else None
    if expected is None or expected.asked != canary.digest():
        expected = canary.answer(detector, wearer)
    return canary.wrong(detector, wearer, expected)
