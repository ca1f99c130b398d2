"""A camera that asks who is there: opened with the login of the file, of which nobody else hears."""

from pathlib import Path

from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.settings.camera_logins import tables
from edge_agent.settings.load import load
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.simulate.handle import Simulator
from tests.vision.conftest import MODEL, Start

ROOT = Path(__file__).resolve().parents[2]
SECRET = "p@ss:w/ort"  # noqa: S105 (of the simulator)


def camera(folder: Path, port: int, password: str) -> dict[str, CameraTable]:
    """The demo tank's camera, at the simulator, with a login of the file."""
    logins = folder / "camera-logins.toml"
    logins.write_text(f'[logins.gate]\nuser = "viewer"\npassword = "{password}"\n', "utf-8")
    logins.chmod(0o600)
    site = load(ROOT / "zones" / "demo-tank", ROOT).site
    table = replace(
        site.cameras["cam-1"], url=f"rtsp://127.0.0.1:{port}/live", login="gate", model=MODEL, areas=(), fps=10.0
    )
    return tables(folder, replace(site, cameras={"cam-1": table}))


def test_the_login_opens_the_camera_and_stands_in_no_list_of_programs(start: Start, tmp_path: Path) -> None:
    with Simulator("camera", "--synthetic", "4", "--login", f"viewer:{SECRET}") as simulated:
        watched = start(camera(tmp_path, simulated.port, SECRET))
        watched.wait_for(lambda seen: seen.view is View.CLEAR)
        for pid in watched.vision.pids.values():
            said = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
            assert b"viewer" not in said
            assert b"p%40ss" not in said
        watched.end()
        assert not any("p%40ss" in f"{seen}" for seen in watched.seen)


def test_a_wrong_login_is_told_without_it(start: Start, tmp_path: Path) -> None:
    with Simulator("camera", "--synthetic", "4", "--login", f"viewer:{SECRET}") as simulated:
        watched = start(camera(tmp_path, simulated.port, "wr0ng"))
        said = watched.wait_for(lambda seen: "check user and password" in seen.detail.en)
        assert "wr0ng" not in f"{said}"
        assert "viewer" not in f"{said}"
