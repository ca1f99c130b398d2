"""`edge-agent recording` on films of a real brain's records: listed, proved, copied (masked or raw), marked."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.words import WordsError
from edge_agent.domain.zone import PictureArea
from edge_agent.field.film import names
from edge_agent.field.film.parts import Codec, Head, Packet, Stamp
from edge_agent.field.film.reader import Film
from edge_agent.field.film.sealed import SALT_BYTES, name_of
from edge_agent.field.film.writer import FilmWriter
from edge_agent.ops.recordings import arguments, command
from edge_agent.ops.recordings.masking import masked
from edge_agent.ops.recordings.remux import RemuxError
from edge_agent.sense.camera.picture_areas import Box
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import RecordingTable
from edge_agent.settings.site_itself import FoldersTable
from tests.ops.test_recordings import KEY, Site
from tests.support.story import ROOT, T0_UTC
from tests.vision.conftest import film, moving

INSIDE = PictureArea(id="a", area="tank-inside", corners=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


def sealed(source: Path, target: Path, **stamp: Any) -> str:
    """The packets of a film as a capture program would have sealed them; returns the hash."""
    facts = {"site": "s-1", "unit": "u-1", "camera": "cam-1", "permit": "P-1", "area": "tank-inside"}
    with av.open(str(source), format="h264") as container:
        stream = container.streams.video[0]
        codec = Codec(
            name="h264", extradata=b"", width=stream.width, height=stream.height, time_base=(1, 1_200_000)
        )
        head = Head(
            kind="permit", about="P-1", stamp=Stamp(**{**facts, **stamp}), codec=codec, began_utc=T0_UTC,
            salt=bytes(SALT_BYTES), key=name_of(KEY),
        )  # fmt: skip
        writer = FilmWriter(target, head, KEY)
        packets = [
            Packet(bytes(packet), n * 120_000, n * 120_000, packet.is_keyframe, n * 0.1)
            for n, packet in enumerate(container.demux(stream))
            if bytes(packet)
        ]
    for at in range(0, len(packets), 10):
        writer.add(tuple(packets[at : at + 10]))
    return writer.end()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("source") / "moving.h264", moving(40))


class Console:
    """The command, with the brain behind it."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.site = Site(folder)
        box = self.site.box
        folders = FoldersTable(state=str(folder), runtime=str(folder))
        table = RecordingTable(key_file=str(folder / "films.key"))
        self.settings: Settings = replace(
            box.settings, site=replace(box.settings.site, folders=folders, recording=table)
        )
        (folder / "films.key").write_text(KEY.hex())
        (folder / "films.key").chmod(0o600)
        self.path = names.path_of(self.site.folder, "P-1", "cam-1", "permit", T0_UTC)
        sealed(source, self.path)
        self.film = "/".join(self.path.with_suffix(names.KNOWN).parts[-3:])
        self.asked: list[dict[str, Any]] = []
        box.story.run(1)
        self.site.play()
        self.site.run(1)  # the film was left lying: it is told as it is, and gets its name
        self.site.run(1)

    def filed(self, line: dict[str, Any]) -> dict[str, Any]:
        """What the desk does with a line whose PIN is right."""
        self.asked.append(line)
        brain = self.site.box.brain
        answer = brain.ask(
            Request(
                id=f"c{len(self.asked)}", at_s=0.0, ask=Ask(line["ask"]), person=line["person"], proof=Proof.PIN,
                about=tuple(line["about"]), reason=line["reason"],
            )
        )  # fmt: skip
        self.site.box.story.run(1)
        self.site.play()
        said = answer.result()
        return {"accepted": said.accepted, "reasons": [{"zh": r.zh, "en": r.en} for r in said.reasons]}

    def typed(self, *words: str | Path) -> int:
        parser = argparse.ArgumentParser()
        arguments.add(parser.add_subparsers())
        verb, *rest = map(str, words)
        args = parser.parse_args(["recording", verb, "SITE", *rest])
        return command.run(self.settings, args, ROOT, self.filed)


