"""The process that carries evidence away: `python -m edge_agent.tell.upload`, configuration as a line on stdin.

It reads the agent's database and folders, writes one small file of its own, and speaks HTTP. The agent closes its
stdin to end it, and kills it while a request hangs: what was not answered is sent again. A piece of evidence is
done when the event `evidence.sent` stands in the records; until then it is told again after a while.
"""

import os
import sys
import time
from pathlib import Path

import msgspec

from edge_agent.domain.noted import SentFile
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import Words
from edge_agent.field import system_words
from edge_agent.field.ready import readable
from edge_agent.store.errors import StoreError
from edge_agent.store.far_folder import HangsError
from edge_agent.store.reader import Reader
from edge_agent.tell import link
from edge_agent.tell.retry import Retry
from edge_agent.tell.upload.advance import More
from edge_agent.tell.upload.backups import Backups
from edge_agent.tell.upload.carrier import Carrier
from edge_agent.tell.upload.door import Door, Later
from edge_agent.tell.upload.parcels import coming, folder_of
from edge_agent.tell.upload.progress import Kept
from edge_agent.tell.upload.waiting import waiting
from edge_agent.tell.upload.ways import way_of
from edge_agent.tell.upload.wire import UploadConfig
from edge_agent.tell.wire import Carried, Line, Link

LOOK_S = 1.0  # how soon new evidence is noticed
BACKUP_LOOK_S = 30.0  # they come once a night, and their folder may lie on another machine
LONGEST_RETRY_S = 60.0  # until anything is tried again
LONGEST_ONE_S = 600.0  # until the same piece is
TELL_AGAIN_S = 60.0  # the agent has not written down what we told: its disk fails, or it was killed


