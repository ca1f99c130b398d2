"""The certificate as it is handed over: signed by the unit, and on paper in both languages."""

import json
import shutil
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from edge_agent.__main__ import main
from edge_agent.ops.commission.certificate import as_json, as_pdf
from edge_agent.ops.commission.command import told
from edge_agent.ops.commission.standing import standing
from edge_agent.ops.export.paper import Cover
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.load import load
from edge_agent.store.batch import Batch
from edge_agent.store.store import Store
from edge_agent.tell.signing import REGISTRY, public_text
from tests.scenarios.stories.commissioning import asking_site, certified
from tests.support.story import ROOT, Story

EX_DATA, EX_UNAVAILABLE = 65, 69


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box that was commissioned: its certificate is in its records."""
    folder = tmp_path_factory.mktemp("commissioned") / "site"
    shutil.copytree(ROOT / "zones" / "demo-tank", folder, ignore=shutil.ignore_patterns("state", "runtime", "web"))
    state = load(folder, ROOT).state_folder
    state.mkdir()
    with Store.open(state / DATABASE) as store:
        store.commit(Batch(commissioning=certified(asking_site())))
    return folder


def test_it_is_written_signed_and_on_paper(site: Path, tmp_path: Path) -> None:
    assert main(["commission", str(site), "certificate", "--into", str(tmp_path)]) == 0
    (signed,), (paper,) = tmp_path.glob("*.json"), tmp_path.glob("*.pdf")
    told_of = json.loads(signed.read_bytes())
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": told_of["key"]})
    held = jws.deserialize_compact(told_of["jws"], key, registry=REGISTRY)
    assert json.loads(held.payload) == told_of["certificate"]
    assert {one["outcome"] for one in told_of["certificate"]["trials"]} == {"passed", "not_done"}
    assert paper.read_bytes().startswith(b"%PDF")


def test_the_same_certificate_is_signed_alike_and_another_key_is_another() -> None:
    made = certified(asking_site()).certificate
    assert made is not None
    one, other = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
    assert as_json(made, one) == as_json(made, one)
    assert as_json(made, one) != as_json(made, other)


def test_the_paper_names_the_key_that_a_backup_of_the_unit_is_compared_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = asking_site()
    made, key, covers = certified(site).certificate, OKPKey.generate_key("Ed25519"), list[Cover]()
    assert made is not None
    monkeypatch.setattr("edge_agent.ops.commission.certificate.sheet", lambda cover, *_: covers.append(cover))
    as_pdf(made, as_json(made, key), site, {})
    assert public_text(key) in dict(covers[0].lines).values()


def test_how_it_stands_names_what_was_not_done(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", str(site)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("- ups/unit") for line in lines)
    assert any(line.startswith("✓ relay/relay-1/permissive") for line in lines)
    assert any("no back-up supply fitted yet" in line for line in lines)


def test_where_nobody_has_commissioned_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "zones" / "demo-tank", folder, ignore=shutil.ignore_patterns("state", "runtime", "web"))
    assert main(["commission", str(folder), "certificate"]) == EX_UNAVAILABLE  # no records at all
    state = load(folder, ROOT).state_folder
    state.mkdir()
    with Store.open(state / DATABASE):
        pass
    assert main(["commission", str(folder), "certificate"]) == EX_DATA
    assert "no certificate yet" in capsys.readouterr().err
    settings = load(folder, ROOT)
    assert any("?" in line for line in told(standing(settings, Story(settings).decisions[-1].state.commissioning,
                                                     Story(settings).instant)))  # fmt: skip
