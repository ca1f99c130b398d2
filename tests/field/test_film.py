"""A film on the disk: sealed, cut off anywhere, changed anywhere, and read as far as it is sound."""

import hashlib
import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from edge_agent.field.film import key, names, reader
from edge_agent.field.film.parts import Codec, Head, Packet, Stamp
from edge_agent.field.film.sealed import SALT_BYTES, name_of
from edge_agent.field.film.writer import FilmWriter

KEY = bytes(range(32))
CODEC = Codec(name="h264", extradata=b"\0\0\0\1gh", width=320, height=240, time_base=(1, 90_000))
STAMP = Stamp(site="s-1", unit="u-1", camera="cam-1", area="tank", permit="P-1", clock_trusted=True)


def head(**changes: object) -> Head:
    facts = {"kind": "permit", "about": "P-1", "stamp": STAMP, "codec": CODEC, "began_utc": 1.8e9}
    return Head(**{**facts, "salt": os.urandom(SALT_BYTES), "key": name_of(KEY), **changes})  # type: ignore[arg-type]


def packet(number: int) -> Packet:
    return Packet(b"picture %d " % number * 20, number * 9000, number * 9000, number == 0, number * 0.1)


def written(path: Path, chunks: int = 4) -> str:
    """A film of two packets a chunk; returns its hash."""
    writer = FilmWriter(path, head(), KEY)
    for at in range(chunks):
        writer.add((packet(2 * at), packet(2 * at + 1)))
    return writer.end()


def read(path: Path) -> tuple[list[Packet], str]:
    film = reader.Film(path, KEY)
    packets = list(film.packets())
    return packets, "" if film.fault is None else film.fault.en


def test_what_was_written_is_read_and_its_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    said = written(path)
    assert read(path) == ([packet(n) for n in range(8)], "")
    assert said == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"picture" not in path.read_bytes()
    assert reader.head_of(path).stamp == STAMP


def test_wherever_it_is_cut_off_all_whole_chunks_before_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    written(path)
    whole = path.read_bytes()
    begin = len(whole) - sum(_chunk_sizes(whole))
    ends = [begin + sum(_chunk_sizes(whole)[:n]) for n in range(6)]
    cut = tmp_path / "b.part"
    for size in range(begin, len(whole)):
        cut.write_bytes(whole[:size])
        packets, fault = read(cut)
        sound = max(n for n, end in enumerate(ends) if end <= size)
        assert packets == [packet(n) for n in range(2 * sound)]
        assert "cut off" in fault


def _chunk_sizes(whole: bytes) -> list[int]:
    at = len(b"EDGEFILM1\n")
    at += 4 + int.from_bytes(whole[at : at + 4], "big")
    sizes = []
    while at < len(whole):
        sizes.append(4 + int.from_bytes(whole[at : at + 4], "big"))
        at += sizes[-1]
    return sizes


def test_a_changed_byte_ends_the_reading_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    written(path)
    whole = bytearray(path.read_bytes())
    sizes = _chunk_sizes(bytes(whole))
    begin = len(whole) - sum(sizes)
    whole[begin + sizes[0] + 30] ^= 1
    path.write_bytes(whole)
    packets, fault = read(path)
    assert packets == [packet(0), packet(1)]
    assert "changed" in fault


def test_chunks_can_be_neither_moved_nor_left_out_nor_the_head_be_another(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    written(path)
    whole = path.read_bytes()
    sizes = _chunk_sizes(whole)
    begin = len(whole) - sum(sizes)
    first, second = whole[begin : begin + sizes[0]], whole[begin + sizes[0] : begin + sizes[0] + sizes[1]]
    rest = whole[begin + sizes[0] + sizes[1] :]
    for changed in (
        whole[:begin] + second + first + rest,
        whole[:begin] + second + rest,
        whole[:begin].replace(b"P-1", b"P-2") + first + second + rest,
    ):
        path.write_bytes(changed)
        packets, fault = read(path)
        assert packets == []
        assert "changed" in fault


def test_another_key_and_another_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    written(path)
    with pytest.raises(reader.FilmError, match="another key"):
        reader.Film(path, bytes(32))
    for junk in (b"", b"EDGEFILM1\n", b"EDGEFILM1\n\xff\xff\xff\xff", b"EDGEFILM1\n\0\0\0\2{}", b"x" * 100):
        path.write_bytes(junk)
        with pytest.raises(reader.FilmError, match="no recording"):
            reader.head_of(path)


WRITES_FOR_EVER = """
    import itertools, sys
    from pathlib import Path
    from edge_agent.field.film.writer import FilmWriter
    from tests.field.test_film import KEY, head, packet
    writer = FilmWriter(Path(sys.argv[1]), head(), KEY)
    for at in itertools.count():
        writer.add((packet(2 * at), packet(2 * at + 1)))
        if at == 20:
            print("going", flush=True)
"""


def test_a_program_killed_while_it_writes_loses_at_most_one_chunk(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    args = [sys.executable, "-c", textwrap.dedent(WRITES_FOR_EVER), str(path)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(signal.SIGKILL)
    packets, fault = read(path)
    assert len(packets) >= 40
    assert packets == [packet(n) for n in range(len(packets))]
    assert "cut off" in fault
    begin = path.stat().st_size - sum(_chunk_sizes(path.read_bytes()))
    sizes = _chunk_sizes(path.read_bytes())
    assert begin + sum(sizes[: len(packets) // 2]) <= path.stat().st_size  # all that is whole was read
    assert len(sizes) - len(packets) // 2 <= 1


def test_a_disk_that_is_full_leaves_no_half_chunk_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    writer = FilmWriter(path, head(), KEY)
    writer.add((packet(0), packet(1)))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (writer.size + 100, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            writer.add((packet(2), packet(3)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.stat().st_size == writer.size
    assert read(path)[0] == [packet(0), packet(1)]
    writer.add((packet(2), packet(3)))  # there is room again
    assert writer.end() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read(path) == ([packet(n) for n in range(4)], "")


@pytest.mark.parametrize(
    ("text", "mode", "wrong"),
    [
        (KEY.hex(), 0o644, "open to others"),
        ("00" * 32, 0o600, "not 32 bytes"),
        (KEY.hex()[:-2], 0o600, "not 32 bytes"),
        ("not hex", 0o600, "not 32 bytes"),
    ],
)
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str, mode: int, wrong: str) -> None:
    path = tmp_path / "films.key"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(key.FilmKeyError, match=wrong):
        key.read(path)


def test_a_key_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "films.key"
    with pytest.raises(key.FilmKeyError, match="No such file"):
        key.read(path)
    path.write_text(KEY.hex() + "\n")
    path.chmod(0o600)
    assert key.read(path) == KEY


def test_films_are_found_by_their_names_and_a_name_from_outside_leads_nowhere_else(tmp_path: Path) -> None:
    late = names.path_of(tmp_path, "P-1", "cam-1", "permit", 1.8e9 + 0.25)
    early = names.path_of(tmp_path, "", "cam-1", "clip", 1.8e9)
    hostile = names.path_of(tmp_path, "../../etc", "..", "clip", 1.8e9 + 1)
    for path in (late, early, hostile):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"1234")
    early.rename(early.with_suffix(names.KNOWN))
    (late.parent / "notes.txt").write_text("not ours")
    found = names.films(tmp_path)
    assert [(film.permit, film.kind, film.known) for film in found[:2]] == [
        ("unit", "clip", True),
        ("P-1", "permit", False),
    ]
    assert found[1].began_utc == 1.8e9 + 0.25
    assert all(tmp_path in film.path.resolve().parents for film in found)
    assert len(found) == 3
