"""`edge-agent recording`: what films there are, whether they are those that the records know, copies, marks."""

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words, WordsError
from edge_agent.field.film import key, names
from edge_agent.field.film.names import FilmFile
from edge_agent.field.film.reader import Film
from edge_agent.ops.folders import DATABASE, EVIDENCE, FILMS
from edge_agent.ops.model import eyes
from edge_agent.ops.recordings.masking import See, masked, masked_still
from edge_agent.ops.recordings.remux import remux
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.hiding import LEAST_SCORE
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.picture_areas import Box
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.settings.site import Settings
from edge_agent.store.chain import EVENT_KIND, AuditRow, event_of, verify
from edge_agent.store.reader import Reader
from edge_agent.tell.evidence import KEEP, stamp_of
from edge_agent.tell.messages import utc_text

EX_USAGE, EX_UNAVAILABLE = 64, 69
SUFFIXES = (".mkv", ".mp4")
STILL = re.compile(r"([0-9]+)-([^/.]+)\.jpg")  # as the evidence keeps it: event and camera
Filed = Callable[[dict[str, Any]], dict[str, Any]]  # a request, and the box's answer


def run(settings: Settings, args: argparse.Namespace, root: Path, filed: Filed) -> int:
    """One command. Raises WordsError for what cannot be done."""
    folder = settings.state_folder / FILMS
    if args.recording_command == "list":
        return _list(folder, args.permit)
    if args.recording_command == "verify":
        return _verify(settings, folder, args.film)
    if args.recording_command == "export" and STILL.fullmatch(args.film):
        return _export_still(settings, args, root, filed)
    if args.recording_command != "export" and args.film.isdecimal():
        return _mark(args, _event_mark(settings, args.film), filed)
    film = _found(folder, args.film)
    if args.recording_command == "export":
        return _export(settings, args, root, film, filed)
    return _mark(args, names.keep_file(film.path), filed)


def _list(folder: Path, permit: str) -> int:
    for film in names.films(folder):
        if permit in {"", film.permit}:
            marks = " ".join(word for word, holds in (("marked", film.marked), ("open", not film.known)) if holds)
            sys.stdout.write(f"{_name(film)}\t{utc_text(film.began_utc)}\t{film.size}\t{marks}\n")
    return 0


def _name(film: FilmFile) -> str:
    return "/".join(film.path.parts[-3:])


def _found(folder: Path, name: str) -> FilmFile:
    for film in names.films(folder):
        if _name(film) == name:
            return film
    raise WordsError(
        Words(f"没有录像 {name}：见 edge-agent recording list", f"no film {name}: see edge-agent recording list")
    )


def known_hashes(settings: Settings) -> dict[str, str]:
    """The SHA-256 of every film by name, out of records whose chain holds. Raises StoreError, WordsError."""
    found: dict[str, str] = {}
    with Reader.open(settings.state_folder / DATABASE) as reader:
        broken = verify(_noted(reader.audit(), found))
    if broken is not None:
        raise WordsError(
            Words(f"记录链在第 {broken.n} 行断开", f"the chain of the records is broken at row {broken.n}")
        )
    return found


def _noted(rows: Iterable[AuditRow], found: dict[str, str]) -> Iterator[AuditRow]:
    """The same rows; what they say of files is noted on the way, so that years of them need no memory."""
    for row in rows:
        event = event_of(row.body) if row.kind == EVENT_KIND else None
        if event is not None and event.type == "evidence.kept":
            found.update((file["name"], file["sha256"]) for file in event.data["files"])
        yield row


def _verify(settings: Settings, folder: Path, name: str) -> int:
    """Each film against its hash in the records. Exit 1 where one is not what it was."""
    known, wrong = known_hashes(settings), 0
    for film in names.films(folder):
        if name not in {"", _name(film)}:
            continue
        with film.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        said = known.get("/".join(film.path.with_suffix(names.KNOWN).parts[-3:]))
        if said is None:
            verdict = "未入档 not in the records (yet)"
        elif said == sha256:
            verdict = "一致 as in the records"
        else:
            verdict, wrong = "不一致 NOT as in the records", wrong + 1
        sys.stdout.write(f"{_name(film)}\t{sha256}\t{verdict}\n")
    return 1 if wrong else 0


