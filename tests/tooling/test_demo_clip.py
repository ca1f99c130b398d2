"""The demo's film: taken out of a real package, transcoded, checked; and what is said when it cannot be had."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import PictureType

from edge_agent.ops import demo_clip as clip_maker
from edge_agent.ops.demo_clip import ClipError, cached_clip, count_frames, demo_clip, take_film, transcode


def package_with(files: dict[str, bytes], folder: Path) -> Path:
    root = folder / "root"
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    control = root / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: films\nVersion: 1\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: t\n"
    )
    root.chmod(0o755)
    deb = folder / "films_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", root, deb], check=True, capture_output=True)
    return deb


def short_film(path: Path, frames: int) -> Path:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 384, 288, "yuv420p"
        for number in range(frames):
            picture = np.full((288, 384, 3), number * 7 % 256, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def test_the_film_is_taken_out_of_a_package_and_nothing_else_is(tmp_path: Path) -> None:
    member = clip_maker.MEMBER.removeprefix("./")
    deb = package_with({member: b"the film", "usr/share/doc/other": b"x" * 3_000_000}, tmp_path)
    assert take_film(deb, tmp_path / "film").read_bytes() == b"the film"


def test_a_package_without_the_film_is_named(tmp_path: Path) -> None:
    deb = package_with({"usr/share/doc/other": b"x"}, tmp_path)
    with pytest.raises(ClipError, match=r"films_1_all\.deb does not hold"):
        take_film(deb, tmp_path / "film")


def test_the_clip_is_what_a_camera_sends(tmp_path: Path) -> None:
    clip = tmp_path / "clip.part"
    assert transcode(short_film(tmp_path / "film.avi", 25), clip) == 25
    assert count_frames(clip) == 25
    with av.open(str(clip)) as film:
        stream = film.streams.video[0]
        seen = [(frame.key_frame, PictureType(frame.pict_type).name, frame.time) for frame in film.decode(stream)]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 768, 576)
    assert [number for number, (key, _, _) in enumerate(seen) if key] == [0, 10, 20]
    assert {kind for _, kind, _ in seen} == {"I", "P"}
    assert [time for _, _, time in seen] == pytest.approx([number / 10 for number in range(25)])


def test_a_clip_that_is_there_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nonexistent")
    cached_clip().parent.mkdir()
    cached_clip().write_bytes(b"here")
    assert demo_clip() == tmp_path / "edge-agent" / "vtest.mp4"


def test_no_way_to_the_package_is_said_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources.list"
    sources.write_text("deb [trusted=yes] file:///nonexistent stable main\n")
    settings = tmp_path / "apt.conf"
    lines = (
        ("Dir::State::Lists", tmp_path / "lists"),
        ("Dir::Etc::SourceList", sources),
        ("Dir::Etc::SourceParts", tmp_path / "none"),
        ("Dir::Cache", tmp_path / "cache"),
    )
    settings.write_text("".join(f'{key} "{value}";\n' for key, value in lines))
    monkeypatch.setenv("APT_CONFIG", str(settings))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert clip_maker.main() == 1
    said = capsys.readouterr().err
    assert "could not download opencv-doc" in said
    assert "apt-get update" in said
    assert list((tmp_path / "home" / "edge-agent").iterdir()) == []


def test_without_apt_the_remedy_is_another_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ClipError, match=r"apt-get is missing.*any H\.264 film"):
        demo_clip()
