"""One update from the bundle to its verdict. Every step may be the last: what is left is a version that runs."""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.decide.settings_effect import fall_words
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.words import Words, WordsError, joined
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.release.manifest import Release
from edge_agent.ops.update import gate, plant
from edge_agent.ops.update.arguments import LIMIT_S
from edge_agent.ops.update.services import Services
from edge_agent.ops.update.taking import Rules, accepts, taken
from edge_agent.ops.update.versions import Versions, version_of
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.tell.live import LIVE_S
from edge_agent.tell.live_file import LIVE, read_live

log = logging.getLogger(__name__)

STEADY_S = 15.0  # for so long nothing may speak against it
LOOK_S = 1.0
MOST_STARTS = 2  # a version that dies so often is no good: nobody waits for the limit
STATE = "state.json"
FINAL = frozenset({"passed", "rolled_back", "refused"})  # states that no later look changes


class Busy(WordsError):  # noqa: N818 (a refusal: later, perhaps)
    """Somebody is at work, or a machine runs that the box would stop."""


class Told(Struct, frozen=True, kw_only=True):
    """What became of the last update, for the centre and for people (`state.json`, readable by everybody)."""

    version: str
    state: str  # trial, passed, rolled_back, refused, waiting
    words: Words
    at_utc: float
    sha256: str = ""  # of the order's bundle, where the centre ordered it
    wave: int = 0


class Updater:
    """`update` under the lock. `look` and `wait` are handed in by tests that have no systemd."""

    def __init__(
        self, settings: Settings, versions: Versions, services: Services, *, limit_s: float = LIMIT_S
    ) -> None:
        """Nothing happens yet."""
        self._settings, self._versions, self._services = settings, versions, services
        self._old_picture = (0, 0)
        self.interlocks_off = False  # whether somebody who answers for the plant has agreed that they fall
        self.order: UpdateOrder | None = None  # whose it is, where the centre ordered it
        self.limit_s, self.steady_s, self.look_s = limit_s, STEADY_S, LOOK_S
        self.said: Callable[[Words], None] = lambda words: log.info("%s / %s", words.zh, words.en)

    def update(self, bundle: Path, rules: Rules) -> Told:
        """The verdict: passed or rolled back. Raises BadRelease and Busy, with the old version as it was."""
        with locked(self._versions):
            self.recover()
            release = taken(bundle, self._versions, rules)
            self._say(f"{release.version} 已验签并就位", f"{release.version}: its seal holds, it lies ready")
            new = self._versions.base / "versions" / release.version
            refused = accepts(new, self._settings.folder)
            if refused is not None:
                return self._tell(release, "refused", refused)
            nobody_at_work(self._settings)
            self.nothing_falls()
            return self._tried(release)

    def nothing_falls(self) -> None:
        """Unless somebody has agreed to it, who is told once more what goes off. Raises Busy."""
        outputs = plant.falls(self._settings, self._seen())
        if outputs and not self.interlocks_off:
            raise Busy(plant.refused(outputs))
        if outputs:
            self.said(fall_words(outputs))

    def recover(self) -> bool:
        """A judge who was killed left a trial open: it has not passed. True if there was one."""
        if not self._versions.settle():
            return False
        self._say("上次更新中断，已回退", "the last update was cut short: back to the version before it")
        self._services.stop()
        self._services.start()
        return True

    def _tried(self, release: Release) -> Told:
        before = self._seen()
        if before.live is None:
            self._say("现用版本没有在监护", "the version before does not guard: only its own faults are compared")
        try:
            self._services.stop()
            # nor did anybody begin since: nothing can be begun while the agent is down
            nobody_at_work(self._settings)
            self._versions.begin(release.version)
            self._tell(release, "trial", Words("试运行", "on trial"))
        except BaseException:  # a full disk, too: the box guards on with the version that it had
            self._back()
            raise
        self._old_picture = self._picture()
        self._services.start()
        why = self._judged(before)
        if not why:
            self._versions.passed()
            return self._tell(release, "passed", Words("通过", "passed"))
        self._services.stop()
        self._back()
        return self._tell(release, "rolled_back", joined(why))

    def _back(self) -> None:
        try:
            self._versions.settle()
        finally:
            self._services.start()

    def _judged(self, before: gate.Seen) -> list[Words]:
        """What speaks against the version on trial, at the end of its time; empty: it passed."""
        lib = str(self._versions.chosen())
        end_s, good_since_s = time.monotonic() + self.limit_s, float("inf")
        while True:
            time.sleep(self.look_s)
            now_s, seen = time.monotonic(), self._seen()
            why = gate.against(before, seen, lib)
            good_since_s = min(good_since_s, now_s) if not why else float("inf")
            if now_s - good_since_s >= self.steady_s:
                return []
            if seen.starts >= MOST_STARTS:
                return [Words("程序反复退出", f"the agent ended {seen.starts} times"), *why]
            if now_s >= end_s:
                return why or [Words("未能稳定运行", "it was not steady")]

    def _seen(self) -> gate.Seen:
        new = self._picture() != self._old_picture  # what the version before has left behind counts for nothing
        live = read_live(self._settings.runtime_folder) if new else None
        if live is not None and abs(time.time() - live.at_utc) > LIVE_S:
            live = None
        services = self._services
        return gate.Seen(
            lib=services.agent(),
            starts=services.starts(),
            pages=services.pages(),
            live=live,
            events=self._events(),
        )

    def _picture(self) -> tuple[int, int]:
        try:
            told = (self._settings.runtime_folder / LIVE).stat()
        except OSError:
            return (0, 0)
        return (told.st_ino, told.st_mtime_ns)

    def _events(self) -> int:
        try:
            with Reader.open(self._settings.state_folder / DATABASE) as reader:
                newest = reader.recent(1)
        except StoreError:
            return -1
        return newest[0].seq if newest else 0

    def _say(self, zh: str, en: str) -> None:
        self.said(Words(zh, en))

    def _tell(self, release: Release, state: str, words: Words) -> Told:
        told = told_of(release.version, state, words, self.order)
        keep(self._versions, told)
        self.said(Words(f"{release.version}：{words.zh}", f"{release.version} {state}: {words.en}"))
        return told


