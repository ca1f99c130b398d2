"""The worker that fetches the file of an offered model, where the offer says from where and the site allows it."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from edge_agent.clock import Clock
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.request import Asked, ModelSettled
from edge_agent.domain.words import Words
from edge_agent.ops.folders import OFFERED
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


class Fetching:
    """A worker of the supervisor, on a box with cameras whose site has [fetch]."""

    def __init__(
        self, settings: Settings, table: FetchTable, clock: Clock,
        known: Callable[[], Mapping[str, CentreRecord]], ask: Callable[[Asked], object],
    ) -> None:  # fmt: skip
        """`known` gives the centre's copies; `ask` takes what is for the record."""
        self._table, self._clock, self._known, self._ask = table, clock, known, ask
        self._folder = settings.state_folder / OFFERED
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
        record = self._known().get("model")
        if record is None or record.model is None or record.model.url is None or record.live is not None:
            return
        now_s = self._clock.monotonic()
        if record.version != self._version:
            self._version, self._over, self._wrong, self._since_s = record.version, False, 0, now_s
            self._retry = Retry(longest_s=LONGEST_RETRY_S, at_s=now_s)
        target = self._folder / f"{record.model.sha256}.zip"
        if self._over or now_s < self._retry.at_s or target.exists():
            return
        self._tidy(target)
        told = self._tried(record.model, target, stop)
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

    def _tried(self, offer: ModelOffer, target: Path, stop: threading.Event) -> Fetched | None:
        """What a process of its own says; None where the box ends or another offer came meanwhile."""
        assert offer.url is not None  # noqa: S101 (`look` saw it)
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
                record = self._known().get("model")
                if stop.is_set() or record is None or record.version != self._version:
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
        log.warning("the offered model is not here: %s", told.words.en)
        if self._wrong >= MOST_WRONG or now_s - self._since_s >= GIVE_UP_S:
            self._over = True
            self._refuse(record, told.words)

    def _refuse(self, record: CentreRecord, why: Words) -> None:
        assert record.model is not None  # noqa: S101 (`look` saw it)
        self._ask(
            ModelSettled(
                id=f"model-{record.version}",
                at_s=self._clock.monotonic(),
                version=record.version,
                name=record.model.name,
                sha256=record.model.sha256,
                reasons=(Words(f"未能取到文件：{why.zh}", f"its file could not be fetched: {why.en}"),),
            )
        )
