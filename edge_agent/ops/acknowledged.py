"""The centre's own acknowledgements (dn/ack): what it has is remembered, what it lost is told again."""

import logging
from pathlib import Path

from edge_agent.agent.keeper import Keeper
from edge_agent.clock import Clock
from edge_agent.domain.delivery import CentreAck
from edge_agent.domain.words import Words
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.tell.again import Confirmed, heard, rows

log = logging.getLogger(__name__)

ACKED = "acked_seq"  # meta key: what the centre named last
# A centre that acknowledges wrongly does so after each event; told each time, its error would feed itself.
QUIET_S = 600.0


class Acknowledged:
    """Belongs to the centre's thread. A centre that never says anything changes nothing."""

    def __init__(self, clock: Clock, keeper: Keeper, database: Path, *, site: str, unit: str) -> None:
        """What the centre said before this start counts, from now on."""
        self._clock, self._keeper, self._database = clock, keeper, database
        self._site, self._unit = site, unit
        said = keeper.saved.meta.get(ACKED)
        self._known = (
            None if said is None else Confirmed(upto=int(said), since_s=clock.monotonic(), newest=keeper.saved.seq)
        )
        self._refused_s: float | None = None

    def fault(self, ack: CentreAck, newest: int) -> Words | None:
        """Why it cannot be: the centre has events that this unit does not know."""
        if ack.acked_seq <= newest:
            return None
        return Words(
            f"中心已有第 {ack.acked_seq} 条事件，本机最新为第 {newest} 条：本机的记录可能是旧的备份",
            f"the centre has event {ack.acked_seq}, the newest here is {newest}: "
            "the records of this unit may be an older copy",
        )

    def heard(self, ack: CentreAck, newest: int) -> None:
        """One word of the centre."""
        now_s = self._clock.monotonic()
        known = self._known or Confirmed(upto=ack.acked_seq, since_s=now_s, newest=newest)
        after, due = heard(known, ack.acked_seq, newest, now_s)
        if self._known is None or after.upto != self._known.upto:
            self._keeper.remember(ACKED, str(after.upto))
        self._known = after
        if due is None:
            return
        try:
            with Reader.open(self._database) as reader:
                again = rows(reader, due, site=self._site, unit=self._unit)
        except StoreError as fault:  # the centre's next word tries again
            log.warning("what the centre lost cannot be read: %s", fault)
            return
        log.warning("the centre has events up to %d: %d are told again", due.after, len(again))
        self._keeper.outward.tell(again)

    def is_noise(self) -> bool:
        """Whether a refused acknowledgement is one of many, and told already."""
        now_s = self._clock.monotonic()
        if self._refused_s is not None and now_s - self._refused_s < QUIET_S:
            return True
        self._refused_s = now_s
        return False
