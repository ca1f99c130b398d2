"""Before a model goes live: what passes, what is refused, who judges then, and what is remembered of it."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.manifest import Model, ModelError
from edge_agent.sense.camera.proof import accepted, canary, gate
from edge_agent.sense.camera.proof.drawn import CANARY, GATE, drawn
from edge_agent.sense.camera.proof.gate import Score, behind
from edge_agent.sense.camera.proof.swap import Compare, Loaders, Named, Outcome, Swap, named
from edge_agent.sense.camera.runtimes import Description, Runtime, Tensor
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.runtimes.wanted import PLAIN
from tests.support.languages import faults
from tests.vision.conftest import MODELS, Start, camera, film, moving

FIRST, SECOND, THIRD = "ppe-nano-first", "ppe-nano-second", "ppe-nano-third"
CARD = "onnx-cuda"  # stands here for any runtime beside the CPU's


class Off:
    """A session whose numbers are off by a little, or which tells of nobody."""

    def __init__(self, weights: bytes, by: float) -> None:
        self._sound, self._by = OnnxRuntime(weights), by

    def run(self, pictures: Tensor) -> Tensor:
        return np.asarray(self._sound.run(pictures) + np.float32(self._by))

    def describe(self) -> Description:
        return self._sound.describe()


def session(weights: bytes, _entry: Model, _name: str, _runtime: str) -> Runtime:
    return OnnxRuntime(weights)


def judge(weights: bytes, _runtime: str) -> Runtime:
    return OnnxRuntime(weights)


def card(by: float) -> Callable[[bytes, Model, str, str], Runtime]:
    def load(weights: bytes, _entry: Model, _name: str, runtime: str) -> Runtime:
        return OnnxRuntime(weights) if runtime == PLAIN else Off(weights, by)

    return load


def begun(
    store: Path | None, model: Named, *, runtime: str = PLAIN, load: object = session, own: Compare | None = None
) -> Outcome:
    """One start of the inference program with one camera."""
    swap = Swap(store, runtime, Loaders(load, judge), own)  # type: ignore[arg-type]
    outcome = swap.settle({"cam-1": model})
    swap.keep(outcome)
    assert faults(outcome.refused) == []
    return outcome


def judging(outcome: Outcome) -> tuple[str, str]:
    model = outcome.by_camera["cam-1"].accepted
    return model.name, model.runtime


def misread(**how: object) -> Named:
    """The second model, fed or read in a way that it did not learn."""
    second = named(MODELS, SECOND)
    return replace(second, name="misread", entry=replace(second.entry, **how))


MISREAD = [{"scale": "0-1"}, {"labels": ("hardhat", "person", "vest", "no_hardhat")}, {"score_threshold": 0.95}]


class TestWithoutData:
    @pytest.mark.parametrize("name", [FIRST, SECOND])
    def test_the_first_model_of_a_site_is_not_held_up(self, tmp_path: Path, name: str) -> None:
        outcome = begun(tmp_path, named(MODELS, name))
        assert judging(outcome) == (name, PLAIN)
        assert outcome.refused == NOTHING
        kept = accepted.read(tmp_path).cameras["cam-1"]
        assert kept == outcome.by_camera["cam-1"].accepted
        assert accepted.weights(tmp_path, kept.entry.sha256) == manifest.weights(MODELS, name)
        assert len(list(tmp_path.glob("*.onnx"))) == len(kept.hashes) == (1 if name == FIRST else 2)

    @pytest.mark.parametrize("better", [SECOND, THIRD])
    def test_a_better_one_takes_its_place(self, tmp_path: Path, better: str) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        outcome = begun(tmp_path, named(MODELS, better))
        assert (judging(outcome), outcome.refused) == ((better, PLAIN), NOTHING)
        assert accepted.read(tmp_path).cameras["cam-1"].name == better
        assert manifest.model(MODELS, FIRST).sha256 not in {path.stem for path in tmp_path.glob("*.onnx")}

    @pytest.mark.parametrize("how", MISREAD, ids=str)
    def test_one_that_sees_less_is_refused_and_the_live_one_goes_on(
        self, tmp_path: Path, how: dict[str, object]
    ) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        for _ in range(2):  # and at the next start again
            outcome = begun(tmp_path, misread(**how))
            assert judging(outcome) == (FIRST, PLAIN)
            assert "misread was refused, ppe-nano-first goes on" in outcome.refused.en
        one = outcome.by_camera["cam-1"]
        assert canary.wrong(one.detector, one.wearer, one.accepted.expected) == NOTHING

    def test_a_damaged_one_is_refused(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        damaged = replace(named(MODELS, SECOND), weights=manifest.weights(MODELS, SECOND)[:1000])
        outcome = begun(tmp_path, damaged)
        assert judging(outcome) == (FIRST, PLAIN)
        assert "restore it from the release" in outcome.refused.en
        with pytest.raises(ModelError):
            begun(tmp_path / "other", damaged)

    def test_what_crashes_is_refused(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))

        class Crashing(Off):
            def run(self, pictures: Tensor) -> Tensor:
                raise RuntimeError(f"no memory for {pictures.shape}")

        def load(weights: bytes, entry: Model, _name: str, _runtime: str) -> Runtime:
            return OnnxRuntime(weights) if entry == manifest.model(MODELS, FIRST) else Crashing(weights, 0)

        outcome = begun(tmp_path, named(MODELS, SECOND), load=load)
        assert judging(outcome) == (FIRST, PLAIN)
        assert "no memory" in outcome.refused.en

    def test_the_other_way_of_reading_counts_as_another_model(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, SECOND))
        second = named(MODELS, SECOND)
        lower = replace(second, entry=replace(second.entry, score_threshold=0.3))
        outcome = begun(tmp_path, lower)
        assert outcome.by_camera["cam-1"].accepted.entry.score_threshold == 0.3
        assert outcome.refused == NOTHING

    def test_a_live_judge_of_persons_goes_on_with_its_detector(self, tmp_path: Path) -> None:
        before = begun(tmp_path, named(MODELS, SECOND)).by_camera["cam-1"]
        blind = replace(named(MODELS, SECOND), name="blind", judge=None)
        assert blind.wearing is not None
        blind = replace(
            blind, wearing=replace(blind.wearing, judge=None, judge_sha256=None), entry=misread(scale="0-1").entry
        )
        outcome = begun(tmp_path, blind)
        assert outcome.by_camera["cam-1"].accepted == before.accepted
        wearer = outcome.by_camera["cam-1"].wearer
        assert wearer is not None
        assert wearer.judges

    def test_a_judge_of_persons_that_confuses_people_is_refused(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, SECOND))

        class Turned(Off):
            def run(self, pictures: Tensor) -> Tensor:
                return np.asarray(1 - self._sound.run(pictures))

        other = replace(named(MODELS, SECOND), name="other")
        assert other.wearing is not None
        other = replace(other, wearing=replace(other.wearing, least_px=40))
        swap = Swap(tmp_path, PLAIN, Loaders(session, lambda weights, _runtime: Turned(weights, 0)))
        assert "cannot tell who wears" in swap.settle({"cam-1": other}).refused.en

    def test_pictures_drawn_otherwise_than_then_are_answered_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else a new release that draws its canary otherwise would leave every camera unjudged."""
        before = begun(tmp_path, named(MODELS, FIRST)).by_camera["cam-1"].accepted
        monkeypatch.setattr(canary, "CANARY", replace(CANARY, seed=7, light=0.8))
        seeing = begun(tmp_path, named(MODELS, FIRST)).by_camera["cam-1"]
        assert seeing.accepted.key == before.key
        assert seeing.accepted.expected != before.expected
        assert canary.wrong(seeing.detector, seeing.wearer, seeing.accepted.expected) == NOTHING
        assert accepted.read(tmp_path).cameras["cam-1"] == seeing.accepted

    def test_a_record_that_cannot_be_read_makes_the_model_the_first(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        (tmp_path / accepted.FILE).write_bytes(b'{"cameras": {"cam-1"')
        assert judging(begun(tmp_path, named(MODELS, SECOND))) == (SECOND, PLAIN)

    def test_a_copy_that_was_damaged_is_not_run(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        (copy,) = tmp_path.glob("*.onnx")
        copy.write_bytes(copy.read_bytes()[:-1] + b"x")
        assert judging(begun(tmp_path, named(MODELS, SECOND))) == (SECOND, PLAIN)

    def test_where_nothing_can_be_written_it_judges_all_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert judging(begun(tmp_path / "file" / "models", named(MODELS, FIRST))) == (FIRST, PLAIN)
        assert judging(begun(None, named(MODELS, FIRST))) == (FIRST, PLAIN)


class TestAnotherRuntime:
    def test_that_says_the_same_goes_live(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, SECOND))
        outcome = begun(tmp_path, named(MODELS, SECOND), runtime=CARD, load=card(0.001))
        assert (judging(outcome), outcome.refused) == ((SECOND, CARD), NOTHING)

    @pytest.mark.parametrize("by", [0.03, float("nan")])
    def test_that_says_something_else_is_refused(self, tmp_path: Path, by: float) -> None:
        begun(tmp_path, named(MODELS, SECOND))
        outcome = begun(tmp_path, named(MODELS, SECOND), runtime=CARD, load=card(by))
        assert judging(outcome) == (SECOND, PLAIN)
        assert outcome.refused

    def test_of_a_new_site_too_which_the_cpu_then_judges(self, tmp_path: Path) -> None:
        outcome = begun(tmp_path, named(MODELS, SECOND), runtime=CARD, load=card(0.03))
        assert judging(outcome) == (SECOND, PLAIN)
        assert "runs on the CPU instead" in outcome.refused.en


class TestOnOwnPictures:
    def test_what_they_refuse_no_start_lets_in(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        worse = Words("更差", "worse on your pictures")
        assert (
            "worse on your pictures" in begun(tmp_path, named(MODELS, SECOND), own=lambda _n, _l: worse).refused.en
        )
        assert judging(begun(tmp_path, named(MODELS, SECOND))) == (FIRST, PLAIN)
        assert judging(begun(tmp_path, named(MODELS, SECOND), own=lambda _n, _l: NOTHING)) == (SECOND, PLAIN)
        assert judging(begun(tmp_path, named(MODELS, SECOND))) == (SECOND, PLAIN)

    def test_what_they_let_in_the_drawn_ones_do_not_refuse(self, tmp_path: Path) -> None:
        begun(tmp_path, named(MODELS, FIRST))
        shy = misread(score_threshold=0.85)
        assert judging(begun(tmp_path, shy))[0] == FIRST
        assert judging(begun(tmp_path, shy, own=lambda _n, _l: NOTHING))[0] == "misread"


@pytest.mark.parametrize(
    ("new", "live", "passes"),
    [
        (Score(18, 20, 18), Score(20, 20, 20), True),
        (Score(17, 20, 17), Score(20, 20, 20), False),
        (Score(20, 20, 22), Score(20, 20, 20), True),
        (Score(20, 20, 23), Score(20, 20, 20), False),
        (Score(0, 20, 0), Score(20, 20, 20), False),
    ],
)
def test_a_new_model_may_lose_a_tenth(new: Score, live: Score, *, passes: bool) -> None:
    assert (behind(new, live) == NOTHING) is passes
    assert faults(behind(new, live)) == []


@pytest.mark.parametrize("name", [FIRST, SECOND, THIRD])
def test_the_shipped_models_see_the_drawn_people(name: str) -> None:
    detector = Detector(OnnxRuntime(manifest.weights(MODELS, name)), manifest.model(MODELS, name))
    got = gate.score(detector)
    assert got.there == 2 * sum(len(scene.workers) for scene in GATE)
    assert got.recall >= 0.8
    assert got.precision >= 0.8


def test_a_scene_is_the_same_each_time_and_its_people_are_where_it_says() -> None:
    once, again = drawn(CANARY), drawn(CANARY)
    np.testing.assert_array_equal(once, again)
    empty = drawn(replace(CANARY, workers=()))
    changed = np.abs(once.astype(int) - empty).max(2) > 40
    inside = np.zeros_like(changed)
    for x1, y1, x2, y2 in (CANARY.persons * np.array([640, 480] * 2)).round().astype(int).tolist():
        inside[y1 - 2 : y2 + 8, x1 - 2 : x2 + 2] = True
    assert changed.sum() > 10_000
    assert not (changed & ~inside).any()


def test_a_site_that_names_a_worse_model_keeps_the_old_one_judging_and_says_so(
    start: Start, tmp_path: Path
) -> None:
    """As the programs do it: the first start accepts, then the manifest offers something misread."""
    models = tmp_path / "models"
    shutil.copytree(MODELS, models)
    path = film(tmp_path / "film.mp4", moving(40))
    first = start({"cam-1": camera(f"file://{path}")}, models=models)
    first.wait_for(lambda sighting: sighting.view is View.CLEAR)
    first.end()
    assert [said.ok for said in first.models] == [True]
    text = (models / "manifest.toml").read_text("utf-8")
    assert tomllib.loads(text)[FIRST]["scale"] == "0-255"
    (models / "manifest.toml").write_text(text.replace('scale = "0-255"', 'scale = "0-1"', 1), "utf-8")
    second = start({"cam-1": camera(f"file://{path}")}, models=models)
    second.wait_for(lambda sighting: sighting.view is View.CLEAR)
    second.end()
    (said,) = second.models
    assert (said.source, said.ok) == ("model", False)
    assert "goes on" in said.detail.en
    record = msgspec.json.decode((tmp_path / "accepted" / accepted.FILE).read_bytes(), type=accepted.Record)
    assert record.cameras["cam-1"].entry.scale == "0-255"