@pytest.fixture
def console(tmp_path: Path, source: Path) -> Console:
    return Console(tmp_path, source)


def test_films_are_listed_and_proved_by_the_records(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.typed("list") == 0
    assert console.film in capsys.readouterr().out
    assert console.typed("list", "--permit", "P-2") == 0
    assert capsys.readouterr().out == ""
    assert console.typed("verify") == 0
    assert "as in the records" in capsys.readouterr().out
    path = console.path.with_suffix(names.KNOWN)
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1
    path.write_bytes(whole)
    assert console.typed("verify", console.film) == 1
    assert "NOT as in the records" in capsys.readouterr().out


def test_a_raw_copy_is_for_few_and_stands_in_the_records(
    console: Console, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mkv"
    asked = ("export", console.film, out, "--raw", "--reason", "the inspector asked", "--by")
    assert console.typed(*asked, "qian-wei") == command.EX_UNAVAILABLE
    assert "raw is for" in capsys.readouterr().err
    assert not out.exists()
    assert console.typed(*asked, "zhao-min") == 0
    said = capsys.readouterr().out.split()
    assert said[1:3] == ["40", hashlib.sha256(out.read_bytes()).hexdigest()]
    assert out.stat().st_mode & 0o777 == 0o600
    with av.open(str(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 40
    told = [event for event in console.site.box.brain.newest if event.type.startswith("evidence.exp")]
    assert [(event.subject, event.data["by"], event.data["how"]) for event in told] == [("P-1", "zhao-min", "raw")]
    assert told[0].data["reason"] == "the inspector asked"


def test_a_masked_copy_needs_no_raw_right_and_shows_the_same_pictures(console: Console, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    assert console.typed("export", console.film, out, "--reason", "for the centre", "--by", "qian-wei") == 0
    assert console.asked[-1]["about"] == [console.film, "masked"]
    with av.open(str(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 40


def test_marks_are_set_and_taken_away_on_record(console: Console) -> None:
    mark = names.keep_file(console.path)
    assert console.typed("keep", console.film, "--reason", "accident", "--by", "qian-wei") == 0
    assert mark.exists()
    assert console.typed("release", console.film, "--reason", "x", "--by", "qian-wei") == command.EX_UNAVAILABLE
    assert mark.exists()
    assert console.typed("release", console.film, "--reason", "closed", "--by", "zhao-min") == 0
    assert not mark.exists()
    types = [event.type for event in console.site.box.brain.newest]
    assert types.count("evidence.marked") == types.count("evidence.unmarked") == 1


def test_an_events_pictures_are_marked_by_its_number(console: Console) -> None:
    folder = console.site.box.folder / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / "7.json").write_text("{}")
    words = ("7", "--reason", "accident", "--by", "zhao-min")
    assert console.typed("keep", *words) == 0
    assert (folder / "7.keep").exists()
    assert console.typed("release", *words) == 0
    assert not (folder / "7.keep").exists()
    with pytest.raises(WordsError, match="event 8"):
        console.typed("keep", "8", "--reason", "accident", "--by", "zhao-min")


@pytest.mark.parametrize("words", [("export", "P-1/cam-1/none-permit.film", "o.mkv"), ("export", "FILM", "o.avi")])
def test_what_is_typed_wrongly_is_named_and_asks_nobody(console: Console, words: tuple[str, ...]) -> None:
    words = tuple(word.replace("FILM", console.film) for word in words)
    with pytest.raises(WordsError):
        console.typed(*words, "--by", "zhao-min", "--reason", "x")
    assert console.asked == []


def test_nothing_is_let_out_without_a_reason_or_for_an_unknown_deed(console: Console) -> None:
    for about, reason in (((console.film, "raw"), " "), ((console.film, "burn"), "x"), ((console.film,), "x")):
        answer = console.filed({"ask": "film", "person": "zhao-min", "about": about, "reason": reason})
        assert not answer["accepted"]


def decoded(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def texture(picture: np.ndarray[Any, Any], box: Box) -> float:
    """How much is to be seen in the middle of a part: the differences between neighbours."""
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = box
    part = picture[round(y1 * height) : round(y2 * height), round(x1 * width) : round(x2 * width)].astype(int)
    return float(np.abs(np.diff(part, axis=1)).mean())


def test_heads_inside_and_whole_people_outside_are_hidden_also_between_two_looks(tmp_path: Path) -> None:
    grain = np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    grain = np.kron(grain[::4, ::4], np.ones((4, 4, 1))).astype(np.uint8)
    source = film(tmp_path / "grain.h264", [grain] * 20, crf="10")
    sealed(source, tmp_path / "a.part")
    within, outside = (0.1, 0.3, 0.3, 0.9), (0.6, 0.3, 0.8, 0.9)
    looks: list[int] = []

    def see(_: np.ndarray[Any, Any]) -> list[Box]:
        looks.append(1)
        return [within, outside]

    shown = Film(tmp_path / "a.part", KEY)
    assert masked(shown, tmp_path / "out.mp4", see, (INSIDE,)) == 20
    assert len(looks) == 8  # every third, and the last one
    for picture in decoded(tmp_path / "out.mp4"):
        assert texture(picture, (0.12, 0.32, 0.28, 0.42)) < 8  # a head
        assert texture(picture, (0.12, 0.6, 0.28, 0.85)) > 12  # his body is seen at work
        assert texture(picture, (0.62, 0.32, 0.78, 0.85)) < 8  # nobody of this work: all of him
        assert texture(picture, (0.35, 0.5, 0.55, 0.9)) > 12


def test_somebody_seen_at_the_next_look_is_hidden_in_the_pictures_before_it(tmp_path: Path) -> None:
    grain = np.kron(np.random.default_rng(2).integers(0, 255, (60, 80, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    sealed(film(tmp_path / "grain.h264", [grain] * 9, crf="10"), tmp_path / "a.part")
    looks: list[int] = []

    def see(_: np.ndarray[Any, Any]) -> list[Box]:
        looks.append(1)
        return [(0.2, 0.2, 0.8, 0.9)] if len(looks) == 2 else []

    masked(Film(tmp_path / "a.part", KEY), tmp_path / "out.mp4", see, ())
    hidden = [texture(picture, (0.3, 0.25, 0.7, 0.35)) < 8 for picture in decoded(tmp_path / "out.mp4")]
    assert hidden == [True] * 6 + [False] * 3  # looks at 0, 3 and 6; seen at 3 alone


def test_somebody_who_comes_in_after_the_last_look_but_one_is_hidden_too(tmp_path: Path) -> None:
    grain = np.kron(np.random.default_rng(2).integers(0, 255, (60, 80, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    sealed(film(tmp_path / "grain.h264", [grain] * 9, crf="10"), tmp_path / "a.part")
    looks: list[int] = []

    def see(_: np.ndarray[Any, Any]) -> list[Box]:
        looks.append(1)
        return [(0.2, 0.2, 0.8, 0.9)] if len(looks) == 4 else []

    masked(Film(tmp_path / "a.part", KEY), tmp_path / "out.mp4", see, ())
    hidden = [texture(picture, (0.3, 0.25, 0.7, 0.35)) < 8 for picture in decoded(tmp_path / "out.mp4")]
    assert hidden == [False] * 6 + [True] * 3  # looks at 0, 3, 6 and at the last one: seen there alone


def test_a_film_without_a_picture_leaves_no_copy(tmp_path: Path, source: Path) -> None:
    sealed(source, tmp_path / "a.part")
    whole = (tmp_path / "a.part").read_bytes()
    (tmp_path / "a.part").write_bytes(whole[:600])
    with pytest.raises(RemuxError, match="no picture"):
        masked(Film(tmp_path / "a.part", KEY), tmp_path / "out.mp4", lambda _: [], ())
    assert not (tmp_path / "out.mp4").exists()
