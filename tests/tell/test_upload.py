"""Copies of evidence to a real HTTP server on a real socket: faults of the way, and never more than is allowed."""

import contextlib
import hashlib
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.domain.noted import KeptFile, SentFile
from edge_agent.domain.outcome import Event
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.reader import Reader
from edge_agent.store.store import Store
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.uplink import Told, Uplink
from edge_agent.tell.upload.advance import More
from edge_agent.tell.upload.carrier import Carrier
from edge_agent.tell.upload.door import Door, Later, Pace
from edge_agent.tell.upload.parcels import MIB
from edge_agent.tell.upload.progress import Kept, Progress
from edge_agent.tell.upload.waiting import waiting
from edge_agent.tell.upload.ways import way_of
from edge_agent.tell.upload.wire import UploadConfig
from edge_agent.tell.wire import Carried, Link
from tests.support.object_store import (
    ID,
    SECRET,
    Fault,
    ObjectStore,
    breaks_off,
    cuts,
    garbage,
    hangs_up,
    says,
    silent,
)
from tests.support.store_values import entries, event
from tests.tell.test_forwarder import certificate

WITHIN_S = 20.0
STILL = b"\xff\xd8" + b"still" * 2000
FILM = os.urandom(6 * MIB)  # two parts


@pytest.fixture
def bucket() -> Iterator[ObjectStore]:
    with ObjectStore() as store:
        yield store


class Whole(Carrier):
    """Goes on with a film until all of it is there."""

    def carry(self, event: Event) -> tuple[SentFile, ...]:
        while True:
            with contextlib.suppress(More):
                return super().carry(event)


class Unit:
    """The folders of a box, its records, and what it is told to send."""

    def __init__(self, folder: Path, store: ObjectStore, **table: Any) -> None:
        for name in ("evidence", "films"):
            (folder / name).mkdir(parents=True)
        keys = folder / "upload.keys"
        keys.write_text(f"{ID}\n{SECRET}\n")
        self.folder, self.records = folder, Store.open(folder / "agent.sqlite")
        self.config = UploadConfig(
            store=str(folder / "agent.sqlite"),
            stills=str(folder / "evidence"),
            films=str(folder / "films"),
            state=str(folder / "uploads.json"),
            site="s",
            unit="u",
            **{"url": store.url, "keys_file": str(keys), "plain": True, "most_kbit_s": 1_000_000} | table,
        )
        self._head, self._seq = GENESIS, 0
        self._writing = threading.Lock()  # the records are the brain's; here two threads play it

    def happened(self, type_: str, **data: Any) -> Event:
        with self._writing:
            self._seq += 1
            told = replace(event(self._seq, **data), type=type_)
            batch = entries([told], self._head)
            self._head = batch[-1].sealed.hash
            self.records.commit(Batch(audit=batch))
        return told

    def keeps(self, *files: tuple[str, bytes], kind: str = "still") -> Event:
        folder = self.folder / ("evidence" if kind == "still" else "films")
        told = []
        for name, body in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(body)
            told.append(KeptFile(name=name, sha256=hashlib.sha256(body).hexdigest(), size=len(body)))
        return self.happened("evidence.kept", kind=kind, permit="P-1", files=msgspec.to_builtins(told))

    def records_reader(self) -> Reader:
        return Reader.open(self.folder / "agent.sqlite")

    def progress(self) -> Progress:
        return Kept(Path(self.config.state)).now

    def carrier(self, silent_s: float = 0.3) -> "Whole":
        door = Door(self.config, silent_s=silent_s)
        way = way_of(self.config, door, site="s", unit="u")
        return Whole(self.config, way, Kept(Path(self.config.state)))


@pytest.fixture
def make_unit(tmp_path: Path) -> Callable[..., Unit]:
    return lambda store, **table: Unit(tmp_path / "unit", store, **table)


def path_of(name: str, body: bytes) -> str:
    return f"/evidence/s/u/{hashlib.sha256(body).hexdigest()}/{name}"