def _export(settings: Settings, args: argparse.Namespace, root: Path, film: FilmFile, filed: Filed) -> int:
    table = settings.site.recording
    if table is None:
        raise WordsError(Words("site.toml 中没有 [recording]", "there is no [recording] in site.toml"))
    target: Path = args.out
    if target.suffix not in SUFFIXES or target.exists():
        text = ", ".join(SUFFIXES)
        raise WordsError(Words(f"请给出新文件名（{text}）", f"name a new file ({text}): {target}"))
    opened = Film(film.path, key.read(settings.folder / table.key_file))
    if not _allowed(args, args.film, "raw" if args.raw else "masked", filed):
        return EX_UNAVAILABLE
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if args.raw:
        count = remux(opened, target)
    else:
        camera = settings.site.cameras.get(opened.head.stamp.camera)
        model = args.model if camera is None else camera.model
        areas, hide = ((), ()) if camera is None else (camera.areas, camera.hide)
        count = masked(opened, target, seeing(root, model), areas, hide)
    sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    sys.stdout.write(f"{target}\t{count}\t{sha256}\n")
    if opened.fault is not None:
        sys.stdout.write(f"{opened.fault.zh}\n  {opened.fault.en}\n")
    return 0


def _export_still(settings: Settings, args: argparse.Namespace, root: Path, filed: Filed) -> int:
    """A copy of one still of an event, masked unless raw; what it says of itself goes with it."""
    source, target = settings.state_folder / EVIDENCE / args.film, args.out
    if not source.is_file():
        raise WordsError(Words(f"没有照片 {args.film}", f"there is no still {args.film}"))
    if target.suffix != source.suffix or target.exists():
        raise WordsError(Words("请给出新文件名（.jpg）", f"name a new file (.jpg): {target}"))
    if not _allowed(args, args.film, "raw" if args.raw else "masked", filed):
        return EX_UNAVAILABLE
    jpeg = source.read_bytes()
    if not args.raw:
        camera = settings.site.cameras.get(STILL.sub(r"\2", args.film))
        said = stamp_of(jpeg)
        area = "" if said is None else str(msgspec.json.decode(said).get("area", ""))
        see = seeing(root, args.model if camera is None else camera.model)
        areas, hide = ((), ()) if camera is None else (camera.areas, camera.hide)
        jpeg = masked_still(jpeg, see, areas, area, hide)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(jpeg)
    sys.stdout.write(f"{target}\t1\t{hashlib.sha256(jpeg).hexdigest()}\n")
    return 0


def seeing(root: Path, model: str) -> See:
    """What finds the people in a picture: a model of the box."""
    looks = eyes.named(root / "models", model, Wanted())
    person = looks.entry.labels.index(PERSON)

    def see(picture: Picture) -> list[Box]:
        height, width = picture.shape[:2]
        found = looks.look(picture, LEAST_SCORE)
        people = found.only((found.labels == person) & (found.scores >= LEAST_SCORE))
        return [(x1 / width, y1 / height, x2 / width, y2 / height) for x1, y1, x2, y2 in people.corners.tolist()]

    return see


def _event_mark(settings: Settings, seq: str) -> Path:
    """The mark of an event's curves and stills."""
    file = settings.state_folder / EVIDENCE / f"{int(seq)}.json"
    if not file.exists():
        raise WordsError(Words(f"事件 {seq} 没有留存证据", f"nothing is kept of event {seq}"))
    return file.with_suffix(KEEP)


def _mark(args: argparse.Namespace, mark: Path, filed: Filed) -> int:
    """Set or take away, once the box has said yes."""
    keep = args.recording_command == "keep"
    if not _allowed(args, args.film, "keep" if keep else "let_go", filed):
        return EX_UNAVAILABLE
    if keep:
        mark.write_bytes(msgspec.json.encode({"by": args.by, "reason": args.reason}))
    else:
        mark.unlink(missing_ok=True)
    return 0


def _allowed(args: argparse.Namespace, film: str, deed: str, filed: Filed) -> bool:
    """Whether the box says yes, which is on record then."""
    asked = {"ask": Ask.FILM.value, "person": args.by, "about": [film, deed], "reason": args.reason}
    answer = filed(asked)
    for reason in answer.get("reasons", ()):
        sys.stderr.write(f"{reason['zh']} / {reason['en']}\n")
    return bool(answer["accepted"])
