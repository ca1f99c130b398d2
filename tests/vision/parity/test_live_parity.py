"""The same picture through Ultralytics' predictor and through ours, models built anew from their yaml."""

from pathlib import Path

import numpy as np
import pytest

from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.fitting import Fitting
from edge_agent.sense.camera.runtimes import choose
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.vision.parity import reference
from tests.vision.parity.cases import CASES, SCORE, Case, apart, entry, picture

pytestmark = pytest.mark.filterwarnings("ignore")  # torch speaks of its own exporter


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_see_the_same(case: Case, tmp_path: Path) -> None:
    file = reference.exported(case, tmp_path)
    theirs = reference.seen(file)
    assert len(theirs) > 10
    detector = Detector(choose.load(file.read_bytes(), Wanted()), entry(case))
    detector.fit(picture())
    assert apart(detector.look(SCORE), theirs) == []


def test_both_give_the_model_the_same_picture(tmp_path: Path) -> None:
    fitting = Fitting(entry(CASES[0]))
    fitting.fit(picture())
    theirs = reference.taken(reference.exported(CASES[0], tmp_path))
    np.testing.assert_allclose(fitting.tensor(), theirs, atol=1.01 / 255)