def test_masked_copies_alone_leave_the_box_and_their_bytes_are_those_of_the_manifest(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    kept = unit.keeps(("7-cam-1.jpg", STILL), (f"7-cam-1{MASKED}", STILL[::-1]))
    (sent,) = unit.carrier().carry(kept)
    assert sent.fate == "sent"
    assert bucket.objects == {path_of(sent.name, STILL[::-1]): STILL[::-1]}
    assert sent.address == f"http://127.0.0.1:{bucket.port}{path_of(sent.name, STILL[::-1])}"
    assert bucket.meta[path_of(sent.name, STILL[::-1])]["x-amz-meta-sha256"] == sent.sha256


def test_faces_and_sealed_films_leave_only_where_the_site_says_so(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket, what=("masked", "faces", "clips"))
    still = unit.keeps(("7-cam-1.jpg", STILL))
    clip = unit.keeps(("P-1/cam-1/clip.film", STILL + b"1"), kind="clip")
    job = unit.keeps(("P-1/cam-1/job.film", STILL + b"2"), kind="permit")
    carrier = unit.carrier()
    assert [len(carrier.carry(one)) for one in (still, clip, job)] == [1, 1, 0]
    assert sorted(path.rsplit("/", 1)[1] for path in bucket.objects) == ["7-cam-1.jpg", "clip.film"]
    due, newest = waiting(unit.records_reader(), 0, {"masked": 0})
    assert (due, newest) == ([], 3)


FAULTS: dict[str, tuple[Fault, str]] = {
    "busy": (says(503, b"<Error><Code>SlowDown</Code></Error>"), "503 SlowDown"),
    "broken": (says(500), "500"),
    "hangs up": (hangs_up, "broke its answer off"),
    "cut in the body": (cuts, "127.0.0.1"),
    "half-open": (silent, "timeout"),
    "another length": (breaks_off, "UploadId|ETag|whole"),
    "no http": (garbage, "broke its answer off"),
    "moved": (says(307, location="http://127.0.0.1:1/else?secret=x"), "moved to http://127.0.0.1:1/else:"),
    "not let in": (says(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>"), "InvalidAccessKeyId"),
    "damaged": (says(400, b"<Error><Code>XAmzContentSHA256Mismatch</Code></Error>"), "cannot take it now"),
    "another clock": (says(403, b"<Error><Code>RequestTimeTooSkewed</Code></Error>"), "clock"),
    "no bucket": (says(404, b"<Error><Code>NoSuchBucket</Code></Error>"), "NoSuchBucket"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_fails_is_said_in_words_and_the_next_try_brings_it(
    fault: str, bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket, what=("clips",))
    does, words = FAULTS[fault]
    steps = (0, 2, 3)  # the start, the last part, the end of a film in two parts
    for before in steps if fault in {"broken", "hangs up"} else (steps[list(FAULTS).index(fault) % 3],):
        film = FILM + bytes([before])
        kept = unit.keeps((f"{before}.film", film), kind="clip")
        bucket.faults.extend([*[None] * before, does])
        with pytest.raises(Later, match=words) as later:
            unit.carrier().carry(kept)
        assert later.value.words.zh
        assert "secret" not in later.value.words.en
        assert unit.carrier(silent_s=WITHIN_S).carry(kept)[0].fate == "sent"
        assert bucket.objects[path_of(f"{before}.film", film)] == film


def test_a_redirect_is_never_followed_and_what_is_signed_is_shown_to_nobody_else(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    with ObjectStore() as other:
        unit = make_unit(bucket)
        kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
        bucket.faults.append(says(307, location=other.url))
        with pytest.raises(Later):
            unit.carrier().carry(kept)
        assert not other.headers


def test_a_part_that_is_there_is_not_sent_again(bucket: ObjectStore, make_unit: Callable[..., Unit]) -> None:
    unit = make_unit(bucket, what=("clips",))
    kept = unit.keeps(("c.film", FILM), kind="clip")
    bucket.faults.extend([None, None, hangs_up])  # begun, the first part is there, the second is lost
    with pytest.raises(Later):
        unit.carrier().carry(kept)
    unit.carrier().carry(kept)
    parts = [path.partition("partNumber=")[2][:1] for method, path in bucket.seen if "partNumber" in path]
    assert parts == ["1", "2"]


def test_what_the_store_forgot_is_begun_anew(bucket: ObjectStore, make_unit: Callable[..., Unit]) -> None:
    unit = make_unit(bucket, what=("clips",))
    kept = unit.keeps(("c.film", FILM), kind="clip")
    bucket.faults.extend([None, None, hangs_up])
    with pytest.raises(Later):
        unit.carrier().carry(kept)
    bucket.uploads.clear()
    with pytest.raises(Later, match="anew"):
        unit.carrier().carry(kept)
    assert unit.carrier().carry(kept)[0].fate == "sent"
    assert bucket.objects[path_of("c.film", FILM)] == FILM


def test_an_altered_file_is_never_sent_as_if_it_were_the_one(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    name = f"7-cam-1{MASKED}"
    kept = unit.keeps((name, STILL))
    (unit.folder / "evidence" / name).write_bytes(STILL[:-1] + b"!")
    assert unit.carrier().carry(kept)[0].fate == "altered"
    assert not bucket.headers


def test_a_file_that_gave_way_or_lies_elsewhere_is_gone(
    bucket: ObjectStore, make_unit: Callable[..., Unit], tmp_path: Path
) -> None:
    unit = make_unit(bucket)
    secret = tmp_path / f"x{MASKED}"
    secret.write_bytes(STILL)
    outside = f"../../x{MASKED}"
    link = f"8-cam-1{MASKED}"
    files = [(f"7-cam-1{MASKED}", STILL), (outside, STILL), (link, STILL)]
    kept = unit.keeps(*files)
    (unit.folder / "evidence" / files[0][0]).unlink()
    (unit.folder / "evidence" / link).unlink()
    (unit.folder / "evidence" / link).symlink_to(secret)
    with pytest.raises(OSError, match="symbolic"):
        unit.carrier().carry(kept)
    (unit.folder / "evidence" / link).unlink()
    assert [one.fate for one in unit.carrier().carry(kept)] == ["gone", "gone", "gone"]
    assert not bucket.headers


def test_a_file_that_the_store_never_takes_does_not_stop_the_others(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    kept = unit.keeps((f"7-a{MASKED}", STILL), (f"7-b{MASKED}", STILL + b"b"))
    bucket.faults.append(says(413))
    assert [one.fate for one in unit.carrier().carry(kept)] == ["refused", "sent"]


def test_the_line_is_never_filled_beyond_what_is_allowed() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(800, now=lambda: now[0], sleep=sleep)  # 100,000 bytes a second
    body = os.urandom(1_000_000)
    let_out = 0
    for piece in pace.pieces(body):
        assert let_out <= now[0] * 100_000 + 1e-3
        let_out += len(piece)
    assert let_out == len(body)
    assert 9.8 < now[0] <= 10.0


def test_tls_with_an_own_ca_and_never_plain(tmp_path: Path, make_unit: Callable[..., Unit]) -> None:
    right, key = certificate(tmp_path, "right")
    wrong, _ = certificate(tmp_path, "wrong")
    with ObjectStore(tls=(right, key)) as store:
        unit = make_unit(store, ca=str(wrong), plain=False)
        kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
        with pytest.raises(Later, match="not trusted"):
            unit.carrier().carry(kept)
        unit.config = replace(unit.config, url=store.url.replace("https", "http"))
        with pytest.raises(Later, match="plain http is not used"):
            unit.carrier().carry(kept)
        assert not store.headers
        unit.config = replace(unit.config, url=store.url, ca=str(right))
        assert unit.carrier().carry(kept)[0].fate == "sent"
        assert store.objects


@pytest.mark.parametrize("keys", ["", "one\n", "a\nb\nc\nd\n", "\xe9\n"])
def test_keys_that_cannot_be_used_are_said_without_them(
    keys: str, bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
    Path(str(unit.config.keys_file)).write_text(keys)
    with pytest.raises(Later, match="keys_file cannot be used"):
        unit.carrier().carry(kept)
    assert not bucket.headers


class Centre:
    """Signs addresses of the bucket for whoever shows the token."""

    def __init__(self, bucket: ObjectStore) -> None:
        self.bucket, self.asked = bucket, list[dict[str, Any]]()
        bucket.signers["/sign"] = self.sign
        self.whole: dict[str, Any] | None = None

    def sign(self, about: dict[str, Any]) -> tuple[int, bytes]:
        self.asked.append(about)
        if about["do"] == "end":
            self.whole = about
            return 204, b""
        url = f"http://127.0.0.1:{self.bucket.port}/parts/{about['sha256']}/{about['part']}?signed=yes"
        return 200, json.dumps({"url": url, "headers": {"x-amz-meta-case": "7"}}).encode()


def test_a_centre_that_signs_addresses_gets_every_part_and_the_token_stays_with_it(
    bucket: ObjectStore, make_unit: Callable[..., Unit], tmp_path: Path
) -> None:
    centre = Centre(bucket)
    token = tmp_path / "token"
    token.write_text("to-the-centre\n")
    url = f"http://127.0.0.1:{bucket.port}/sign"
    unit = make_unit(bucket, kind="presigned", url=url, token_file=str(token), what=("clips",))
    kept = unit.keeps(("c.film", FILM), kind="clip")
    (sent,) = unit.carrier().carry(kept)
    assert (sent.fate, sent.address) == ("sent", "")
    assert b"".join(bucket.objects[f"/parts/{sent.sha256}/{n}"] for n in (1, 2)) == FILM
    assert centre.whole is not None
    assert centre.whole["etags"] == ['"whole"'] * 2
    assert {key: centre.whole[key] for key in ("source", "seq", "name", "sha256", "size", "parts")} == {
        "source": "edge/s/u",
        "seq": kept.seq,
        "name": "c.film",
        "sha256": sent.sha256,
        "size": len(FILM),
        "parts": 2,
    }
    shown = [headers.get("authorization") for headers in bucket.headers]
    assert shown == ["Bearer to-the-centre", None] * 2 + ["Bearer to-the-centre"]


def test_a_signer_that_is_not_there_or_answers_nonsense_is_said(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    url = f"http://127.0.0.1:{bucket.port}/sign"
    unit = make_unit(bucket, kind="presigned", url=url)
    kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
    bucket.faults.append(says(404))
    with pytest.raises(Later, match=r"upload\.url"):
        unit.carrier().carry(kept)
    for nonsense in (b"", b"<html>", b'{"url": 5}', b'{"url": "gopher://x/y"}', b'{"url": "http://[bad"}'):
        bucket.faults.append(says(200, nonsense))
        with pytest.raises(Later):
            unit.carrier().carry(kept)


class Agent:
    """The agent's part: what the process says goes into the records; one that was killed is started again."""

    def __init__(self, unit: Unit) -> None:
        self.unit, self.links, self.deaths = unit, list[Link](), 0
        self.sent: dict[int, tuple[SentFile, ...]] = {}
        self.child = Uplink(unit.config, "edge_agent.tell.upload")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.child.run(self._told, self._stop)
            except Exception:  # noqa: BLE001 (killed: the supervisor starts it again)
                self.deaths += 1

    def _told(self, told: Told) -> None:
        if isinstance(told, Link):
            self.links.append(told)
        elif isinstance(told, Carried):
            self.sent[told.of] = told.files
            self.unit.happened("evidence.sent", of=told.of, files=msgspec.to_builtins(told.files))

    def until(self, holds: Callable[[], object]) -> None:
        until_s = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < until_s, self.links
            time.sleep(0.02)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()


def children(module: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if module.encode() in line and parent == os.getpid():
                found.append(int(entry.name))
    return found


def test_killed_in_the_middle_of_a_film_it_goes_on_with_the_part_that_was_due(
    bucket: ObjectStore, make_unit: Callable[..., Unit], caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.INFO)
    unit = make_unit(bucket, what=("masked", "clips"), most_kbit_s=40_000)
    kept = unit.keeps(("c.film", FILM), kind="clip")
    still = unit.keeps((f"7-cam-1{MASKED}", STILL))
    agent = Agent(unit)
    agent.until(lambda: any(len(mark.etags) == 1 for mark in unit.progress().files.values()))
    for pid in children("edge_agent.tell.upload"):
        os.kill(pid, signal.SIGKILL)
    agent.until(lambda: set(agent.sent) == {kept.seq, still.seq})
    agent.end()
    assert agent.deaths == 1
    assert bucket.objects[path_of("c.film", FILM)] == FILM
    parts = [path.partition("partNumber=")[2][:1] for _, path in bucket.seen if "partNumber" in path]
    assert parts.count("1") == 1
    assert set(parts) == {"1", "2"}
    assert {one.fate for files in agent.sent.values() for one in files} == {"sent"}
    written = (unit.folder / "uploads.json").read_text() + caplog.text + "".join(capfd.readouterr())
    assert SECRET not in written
    assert SECRET.encode() not in agent.child.config_line


def test_a_picture_goes_between_the_parts_of_a_film(bucket: ObjectStore, make_unit: Callable[..., Unit]) -> None:
    unit = make_unit(bucket, what=("masked", "clips"), most_kbit_s=40_000)
    film = FILM + FILM
    kept = unit.keeps(("c.film", film), kind="clip")
    agent = Agent(unit)
    agent.until(lambda: bucket.uploads)
    still = unit.keeps((f"7-cam-1{MASKED}", STILL))
    agent.until(lambda: set(agent.sent) == {kept.seq, still.seq})
    agent.end()
    assert list(agent.sent) == [still.seq, kept.seq]
    assert bucket.objects[path_of("c.film", film)] == film


def test_a_store_that_is_away_is_told_once_and_everything_comes_when_it_is_back(
    make_unit: Callable[..., Unit],
) -> None:
    with ObjectStore() as gone:
        pass
    unit = make_unit(gone)
    kept = [unit.keeps((f"{number}-cam-1{MASKED}", STILL + b"%d" % number)) for number in range(3)]
    agent = Agent(unit)
    agent.until(lambda: agent.links)
    assert not agent.links[0].up
    assert "nothing listens" in agent.links[0].detail.en
    agent.end()
    with ObjectStore() as back:
        unit.config = replace(unit.config, url=back.url)
        agent = Agent(unit)
        agent.until(lambda: set(agent.sent) == {one.seq for one in kept})
        agent.until(lambda: unit.progress().files == {})
        agent.end()
        assert len(back.objects) == 3
        assert [link.up for link in agent.links] == [True]


def test_another_history_than_the_one_that_was_looked_at_is_looked_at_whole(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
    due, _ = waiting(unit.records_reader(), 500, {"masked": 0})
    assert [one.seq for one in due] == [kept.seq]
    unit.happened("evidence.sent", of=kept.seq, files=kept.data["files"])
    assert waiting(unit.records_reader(), 0, {"masked": 0}) == ([], 2)


def test_a_file_of_progress_that_cannot_be_read_is_begun_anew(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    kept = unit.keeps((f"7-cam-1{MASKED}", STILL))
    Path(unit.config.state).write_text('{"settled": "no')
    assert unit.carrier().carry(kept)[0].fate == "sent"


def test_what_the_site_lets_out_later_is_sent_of_what_is_kept_and_only_that(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket)
    still = unit.keeps(("7-cam-1.jpg", STILL), (f"7-cam-1{MASKED}", STILL + b"m"))
    clip = unit.keeps(("P-1/cam-1/a-clip.film", STILL + b"c"), kind="clip")
    old = unit.keeps(("P-1/cam-1/b-clip.film", STILL + b"o"), kind="clip")
    agent = Agent(unit)
    agent.until(lambda: still.seq in agent.sent)
    agent.until(lambda: unit.progress().settled > clip.seq)
    agent.end()
    assert set(bucket.objects) == {path_of(f"7-cam-1{MASKED}", STILL + b"m")}
    (unit.folder / "films" / "P-1/cam-1/b-clip.film").unlink()  # it gave way before anybody wanted it
    unit.config = replace(unit.config, what=("masked", "faces", "clips"))
    agent = Agent(unit)
    agent.until(lambda: {still.seq, clip.seq} <= set(agent.sent))
    told = KeptFile(name="P-1/cam-1/c-clip.film", sha256="0" * 64, size=1)  # wanted, and gone: that is told
    later = unit.happened("evidence.kept", kind="clip", permit="P-1", files=[msgspec.to_builtins(told)])
    agent.until(lambda: later.seq in agent.sent)
    agent.end()
    assert [file.name for file in agent.sent[still.seq]] == ["7-cam-1.jpg"], "the masked copy was there before"
    assert [file.fate for file in agent.sent[later.seq]] == ["gone"]
    assert old.seq not in agent.sent
    puts = [path for method, path in bucket.seen if method == "PUT"]
    assert sorted(path.rsplit("/", 1)[1] for path in puts) == ["7-cam-1.jpg", f"7-cam-1{MASKED}", "a-clip.film"]


def test_a_film_that_has_its_lasting_name_in_a_moment_is_waited_for(
    bucket: ObjectStore, make_unit: Callable[..., Unit]
) -> None:
    unit = make_unit(bucket, what=("clips",))
    agent = Agent(unit)
    agent.until(lambda: "clips" in unit.progress().since)
    film = unit.folder / "films" / "a-clip.film"
    film.with_suffix(".part").write_bytes(STILL)
    told = KeptFile(name=film.name, sha256=hashlib.sha256(STILL).hexdigest(), size=len(STILL))
    kept = unit.happened("evidence.kept", kind="clip", permit="P-1", files=[msgspec.to_builtins(told)])
    marker = unit.keeps(("b-clip.film", STILL + b"2"), kind="clip")
    agent.until(lambda: marker.seq in agent.sent)
    assert kept.seq not in agent.sent
    film.with_suffix(".part").rename(film)
    agent.until(lambda: kept.seq in agent.sent)
    agent.end()
    assert [one.fate for one in agent.sent[kept.seq]] == ["sent"]
