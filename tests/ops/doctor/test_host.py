"""What the doctor says of the system that the box runs on, by the files of others."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.ops.doctor import host
from edge_agent.ops.doctor.finding import Finding, Standing
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from tests.support.languages import faults

ROOT = Path(__file__).resolve().parents[3]
DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
UBUNTU = 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n'
PI = "Raspberry Pi 5 Model B Rev 1.0"
ORIN = "NVIDIA Jetson Orin Nano Developer Kit"


@pytest.fixture(scope="module")
def site() -> Settings:
    return load(ROOT / "zones" / "demo-tank", ROOT)


def looked(site: Settings, folder: Path, release: str | None, board: str = "") -> list[Finding]:
    for name in ("etc", "proc/device-tree"):
        (folder / name).mkdir(parents=True)
    if release is not None:
        (folder / "etc" / "os-release").write_text(release, "utf-8")
    if board:
        (folder / "proc" / "device-tree" / "model").write_bytes(board.encode() + b"\0")
    found = list(host.look(site, folder / "etc", folder / "proc"))
    for one in found:
        assert faults(one.says) + faults(one.remedy) == []
    return found


def test_what_was_tried_is_fine_and_named(site: Settings, tmp_path: Path) -> None:
    (one,) = looked(site, tmp_path, DEBIAN, PI)
    assert one.standing is Standing.FINE
    assert "bookworm" in one.says.en
    assert PI in one.says.en


@pytest.mark.parametrize(
    ("release", "board", "remedy"),
    [
        (UBUNTU, ORIN, "Python 3.10"),
        (DEBIAN, ORIN, "the processor judges"),
        (UBUNTU, "", "use Debian 12"),
        (DEBIAN.replace("12", "13"), PI, "bookworm"),
        (None, "", "use Debian 12"),
    ],
)
def test_what_was_not_tried_is_not_called_fine(
    site: Settings, tmp_path: Path, release: str | None, board: str, remedy: str
) -> None:
    (one,) = looked(site, tmp_path, release, board)
    assert (one.standing, one.code) == (Standing.UNSEEN, "system_untried")
    assert remedy in one.remedy.en


def test_a_runtime_that_this_build_does_not_have_is_named(site: Settings, tmp_path: Path) -> None:
    wanting = replace(site, site=replace(site.site, vision=replace(site.site.vision, runtime="onnx-cuda")))
    _, missing = looked(wanting, tmp_path / "with", DEBIAN)
    assert (missing.part, missing.code, missing.standing) == ("vision.runtime", "runtime_missing", Standing.FAULT)
    blind = replace(wanting, site=replace(wanting.site, cameras={}))
    assert len(looked(blind, tmp_path / "without", DEBIAN)) == 1
