"""Files of the settings on the disk: new texts beside the old ones, taken by renames, finished after a crash.

Several that belong together are taken as one: a list of them stands on the disk before the first rename, so that a
box that ends between two of them goes on with the list when it starts.
"""

import hashlib
import json
import logging
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from edge_agent.store.errors import StoreError
from edge_agent.store.folder import put, sync_folder, write
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader

log = logging.getLogger(__name__)

LAST_GOOD = ".last-good"
CHANGED = "settings.changed"
TAKING = ".settings.taking"
NEW = ".new"
CLOSED = 0o600  # of files that hold a secret


def digest(text: bytes) -> str:
    """By what a text is known; that of a file that is not there is the empty one's."""
    return hashlib.sha256(text).hexdigest()


def text_of(file: Path) -> bytes:
    """What stands there now; nothing where there is no file."""
    return file.read_bytes() if file.exists() else b""


def lay(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Put new texts beside the files, on the disk. Raises OSError."""
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        write(beside(file), text, stat.S_IMODE(file.stat().st_mode) if file.exists() else None)


def drop(folder: Path, names: Mapping[str, bytes]) -> None:
    """What was laid and is not wanted."""
    for name in names:
        beside(folder / name).unlink(missing_ok=True)


def take(folder: Path, names: tuple[str, ...]) -> None:
    """What was laid becomes the files. At every moment each of them is there, and whole."""
    listed = folder / TAKING
    if len(names) > 1:
        put(listed, json.dumps(names).encode())
    for name in names:
        _take(folder / name)
    listed.unlink(missing_ok=True)
    sync_folder(folder)


def go_on(folder: Path) -> bool:
    """Finish what was being taken when the box ended, before anybody reads the settings. Raises OSError."""
    listed = folder / TAKING
    if not listed.exists():
        return False
    for name in json.loads(listed.read_bytes()):
        if beside(folder / name).exists():
            _take(folder / name)
    listed.unlink()
    sync_folder(folder)
    return True


def finish(folder: Path, records: Path) -> bool:
    """Take what the brain had accepted when the box ended, if anything. A text that nobody accepted is dropped."""
    laid = {name: one for name, one in _laid(folder).items() if one.exists()}
    if not laid:
        return False
    accepted = _accepted(records)
    good = tuple(name for name, one in laid.items() if digest(one.read_bytes()) == accepted.get(name))
    whole = accepted.keys() == set(good)  # half of what belongs together is taken never
    for name, one in laid.items():
        if name not in good or not whole:
            log.warning("%s was accepted by nobody: it is dropped", one)
            one.unlink()
    if good and whole:
        take(folder, good)
    return bool(good) and whole


def _laid(folder: Path) -> dict[str, Path]:
    """Files with another text beside them, by their name in the bundle."""
    found = [*folder.glob(f".*.toml{NEW}"), *folder.glob(f"rulebooks/.*.toml{NEW}")]
    names = {one: one.with_name(one.name.removesuffix(NEW)[1:]).relative_to(folder) for one in found}
    return {str(name): one for one, name in names.items()}


def _accepted(records: Path) -> dict[str, str]:
    """The hashes of the texts that were accepted last, by file."""
    try:
        with Reader.open(records) as store:
            events = store.recent(1, Wanted(type=CHANGED))
    except StoreError as fault:
        log.warning("nobody knows which settings were accepted: %s", fault)
        return {}
    return {one["file"]: one["sha256"] for event in events for one in (event.data, *event.data.get("also", ()))}


def texts_of(file: Path) -> Iterator[Path]:
    """Every text of a file that could count again: as it is, as it was, as it may become."""
    yield from file.parent.glob(f"{file.name}*")
    yield from file.parent.glob(f".{file.name}*{NEW}")


def beside(file: Path) -> Path:
    """Where another text of a file lies until it is taken."""
    return file.with_name(f".{file.name}{NEW}")


def _take(file: Path) -> None:
    if file.exists():
        put(file.with_name(file.name + LAST_GOOD), file.read_bytes())
    beside(file).replace(file)
    sync_folder(file.parent)