class Sender:
    """One loop, one thread."""

    def __init__(  # noqa: PLR0913, PLR0917 (what it carries, and where it looks)
        self,
        config: UploadConfig,
        reader: Reader,
        carrier: Carrier,
        kept: Kept,
        stdout: int,
        backups: Backups | None,
    ) -> None:
        """`stdout` is the file descriptor of the agent's pipe."""
        self._backups, self._backup_retry = backups, Retry(longest_s=LONGEST_ONE_S)
        self._backup_look_s = 0.0
        self._config, self._reader, self._carrier, self._kept = config, reader, carrier, kept
        self._stdout = stdout
        self._retry: dict[int, Retry] = {}  # by number of the event: one that fails does not hold up the others
        self._told: dict[int, float] = {}
        self._link: Link | None = None
        self._open = False  # what the site lets out now is written down
        self._store = Retry(longest_s=LONGEST_RETRY_S)

    def look(self, now_s: float) -> bool:
        """Carry the first that waits and whose time has come, pictures before films; whether something was sent.

        Raises StoreError, BrokenPipeError.
        """
        if not self._lets_out():
            return False
        progress = self._kept.now
        due, newest = waiting(self._reader, progress.settled, progress.since, self._there)
        numbers = frozenset(event.seq for event in due)
        self._retry = {seq: retry for seq, retry in self._retry.items() if seq in numbers}
        self._told = {seq: told for seq, told in self._told.items() if seq in numbers}
        self._settle(min(numbers, default=newest + 1) - 1, numbers)
        for seq in [seq for seq, told_s in self._told.items() if now_s - told_s >= TELL_AGAIN_S]:
            del self._told[seq]  # carried anew: every file has its fate on the disk, so that nothing is sent
        ready = [event for event in due if event.seq not in self._told and now_s >= self._retry_of(event.seq).at_s]
        ready = [event for event in ready if not self._coming(event)]
        if now_s < self._store.at_s:
            return False
        if not ready:
            return self._backed_up(now_s)
        return self._carried(min(ready, key=lambda event: (event.data["kind"] != "still", event.seq)))

    def _backed_up(self, now_s: float) -> bool:
        """A part of the newest backup, while no evidence waits."""
        if self._backups is None or now_s < max(self._backup_retry.at_s, self._backup_look_s):
            return False
        try:
            name = self._backups.due()
            if name is None:
                self._backup_look_s = now_s + BACKUP_LOOK_S
                return False
            self._backups.carry(name)
        except Later as later:
            self._backup_failed(now_s, later.words)
            return False
        except OSError as fault:
            why = system_words.of(fault)
            words = Words(f"备份读写失败：{why.zh}", f"reading the backup: {why.en}")
            self._backup_failed(now_s, fault.words if isinstance(fault, HangsError) else words)
            return False
        self._store.worked()
        self._backup_retry.worked()
        self._say_link(Link(up=True, detail=link.UP))
        return True

    def _backup_failed(self, now_s: float, why: Words) -> None:
        """It is tried again after a longer while, and holds up no evidence."""
        self._backup_retry.failed(now_s)
        self._say_link(Link(up=False, detail=why))

    def _lets_out(self) -> bool:
        """Once: write down what the site lets out now; whether it stands. Raises StoreError."""
        if not self._open:
            newest = next((event.seq for event in self._reader.recent(1)), 0)
            try:
                self._kept.lets_out(self._config.what, newest)
            except OSError as fault:
                self._say_link(Link(up=False, detail=_unwritable(fault)))
                return False
            self._open = True
        return True

    def _there(self, kind: str, name: str) -> bool:
        path = folder_of(self._config, kind) / name
        return path.is_file() or coming(path)

    def _coming(self, event: Event) -> bool:
        folder = folder_of(self._config, event.data["kind"])
        return any(coming(folder / file["name"]) for file in event.data["files"])

    def _retry_of(self, seq: int) -> Retry:
        return self._retry.setdefault(seq, Retry(longest_s=LONGEST_ONE_S))

    def _carried(self, event: Event) -> bool:
        files: tuple[SentFile, ...] | None = None
        try:
            files = self._carrier.carry(event)
        except More:
            pass
        except Later as later:
            self._failed(event.seq, later.words)
            return False
        except OSError as fault:
            words = Words(f"证据读写失败：{fault.strerror}", f"evidence on our disk: {fault.strerror}")
            self._failed(event.seq, words)
            return False
        self._store.worked()
        self._retry.pop(event.seq, None)
        self._say_link(Link(up=True, detail=link.UP))
        if files is not None:
            self._tell(event, files)
        return True

    def _tell(self, event: Event, files: tuple[SentFile, ...]) -> None:
        self._told[event.seq] = time.monotonic()
        self._say(Line(carried=Carried(of=event.seq, permit=event.data.get("permit", ""), files=files)))

    def _failed(self, seq: int, why: Words) -> None:
        """Anything again after a while, and this piece after a longer one."""
        now_s = time.monotonic()
        self._store.failed(now_s)
        self._retry_of(seq).failed(now_s)
        self._say_link(Link(up=False, detail=why))

    def _settle(self, upto: int, numbers: frozenset[int]) -> None:
        try:
            self._kept.settle(upto, numbers)
        except OSError as fault:
            self._say_link(Link(up=False, detail=_unwritable(fault)))

    def _say_link(self, link_: Link) -> None:
        if link_ != self._link:
            self._link = link_
            self._say(Line(link=link_))

    def _say(self, line: Line) -> None:
        data = memoryview(msgspec.json.encode(line) + b"\n")
        while data:
            data = data[os.write(self._stdout, data) :]


def _unwritable(fault: OSError) -> Words:
    return Words(f"进度写不下：{fault.strerror}", f"progress cannot be written: {fault.strerror}")


def main() -> int:
    """Run until the agent closes our stdin. Exit 0 then; 70 when the store cannot be read."""
    os.nice(10)  # pictures can wait; whatever guards goes first
    config = msgspec.json.decode(sys.stdin.buffer.readline(), type=UploadConfig)
    stdin, stdout = sys.stdin.fileno(), sys.stdout.fileno()
    kept = Kept(Path(config.state))
    way = way_of(config, Door(config), site=config.site, unit=config.unit)
    carrier = Carrier(config, way, kept)
    backups = None if config.backup is None else Backups(config, config.backup, way)
    try:
        with Reader.open(Path(config.store)) as reader:
            sender = Sender(config, reader, carrier, kept, stdout, backups)
            while True:
                wait_s = 0.0 if sender.look(time.monotonic()) else LOOK_S
                if readable(stdin, wait_s) and not os.read(stdin, 65536):
                    return 0
    except StoreError as fault:
        print(f"upload: {fault}", file=sys.stderr)  # noqa: T201 (stderr is the journal of the service)
        return 70
    except BrokenPipeError:
        return 0  # the agent is gone


if __name__ == "__main__":
    sys.exit(main())
