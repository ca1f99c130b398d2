"""The worker that fetches the file of an offered model or of an ordered version, from where the site allows it."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.noted import ModelSettled, UpdateSettled
from edge_agent.domain.words import Words
from edge_agent.ops.folders import OFFERED, UPDATES
from edge_agent.settings.site import Settings
from edge_agent.settings.site_upload import FetchTable, HttpTable
from edge_agent.tell.fetch.getting import PART
from edge_agent.tell.fetch.wire import HERE, WRONG, FetchConfig, Fetched
from edge_agent.tell.retry import Retry

log = logging.getLogger(__name__)

LOOK_S = 1.0
LONGEST_RETRY_S = 600.0
GIVE_UP_S = 86_400.0  # after a day without the file the offer is refused: the centre makes another one
MOST_WRONG = 2  # whole files with other bytes than were signed for
BROKE = Words("取文件的程序出错", "the program that fetches broke")


class Kind(Struct, frozen=True, kw_only=True):
    """What is fetched: the centre's copy that says so, and where its file lies."""

    id: str
    folder: str
    suffix: str


class _File(Struct, frozen=True, kw_only=True):
    url: str
    sha256: str
    size: int


MODEL = Kind(id="model", folder=OFFERED, suffix=".zip")
UPDATE = Kind(id="update", folder=UPDATES, suffix=".tar")
MOST_BUNDLES = 2  # of versions that lie on the disk: the one that is fetched, and the newest of those before


class Fetching:
    """A worker of the supervisor, on a box whose site has [fetch]."""

    def __init__(  # noqa: PLR0913, PLR0917 (whom it asks, whom it tells)
        self, settings: Settings, table: FetchTable, clock: Clock,
        known: Callable[[], Mapping[str, CentreRecord]], ask: Callable[[Asked], object],
        kind: Kind = MODEL, busy: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        """`known` gives the centre's copies; `ask` takes what is for the record. While `busy` it waits."""
        self._table, self._clock, self._known, self._ask = table, clock, known, ask
        self._kind, self._busy = kind, busy
        self._folder = settings.state_folder / kind.folder
        self._version = 0  # of the offer that the rest is about
        self._over = False  # it is here, or was given up
        self._wrong = 0
        self._retry = Retry(longest_s=LONGEST_RETRY_S)
        self._since_s = 0.0

    def run(self, stop: threading.Event) -> None:
        """Fetch until `stop`."""
        while not stop.wait(LOOK_S):
            self.look(stop)

    def look(self, stop: threading.Event) -> None:
        """One try, if one is due."""
        record = self._known().get(self._kind.id)
        file = None if record is None else _file(record)
        if record is None or file is None or record.live is not None or self._busy():
            return
        now_s = self._clock.monotonic()
        if record.version != self._version:
            self._version, self._over, self._wrong, self._since_s = record.version, False, 0, now_s
            self._retry = Retry(longest_s=LONGEST_RETRY_S, at_s=now_s)
        target = self._folder / f"{file.sha256}{self._kind.suffix}"
        if self._over or now_s < self._retry.at_s or target.exists():
            return
        self._tidy(target)
        told = self._tried(file, target, stop)
        if told is not None:
            self._settle(record, told)

    def _tidy(self, target: Path) -> None:
        """What was begun of other offers is of no use; so a box is never filled by offers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob(f"*{PART}"):
            if old != target.with_suffix(PART):
                old.unlink(missing_ok=True)
        for old in self._folder.glob("*.zip"):
            if old.with_suffix("").is_dir():  # unpacked, and judged by now
                old.unlink(missing_ok=True)
        bundles = sorted(self._folder.glob(f"*{UPDATE.suffix}"), key=lambda path: path.stat().st_mtime)
        for old in bundles[: 1 - MOST_BUNDLES]:
            old.unlink(missing_ok=True)

    def _tried(self, offer: _File, target: Path, stop: threading.Event) -> Fetched | None:
        """What a process of its own says; None where the box ends, work begins, or another offer came."""
        same = {name: getattr(self._table, name) for name in HttpTable.__struct_fields__}
        asked: bytes | None = msgspec.json.encode(
            FetchConfig(**same, url=offer.url, sha256=offer.sha256, size=offer.size, target=str(target))
        )
        command = (sys.executable, "-m", "edge_agent.tell.fetch")
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
            while True:
                try:
                    said, _ = child.communicate(asked, timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    asked = None
                record = self._known().get(self._kind.id)
                gone = record is None or record.version != self._version
                if stop.is_set() or gone or self._busy():
                    child.kill()
                    return None
        try:
            return msgspec.json.decode(said, type=Fetched)
        except msgspec.DecodeError:
            return Fetched(how="later", words=BROKE)

    def _settle(self, record: CentreRecord, told: Fetched) -> None:
        now_s = self._clock.monotonic()
        if told.how == HERE:
            self._over = True
            return
        self._wrong += told.how == WRONG
        self._retry.failed(now_s)
        log.warning("the file of the %s is not here: %s", self._kind.id, told.words.en)
        if self._wrong >= MOST_WRONG or now_s - self._since_s >= GIVE_UP_S:
            self._over = True
            self._refuse(record, told.words)

    def _refuse(self, record: CentreRecord, why: Words) -> None:
        reasons = (Words(f"未能取到文件：{why.zh}", f"its file could not be fetched: {why.en}"),)
        told = _refusal(record, reasons, self._clock.monotonic())
        if told is not None:
            self._ask(told)


def _file(record: CentreRecord) -> _File | None:
    """What is to be fetched for it; None where somebody puts it there."""
    body: ModelOffer | UpdateOrder | None = record.model or record.update
    if body is None or body.url is None or body.size is None:
        return None
    return _File(url=body.url, sha256=body.sha256, size=body.size)


def _refusal(record: CentreRecord, reasons: tuple[Words, ...], now_s: float) -> Asked | None:
    match record.model or record.update:
        case ModelOffer() as offer:
            return ModelSettled(
                id=f"model-{record.version}", at_s=now_s, version=record.version, name=offer.name,
                sha256=offer.sha256, reasons=reasons,
            )  # fmt: skip
        case UpdateOrder() as order:
            return UpdateSettled(
                id=f"update-{record.version}", at_s=now_s, version=record.version, release=order.release,
                sha256=order.sha256, wave=order.wave, passed=False, reasons=reasons,
            )  # fmt: skip
    return None
