"""A unit that only tells: real records, real forwarder, events of its own invention. Killed and cut off at will.

`python -m tests.soak.unit FOLDER PORT` commits one event after the other and says each number once it is kept.
"""

import sys
import time
from collections.abc import Iterable
from pathlib import Path

from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.words import Words
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.store import Store
from edge_agent.tell import messages
from tests.support.store_values import entries
from tests.tell.conftest import Agent

SOURCE, TOPIC = "edge/s/u", "edge/s/u/up/event"
NAME = "edge.sqlite"
SAID = Words(
    "记录的一句话，长度与真实事件相近", "one sentence of a record, about as long as those of real events are"
)


class Unit:
    """What it has told so far; `store` is its own."""

    def __init__(self, store: Store) -> None:
        saved = store.load()
        self.store, self.seq, self._head = store, saved.seq, saved.head_hash

    def happens(self, count: int, at_utc: float, more: Iterable[Outgoing] = ()) -> Batch:
        """So many events, sealed behind the last one, and `more` to be told with them."""
        told: list[Outgoing] = []
        audit = []
        for _ in range(count):
            self.seq += 1
            event = Event(
                seq=self.seq,
                type="request.rejected",
                subject="unit",
                at_s=1.0,
                at_utc=at_utc,
                priority=Priority.MEDIUM,
                data={"words": {"zh": SAID.zh, "en": SAID.en}},
            )
            (entry,) = entries([event], self._head)
            body = messages.cloud_event(
                event, site="s", unit="u", boot="b", trusted=True, demo=True, prev_hash=self._head
            )
            told.append(
                Outgoing(topic=TOPIC, payload=messages.encode(body), priority=int(event.priority), seq=event.seq)
            )
            audit.append(entry)
            self._head = entry.sealed.hash
        return Batch(audit=tuple(audit), outbox=(*told, *more))


def agent(store: Store, port: int) -> Agent:
    """The real forwarder on these records."""
    made = Agent(store, BrokerTable(host="127.0.0.1", port=port, keepalive_s=5))
    made.start()
    return made


def main(folder: Path, port: int) -> int:
    """Until it is killed."""
    with Store.open(folder / NAME) as store:
        unit, telling = Unit(store), agent(store, port)
        while True:
            telling.commit(unit.happens(1, time.time()))
            sys.stdout.write(f"{unit.seq}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
