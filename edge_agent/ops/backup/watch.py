"""An overdue backup is an alarm of the running box: by the notes that the box keeps of its backups.

The folder that they go to is not asked: it may be a share that hangs, and the doctor looks there. A box that
was just set up has as long as one interval for its first; a note that cannot be read is a backup nobody knows of.
"""

import threading
import time
from collections.abc import Callable

from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.ops.backup import age, noted
from edge_agent.ops.folders import BACKUP_ARRIVED
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable
from edge_agent.tell.upload.backups import arrived

SOURCE = "backups"
LOOK_S = 60.0


class Known(Struct, frozen=True, kw_only=True):
    """What the box knows of its backups, each in seconds of UTC; None: of none."""

    made: float | None
    sent: float | None = None  # the newest that the store has taken whole
    since: float  # from when on they were to be made
    wants_sent: bool = False


def overdue(known: Known, utc: float) -> Words:
    """What is missing, by its date (an age would be another word each hour); NOTHING while all is well."""
    wanted = [(known.made, age.NEWEST, age.NONE)]
    if known.wants_sent:
        wanted.append((known.sent, age.ARRIVED, age.NONE_ARRIVED))
    return joined(_missing(one, which, none, known.since, utc) for one, which, none in wanted)


def _missing(made: float | None, which: Words, none: Words, since: float, utc: float) -> Words:
    how = age.aged(which, since if made is None else made, utc)
    if not how.code:
        return NOTHING
    if made is None:
        return none
    at = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(made))
    ahead = Words("晚于本机时钟", "ahead of this clock") if how.code == "backup_ahead" else NOTHING
    return Words(f"{which.zh}：{at}", f"{which.en}: {at}").then(ahead)


class BackupWatch:
    """A worker of the supervisor; `look` once before the first step, so that no alarm rests over a restart."""

    def __init__(
        self, settings: Settings, table: BackupTable, clock: Clock, deliver: Callable[[DeviceHealth], object]
    ) -> None:
        """Nothing is looked at yet."""
        self._state, self._table, self._clock, self._deliver = settings.state_folder, table, clock, deliver
        self._told: Words | None = None

    def run(self, stop: threading.Event) -> None:
        """Look until `stop`."""
        while not stop.wait(LOOK_S):
            self.look()

    def look(self) -> None:
        """Tell the brain how the backups stand, if that has changed."""
        instant = self._clock.instant()
        since = self._since(instant.utc, trusted=instant.trusted)
        if since is None:  # a box that does not know the date yet: it says so itself
            return
        made, sent = noted.last_made(self._state, self._table), arrived(self._state / BACKUP_ARRIVED)
        known = Known(
            made=None if made is None else made.utc,
            sent=None if sent is None else age.made_utc(sent.name),
            since=since,
            wants_sent=self._table.send,
        )
        self._tell(self._with_why(overdue(known, instant.utc)))

    def _with_why(self, missing: Words) -> Words:
        failed = noted.last_failed(self._state) if missing else None
        if failed is None:
            return missing
        return missing.then(Words(f"最近一次失败：{failed.why.zh}", f"the last try failed: {failed.why.en}"))

    def _since(self, utc: float, *, trusted: bool) -> float | None:
        """From when on backups are asked for; written down once the date can be trusted."""
        since = noted.set_up_since(self._state, self._table)
        if not trusted or (since is not None and since <= utc):
            return since
        try:
            noted.note_since(self._state, noted.Since(into=self._table.into, utc=utc))
        except OSError:  # a disk that refuses has an alarm of its own; the interval begins once it takes this
            return None
        return utc

    def _tell(self, missing: Words) -> None:
        if missing == self._told:
            return
        self._told = missing
        now_s = self._clock.monotonic()
        self._deliver(DeviceHealth(source=SOURCE, at_s=now_s, ok=missing == NOTHING, detail=missing))
