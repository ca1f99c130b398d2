"""The centre's order for another version: handed on while it waits, answered once its fate is known."""

import json

import msgspec
import pytest

from edge_agent.clock import Instant
from edge_agent.domain.centre_record import record_of
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.words import Words
from edge_agent.ops.folders import ORDER, UPDATES
from edge_agent.ops.ordered import Ordered
from edge_agent.ops.update.updater import keep, told_of
from edge_agent.ops.update.versions import Versions
from edge_agent.settings.load import load
from tests.ops.update.small import ROOT, new_site

ORDERED = UpdateOrder(id="update", release="0.3.0", sha256="6e" * 32, wave=2)


class Box:
    """The worker beside a brain that keeps what it is told."""

    def __init__(self, folder) -> None:
        new_site(folder / "site")
        settings = load(folder / "site", ROOT)
        self.folder = settings.state_folder / UPDATES
        self.folder.mkdir(parents=True)
        self.versions = Versions(base=folder / "opt", built_in=folder / "usr")
        self.versions.base.mkdir()
        self.records, self.asked = {}, []
        self.worker = Ordered(settings, self, lambda: self.records, self.asked.append, self.versions)

    def monotonic(self) -> float:
        return 100.0

    def instant(self) -> Instant:
        return Instant(now_s=100.0, utc=1.8e9, trusted=True)

    def order(self, version: int, order: UpdateOrder = ORDERED) -> None:
        self.records = {"update": record_of(order, version, 1.8e9)}

    def laid(self) -> dict[str, object] | None:
        path = self.folder / ORDER
        return json.loads(path.read_bytes()) if path.exists() else None


@pytest.fixture
def box(tmp_path) -> Box:
    return Box(tmp_path)


def test_it_is_handed_on_once_its_bundle_is_there(box) -> None:
    box.worker.look()
    box.order(7)
    box.worker.look()
    assert box.laid() is None, "nobody can take what is not there"
    (box.folder / f"{ORDERED.sha256}.tar").write_bytes(b"a bundle")
    box.worker.look()
    assert box.laid() == {"id": "update", "release": "0.3.0", "sha256": "6e" * 32, "wave": 2}
    assert box.asked == []


@pytest.mark.parametrize(("state", "passed"), [("passed", True), ("rolled_back", False), ("refused", False)])
def test_what_became_of_it_is_told_once(box, state, passed) -> None:
    (box.folder / f"{ORDERED.sha256}.tar").write_bytes(b"a bundle")
    box.order(7)
    box.worker.look()
    keep(box.versions, told_of("0.3.0", "trial", Words("试", "on trial"), ORDERED))
    box.worker.look()
    assert box.asked == [], "a trial is no verdict"
    keep(box.versions, told_of("0.3.0", state, Words("因", "because"), ORDERED))
    box.worker.look()
    box.worker.look()
    (said,) = box.asked
    assert (said.version, said.release, said.wave, said.passed) == (7, "0.3.0", 2, passed)
    assert bool(said.reasons) is not passed
    assert box.laid() is None


def test_another_updates_fate_is_not_its_own(box) -> None:
    other = msgspec.structs.replace(ORDERED, sha256="7f" * 32)
    keep(box.versions, told_of("0.3.0", "passed", Words("过", "passed"), other))
    box.order(7)
    box.worker.look()
    assert box.asked == []


def test_an_order_that_was_answered_is_put_away(box) -> None:
    (box.folder / ORDER).write_bytes(b"{}")
    box.order(7)
    box.records = {"update": msgspec.structs.replace(box.records["update"], live=False)}
    box.worker.look()
    assert box.laid() is None
