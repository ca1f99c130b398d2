"""Our reading of raw outputs of Ultralytics' models against what their own predictor made of them (golden.npz)."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.sense.camera import heads
from edge_agent.sense.camera.fitting import Fitting
from tests.vision.parity.cases import CASES, EVERY, GOLDEN, SCORE, Case, apart, entry, picture


@pytest.fixture(scope="module")
def golden() -> Iterator[dict[str, NDArray[np.float32]]]:
    with np.load(GOLDEN) as kept:
        yield dict(kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_boxes_are_theirs(golden: dict[str, NDArray[np.float32]], case: Case) -> None:
    theirs = golden[f"{case.name}_boxes"]
    assert len(theirs) > 10
    assert len(set(theirs[:, 5])) > 1, "more labels than one"
    fitting = Fitting(entry(case))
    fitting.fit(picture())
    ours = fitting.back(heads.reader(entry(case))(golden[f"{case.name}_raw"], SCORE))
    assert apart(ours, theirs) == []


def test_the_picture_goes_in_as_theirs(golden: dict[str, NDArray[np.float32]]) -> None:
    fitting = Fitting(entry(CASES[0]))
    fitting.fit(picture())
    np.testing.assert_allclose(fitting.tensor()[..., ::EVERY, ::EVERY], golden["input"], atol=1.01 / 255)
