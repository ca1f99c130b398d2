"""A job on film by the whole box: while it lasts, a clip of its stop, kill -9 in mid-film, proved and copied."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from msgspec.structs import replace

from edge_agent.domain.permit import State
from edge_agent.field.film import names
from edge_agent.ops.demo.job import PINS
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.ticket import envelope
from tests.support.command_line import typed
from tests.system import site as of_site
from tests.system.conftest import anywhere
from tests.system.site import DOWN, Site, until

KEY = bytes(range(32))


class FilmedSite(Site):
    """The same job, seen by the camera from beginning to end."""

    def receive(self) -> None:
        ticket = of_site.job_ticket(f"F-{len(self.kept())}")
        ticket = replace(ticket, video_required=True, devices=(*ticket.devices, "cam-1"))
        self.permit = ticket.id
        self.seen.send(DOWN, envelope(self.stage.site, ticket, "demo-tank", "edge-1"))
        until(lambda: self.live() is not None, "the ticket is on the board")

    def films(self, kind: str = "permit") -> list[names.FilmFile]:
        found = names.films(self.stage.state_folder / "films")
        return [film for film in found if film.kind == kind and film.permit == self.permit]


@pytest.fixture
def filmed() -> Iterator[FilmedSite]:
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-films-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    source = anywhere(folder / "source")
    settings = source / "site.toml"
    table = '[recording]\nkey_file = "films.key"\nreserve_gb = 0.1\n\n[clock]'
    settings.write_text(settings.read_text(encoding="utf-8").replace("[clock]", table, 1), encoding="utf-8")
    (source / "films.key").write_text(KEY.hex())
    (source / "films.key").chmod(0o600)
    with Stage(source, folder, None, warmup_s=0) as stage:
        yield FilmedSite(stage)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_job_is_on_film_from_its_start_over_a_kill_to_a_copy(filmed: FilmedSite, tmp_path: Path) -> None:
    filmed.begin_work()
    (first,) = until(filmed.films, "the job is being filmed")
    assert not first.known
    until(lambda: first.path.stat().st_size > 20_000, "some seconds of it are on the disk")
    filmed.must("stop", "li-na")
    stopped = filmed.event("permit.stopped")
    clip = until(lambda: clip_of(filmed, stopped.seq), "the clip of the stop is whole", 60.0)
    assert clip["whole"]
    assert clip["ended_utc"] - clip["began_utc"] > 20

    filmed.stage.agent.kill()
    filmed.stage.start_agent()
    filmed.until_state(State.PAUSED)
    torn = filmed.event("evidence.kept", kind="permit")  # cut off, unless its program was quicker than the kill
    assert torn.data["files"][0]["name"].startswith(f"{filmed.permit}/cam-1/")
    until(lambda: len(filmed.films()) > 1, "it is filmed on")
    until(lambda: filmed.films()[0].known, "the film that was cut off has its name")

    proved = typed("recording", "verify", filmed.stage.site)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert proved.stdout.count("as in the records") >= 2
    out = tmp_path / "out.mkv"
    name = torn.data["files"][0]["name"]
    who = ("--by", "zhao-min", "--reason", "accident")
    copied = typed("recording", "export", filmed.stage.site, name, out, "--raw", *who, pin=PINS["zhao-min"])
    assert copied.returncode == 0, copied.stdout + copied.stderr
    assert torn.data["whole"] or "cut off" in copied.stdout
    with av.open(str(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) > 10
    assert filmed.event("evidence.exported").data["by"] == "zhao-min"


def clip_of(filmed: FilmedSite, seq: int) -> dict[str, Any] | None:
    """What the records say of the clip of this event."""
    for event in filmed.kept():
        if event.type == "evidence.kept" and event.data["kind"] == "clip" and seq in event.data["events"]:
            return event.data
    return None
