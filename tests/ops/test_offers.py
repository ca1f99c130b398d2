"""A model that the centre offers: whose file it is, when it is judged, and what goes on otherwise."""

import hashlib
import shutil
import threading
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import CentreRecord, record_of
from edge_agent.domain.noted import ModelSettled
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.folders import OFFERED
from edge_agent.ops.offers import Offers
from edge_agent.sense.camera.proof import accepted, canary, offered
from edge_agent.sense.camera.proof.accepted import Accepted, Record
from edge_agent.sense.camera.proof.offered import Offered
from edge_agent.sense.camera.proof.swap import named
from edge_agent.settings.site_itself import FoldersTable
from tests.support.story import ROOT, Story, scenario_site

MODELS = ROOT / "models"
LIVE, NEW = "ppe-nano-first", "ppe-nano-second"


class Eyes:
    """The program that judges, as the worker sees it; `gate` is what its start says (None: it never begins)."""

    def __init__(self, site: "Site") -> None:
        self.begun, self.refused, self.reloads = 1, NOTHING, 0
        self._site = site
        self.gate: Callable[[], Words | None] = lambda: NOTHING

    def reload(self) -> None:
        self.reloads += 1
        said = self.gate()
        if said is not None:
            if not said and offered.read(self._site.folder / OFFERED) is not None:
                self._site.accept(NEW)
            self.begun, self.refused = self.begun + 1, said


class Site:
    """A box with one camera, at which nobody works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        site = scenario_site()
        cameras = {id_: replace(table, model=LIVE) for id_, table in site.site.cameras.items()}
        table = replace(site.site, cameras=cameras, folders=FoldersTable(state=".", runtime="."))
        self.settings = replace(site, folder=folder, site=table)
        (folder / OFFERED).mkdir()
        self.accept(LIVE)
        self.copies: Mapping[str, CentreRecord] = {}
        self.permits: Mapping[str, Permit] = {}
        self.asked: list[Asked] = []
        self.eyes = Eyes(self)
        clock = SystemClock(declared=True)
        self.offers = Offers(
            self.settings, clock, self.eyes, lambda: (self.copies, self.permits), self.asked.append
        )

    def accept(self, name: str) -> None:
        """The gate let it go live."""
        one, said = named(MODELS, name), canary.Answer(things=())
        made = Accepted(name=name, entry=one.entry, wearing=None, runtime="onnx-cpu", expected=said)
        accepted.keep(self.folder / "models", Record(cameras={"cam-1": made}), {one.entry.sha256: one.weights})

    def offer(self, file: Path, version: int = 1, *, size: int | None = None, sha256: str = "") -> ModelOffer:
        content = file.read_bytes()
        sha256 = sha256 or hashlib.sha256(content).hexdigest()
        body = ModelOffer(id="model", name=NEW, sha256=sha256, size=size or len(content), cameras=("cam-1",))
        self.copies = {"model": record_of(body, version, 0.0)}
        return body

    def place(self, file: Path, body: ModelOffer) -> None:
        shutil.copy(file, self.folder / OFFERED / f"{body.sha256}.zip")

    def look(self) -> None:
        self.offers.look(threading.Event())

    @property
    def answers(self) -> list[str]:
        found = [one for one in self.asked if isinstance(one, ModelSettled)]
        return ["; ".join(reason.en for reason in one.reasons) or "live" for one in found]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a centre sends: the second model, as its models folder."""
    file = tmp_path_factory.mktemp("sent") / "second.zip"
    table = tomllib.loads((MODELS / "manifest.toml").read_text())[NEW]
    with zipfile.ZipFile(file, "w") as made:
        for name in ("manifest.toml", table["file"], table.get("wearing", {}).get("judge")):
            if name:
                made.write(MODELS / name, name)
    return file


def test_it_goes_live_once_its_file_is_here_and_nobody_works(site: Site, packed: Path) -> None:
    body = site.offer(packed)
    site.look()
    assert (site.eyes.reloads, site.answers) == (0, []), "its file is not here yet"
    site.place(packed, body)
    told = Story(scenario_site())
    told.begin_work()
    site.permits = told.decisions[-1].state.permits
    assert site.permits["P-1"].state is State.ACTIVE
    site.look()
    site.permits = {"P-1": replace(site.permits["P-1"], state=State.REVOKED, leaving=True)}
    site.look()
    assert site.eyes.reloads == 0, "somebody may still be inside"
    site.permits = {}
    site.look()
    assert site.answers == ["live"]
    wanted = offered.wanted(site.folder / OFFERED, site.folder / "models", {"cam-1": LIVE, "cam-2": LIVE})
    assert {id_: one.name for id_, one in wanted.items()} == {"cam-1": NEW}
    assert wanted["cam-1"].wearing is not None, "what people wear is told by it as well"
    assert not offered.wanted(site.folder / OFFERED, site.folder / "models", {"cam-1": NEW}), "site.toml changed"
    site.look()
    assert site.eyes.reloads == 1, "it is judged once"


