"""A site's recorder: there, gone, hanging, or something else at its port; and what that means for its cameras."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import DeviceHealth, Filming, Observation
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.build import sources
from edge_agent.sense.nvr import Nvr
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import NvrTable
from edge_agent.simulate.handle import Simulator
from tests.support.story import ROOT, Story, scenario_site
from tests.vision.conftest import film, moving

NAME = Words("录像机", "recorder")


def heard(port: int) -> DeviceHealth:
    """The first word about a recorder at this port."""
    stop, said = threading.Event(), list[Observation]()

    def deliver(seen: Observation) -> None:
        said.append(seen)
        stop.set()

    Nvr("nvr-1", NvrTable(name=NAME, host="127.0.0.1", port=port), SystemClock(declared=True)).run(deliver, stop)
    (word,) = said
    assert isinstance(word, DeviceHealth)
    assert word.source == "nvr-1"
    return word


@contextmanager
def answering(what: bytes | None) -> Iterator[int]:
    """A server that answers with these bytes, or (None) with nothing."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        with line:
            line.recv(4096)
            if what is None:
                line.recv(4096)  # until the asker has had enough
            else:
                line.sendall(what)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
        thread.join(20)
    finally:
        server.close()


def test_a_recorder_that_answers_as_one_is_well(tmp_path: Path) -> None:
    with Simulator("camera", "--clip", str(film(tmp_path / "a.mp4", moving(10)))) as simulator:
        assert heard(simulator.port).ok
    with answering(b"RTSP/1.0 401 Unauthorized\r\n\r\n") as port:
        assert heard(port).ok  # a stranger is turned away: it is there


@pytest.mark.parametrize("what", [b"HTTP/1.1 200 OK\r\n\r\n", b"", b"RTSP"])
def test_anything_else_at_its_port_is_none(what: bytes) -> None:
    with answering(what) as port:
        word = heard(port)
    assert not word.ok
    assert "no RTSP" in word.detail.en


def test_one_that_is_gone_or_hangs_is_told_with_what_to_look_at() -> None:
    with answering(None) as port:
        assert not heard(port).ok
    word = heard(port)
    assert not word.ok
    assert "power" in word.detail.en


def kept_by(site: Settings) -> Settings:
    table = replace(site.site.cameras["cam-1"], recorded_by="nvr-1")
    nvr = NvrTable(name=NAME, host="127.0.0.1")
    return replace(site, site=replace(site.site, cameras={"cam-1": table}, nvrs={"nvr-1": nvr}))


def test_a_site_with_a_recorder_asks_it() -> None:
    clock = SystemClock(declared=True)
    assert "recorder nvr-1" in [source.name for source in sources(kept_by(scenario_site()), clock, ROOT)]


def test_work_that_must_be_on_film_begins_with_a_recorder_and_stops_without() -> None:
    from tests.scenarios.stories.video import SPECIAL  # noqa: PLC0415 (registers its stories)

    told = Story(kept_by(scenario_site()))
    told.field.filming = Filming.OFF
    told.field.unwell["nvr-1"] = NOTHING
    told.begin_work(**SPECIAL)
    assert told.state.value == "active"
    told.field.unwell["nvr-1"] = Words("没有应答", "no answer")
    told.run(8)
    assert told.state.value == "paused"
