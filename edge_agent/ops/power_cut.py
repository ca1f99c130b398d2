"""The mains are gone: what is known goes onto the disk at once, and people hear for how long the battery lasts.

Films need no closing: each second of one is sealed by itself. While the mains stay away all of it is done
again now and then, so that the battery's last minute loses seconds.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from msgspec.structs import replace

from edge_agent.agent.brain import Brain
from edge_agent.clock import Clock
from edge_agent.decide.state import State
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.contacts import read
from edge_agent.ops.nut import asked
from edge_agent.ops.supply import Supply
from edge_agent.ops.supply_told import Fed
from edge_agent.settings.site import Settings

log = logging.getLogger(__name__)

LOOK_S = 1.0
AGAIN_S = 10.0
CHECKPOINT_S = 2.0  # the brain does it within its next step
SEEN_S = 15.0  # a look is each second, and takes 2 s where upsd does not answer
UNSEEN = Words("供电状态久未更新", "nobody has looked at the supply for a while")
UNKNOWN = Words("系统不报告供电状态", "the system does not say what feeds the box")


class PowerCut:
    """A worker of the supervisor."""

    def __init__(
        self, settings: Settings, clock: Clock, brain: Brain, look: Callable[[], Supply] | None = None
    ) -> None:
        """`look` asks whoever knows what feeds the box, where [power] ups names somebody."""
        self._settings, self._clock, self._brain = settings, clock, brain
        self._look = None if settings.site.power.ups == "none" else look or asked(settings.site.power)
        self._told: dict[str, tuple[bool, Words]] = {}
        self._away = False  # as whoever knows said last: a silence after that takes nothing back
        self._lost_s: float | None = None  # since when the mains are away
        self._kept_s = 0.0
        self._fed: tuple[float, Fed] | None = None  # when it was looked at, and what was seen

    def run(self, stop: threading.Event) -> None:
        """Look each second until `stop`."""
        while not stop.wait(LOOK_S):
            self.look()

    def look(self) -> None:
        """Tell what feeds the box; on its battery, put what is known onto the disk."""
        now_s, state = self._clock.monotonic(), self._brain.state
        known = None if self._look is None else self._look()
        if known is not None and known.on_mains is not None:
            self._away = not known.on_mains
        lost = contacts_say_lost(self._settings, state) or self._away
        if known is not None:
            self._tell_of(known, state, now_s, lost=lost)
        self._see(known, now_s, lost=lost)
        if not lost:
            if self._lost_s is not None:
                self._tell("on_disk", NOTHING, ok=True)
            self._lost_s = None
            return
        first = self._lost_s is None
        if first:
            self._lost_s = now_s
            log.warning("the mains are gone: what is known is being put on the disk")
        if first or now_s - self._kept_s >= AGAIN_S:
            self._kept_s = now_s
            self._put_on_disk()

    def _tell_of(self, known: Supply, state: State, now_s: float, *, lost: bool) -> None:
        """Not known is a word of its own: neither "the mains are there" nor "it runs on its battery"."""
        unknown = known.on_mains is None
        self._tell("supply", known.why or UNKNOWN if unknown else NOTHING, ok=not unknown)
        if not unknown:
            self._tell("power", _about(known), ok=known.on_mains is True)
        if lost or not unknown:
            said = replace(known, on_mains=False) if unknown else known
            ok, detail = lasts(self._settings, state, said, now_s)
            self._tell("ups", detail, ok=ok)

    def _see(self, known: Supply | None, now_s: float, *, lost: bool) -> None:
        """For people: a change begins now, anything else goes on."""
        mains = contacts_of_mains(self._settings, self._brain.state)
        says = None if known is None else known.on_mains
        on_mains = False if lost else says if says is not None else all(mains) if mains else None
        before = None if self._fed is None else self._fed[1]
        goes_on = before is not None and before.on_mains is on_mains
        since_utc = before.since_utc if before is not None and goes_on else self._clock.instant().utc
        self._fed = now_s, Fed(on_mains=on_mains, since_utc=since_utc, known=known)

    def fed(self) -> Fed:
        """What feeds the box; not known where nobody has looked for a while. For any thread."""
        seen = self._fed
        if seen is None or self._clock.monotonic() - seen[0] > SEEN_S:
            return Fed(on_mains=None, known=None if self._look is None else Supply(on_mains=None, why=UNSEEN))
        return seen[1]

    def _put_on_disk(self) -> None:
        keeper = self._brain.keeper
        keeper.flush()
        done = keeper.checkpoint().wait(CHECKPOINT_S)
        os.sync()
        if not done:
            log.warning("not all could be put on the disk: %s", "the database took too long, or refuses")
            self._tell("on_disk", Words("断电存盘未完成", "not all is on the disk"), ok=False)
            return
        at = time.strftime("%H:%M:%SZ", time.gmtime(self._clock.instant().utc))
        self._tell("on_disk", Words(f"{at} 已全部存盘", f"all of it is on the disk, {at}"), ok=True)

    def _tell(self, part: str, detail: Words, *, ok: bool) -> None:
        if self._told.get(part) != (ok, detail):
            self._told[part] = (ok, detail)
            self._brain.deliver(DeviceHealth(source=part, at_s=self._clock.monotonic(), ok=ok, detail=detail))


def contacts_say_lost(settings: Settings, state: State) -> bool:
    """Whether a contact of the box's supply was read, and says that the mains are away."""
    return not all(contacts_of_mains(settings, state))


def contacts_of_mains(settings: Settings, state: State) -> tuple[bool, ...]:
    """What each contact of the mains that was read says: whether they are there."""
    found: list[bool] = []
    for id_, table in settings.site.relays.items():
        contacts = state.memory.contacts.get(id_, {})
        for name, row in table.contacts.items():
            closed = read(contacts, name)
            if row.kind == "mains" and closed is not None:
                found.append(row.well(closed))
    return tuple(found)


def _about(known: Supply) -> Words:
    said = [] if known.charge_pct is None else [f"{known.charge_pct:.0f} %"]
    said += [] if known.minutes is None else [f"{known.minutes:.0f} min"]
    about = ", ".join(said)
    return Words(f"电池 {about}", f"battery {about}") if about else NOTHING


def lasts(settings: Settings, state: State, known: Supply, now_s: float) -> tuple[bool, Words]:
    """Whether the battery lasts as needed: on it, until the longest job's end; on the mains, until the pause."""
    if known.on_mains is not False:
        need_min = settings.rulebook.power.pause_s.value / 60
        why = Words("断电后暂停作业之前", "until the work is paused without mains")
    else:
        ends = [permit.end_at_s for permit in state.permits.values() if permit.busy]
        need_min = max(0.0, max(ends, default=now_s) - now_s) / 60
        why = Words("到作业结束", "until the end of the work")
    if known.wrong:
        return False, known.wrong
    if known.minutes is None:
        ok = known.on_mains is True
        return ok, Words("电池可用时间未知", "for how long the battery lasts is not known")
    has, needs = f"{known.minutes:.0f}", f"{need_min:.0f}"
    words = Words(
        f"电池可用 {has} 分钟，{why.zh}需要 {needs} 分钟", f"the battery lasts {has} min; {needs} min {why.en}"
    )
    return known.minutes >= need_min, words