def test_what_the_gate_refuses_leaves_everything_as_it_was(site: Site, packed: Path) -> None:
    site.place(packed, site.offer(packed))
    site.eyes.gate = lambda: Words("落后", "it sees less") if site.eyes.reloads == 1 else NOTHING
    site.look()
    assert site.answers == ["it sees less"]
    assert offered.read(site.folder / OFFERED) is None
    assert site.eyes.reloads == 2, "and what was live judges again"


def test_a_program_that_never_begins_with_it_is_a_refusal(
    site: Site, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.ops.offers.JUDGED_S", 0.3)
    before = Offered(name="older", sha256="0" * 64, instead_of={"cam-1": LIVE})
    offered.write(site.folder / OFFERED, before)
    site.place(packed, site.offer(packed))
    site.eyes.gate = lambda: None
    site.look()
    assert site.answers == ["the program that judges did not begin with it"]
    assert offered.read(site.folder / OFFERED) == before


def test_the_box_ends_while_it_is_judged_and_the_offer_is_taken_up_again(site: Site, packed: Path) -> None:
    site.place(packed, site.offer(packed))
    site.eyes.gate = lambda: None
    ended = threading.Event()
    ended.set()
    site.offers.look(ended)
    assert site.answers == []
    site.eyes.gate = lambda: NOTHING
    site.look()
    assert site.answers == ["live"]


def test_a_file_that_was_not_signed_for_is_refused(site: Site, packed: Path) -> None:
    site.place(packed, site.offer(packed, 1, size=1))
    site.look()
    site.place(packed, site.offer(packed, 2, sha256="0" * 64))
    site.look()
    assert site.answers == ["the file is not the one that was signed for"] * 2
    assert site.eyes.reloads == 0


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (None, "no zip that can be read"),
        ({"../../evil": b"x"}, "must hold the files of one models folder"),
        ({"deep/manifest.toml": b""}, "must hold the files of one models folder"),
        ({"manifest.toml": b"[other]"}, f'no model "{NEW}"'),
        ({"manifest.toml": (MODELS / "manifest.toml").read_bytes()}, "cannot be read"),
    ],
)
def test_a_file_that_holds_no_model_is_refused(
    site: Site, tmp_path: Path, members: dict[str, bytes] | None, why: str
) -> None:
    file = tmp_path / "sent.zip"
    file.write_bytes(b"no zip")
    if members is not None:
        with zipfile.ZipFile(file, "w") as made:
            for name, content in members.items():
                made.writestr(name, content)
    site.place(file, site.offer(file))
    site.look()
    (answer,) = site.answers
    assert why in answer
    assert site.eyes.reloads == 0
    assert not (tmp_path / "evil").exists()


def test_without_a_live_model_to_compare_with_it_is_refused(site: Site, packed: Path) -> None:
    shutil.rmtree(site.folder / "models")
    site.place(packed, site.offer(packed))
    site.look()
    assert site.answers == ["there is no live model to compare it with"]
    offered.write(site.folder / OFFERED, Offered(name=NEW, sha256="0" * 64, instead_of={"cam-1": LIVE}))
    assert not offered.wanted(site.folder / OFFERED, site.folder / "models", {"cam-1": LIVE})


def test_an_offered_model_that_is_damaged_later_lets_the_sites_own_judge(site: Site, packed: Path) -> None:
    body = site.offer(packed)
    site.place(packed, body)
    site.look()
    (site.folder / OFFERED / body.sha256 / "manifest.toml").unlink()
    assert not offered.wanted(site.folder / OFFERED, site.folder / "models", {"cam-1": LIVE})
    (site.folder / OFFERED / offered.FILE).write_text("{")
    assert not offered.wanted(site.folder / OFFERED, site.folder / "models", {"cam-1": LIVE})