def nobody_at_work(settings: Settings) -> None:
    """By the records, which hold each decision of the agent before it acts on it. Raises Busy."""
    path = settings.state_folder / DATABASE
    if not path.exists():
        return
    try:
        with Reader.open(path) as reader:
            busy = [permit.ticket.id for permit in reader.permits() if permit.busy]
    except StoreError as fault:
        zh, en = (
            f"记录打不开，无法确认是否有人作业：{fault}",
            f"whether anybody is at work is not known: {fault}",
        )
        raise Busy(Words(zh, en)) from fault
    if busy:
        names = ", ".join(busy)
        zh = f"作业票 {names} 正在进行（作业中、有人未出或动火监护中），结束后再更新"
        raise Busy(Words(zh, f"{names}: at work, somebody inside, or a fire watch; the update waits for its end"))


def told_of(version: str, state: str, words: Words, order: UpdateOrder | None) -> Told:
    """With whose order it was."""
    sha256, wave = ("", 0) if order is None else (order.sha256, order.wave)
    return Told(version=version, state=state, words=words, at_utc=time.time(), sha256=sha256, wave=wave)


def keep(versions: Versions, told: Told) -> None:
    """Replace `state.json`; never half written."""
    half = versions.base / f".{STATE}.new"
    versions.disk.write(half, msgspec.json.encode(told))
    half.chmod(0o644)
    versions.disk.rename(half, versions.base / STATE)
    versions.disk.sync(versions.base)


def kept(versions: Versions) -> Told | None:
    """What became of the last update; None where there was none."""
    try:
        return msgspec.json.decode((versions.base / STATE).read_bytes(), type=Told)
    except (OSError, msgspec.DecodeError):
        return None


@contextmanager
def locked(versions: Versions) -> Iterator[None]:
    """One update at a time; the kernel frees it when the process ends. Raises Busy."""
    versions.disk.make_folder(versions.base)
    with (versions.base / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise Busy(Words("另一次更新正在进行", "another update is under way")) from fault
        yield


def standing(versions: Versions) -> Iterator[str]:
    """Which version counts, which lie beside it, and what became of the last update, in words."""
    told = kept(versions)
    yield f"{version_of(versions.chosen())}  {versions.chosen()}"
    yield f"安装包 package: {version_of(versions.built_in)}; 另有 beside it: {', '.join(versions.kept()) or '-'}"
    if versions.on_trial():
        yield "试运行中 on trial"
    if told is not None:
        yield f"{told.version} {told.state}: {told.words.zh} / {told.words.en}"
