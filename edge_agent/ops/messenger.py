"""The worker that sends short messages about critical events which the centre's broker has not got in time."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.noted import NoticeTold
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.outcome import Event
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.ops.folders import DATABASE, MESSAGES
from edge_agent.settings.site import Settings
from edge_agent.settings.site_told import ShortMessagesTable
from edge_agent.store.reader import Reader
from edge_agent.tell.short import courier
from edge_agent.tell.short.carrier import Carrier, NotCarried
from edge_agent.tell.short.courier import Patience, Row
from edge_agent.tell.short.modem import Modem
from edge_agent.tell.short.rows import Rows

log = logging.getLogger(__name__)

LOOK_S = 1.0
CHECK_S = 60.0  # whether the modem is still there and in a network
REOPEN_S = 10.0
MOST_EVENTS = 200  # looked back at after a restart
NOBODY = Words(
    "没有可用的联系人（dn/contacts）", "nobody to send to: the centre has sent no contacts (dn/contacts)"
)
NOT_KEPT = Words("短信记录不可写：{fault}", "short messages cannot be kept: {fault}")


class Messenger:
    """A worker of the supervisor; only it opens the modem and its file."""

    def __init__(
        self, settings: Settings, table: ShortMessagesTable, clock: Clock,
        known: Callable[[], tuple[int, Mapping[str, CentreRecord]]], ask: Callable[[Asked], object],
    ) -> None:  # fmt: skip
        """`known` gives the newest event's number and the centre's copies; `ask` takes what is for the record."""
        self._settings, self._table, self._clock, self._known, self._ask = settings, table, clock, known, ask
        self._patience = Patience(
            after_s=table.after_s, receipt_s=table.receipt_s, per_hour=table.per_hour, language=table.language
        )
        self._carrier: Carrier | None = None
        self._open_at_s = self._check_at_s = clock.monotonic()
        self._trouble = NOTHING  # of the modem's line
        self._refused = NOTHING  # of the last message, while it waits
        self._nobody = NOTHING  # there was something to tell, and nobody to tell it to
        self._said: dict[str, Words | None] = {}
        self._notices = 0

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Look and send until `stop`. Raises StoreError where the records cannot be read."""
        folder = self._settings.state_folder
        try:
            rows = Rows(folder / MESSAGES)
        except sqlite3.Error as fault:
            self._say(deliver, "short-messages", NOT_KEPT.filled(fault=fault))
            raise
        try:
            with Reader.open(folder / DATABASE) as reader:
                while True:
                    self.look(rows, reader, deliver)
                    if stop.wait(LOOK_S):
                        return
        finally:
            rows.close()
            self._drop()

    def look(self, rows: Rows, reader: Reader, deliver: Deliver) -> None:
        """One round: what is new, what is due, what came back."""
        now_utc = self._clock.instant().utc
        try:
            self._new(rows, reader, now_utc)
            kept = {row.id: row for row in rows.all()}
            for row in self._due(kept, now_utc):
                self._move(rows, kept, self._needless(row) if not reader.waits(row.seq) else row, now_utc)
            self._listen(rows, kept, now_utc)
            unreached = courier.unreached(kept.values(), self._contacts_utc())
            self._say(deliver, "contacts", joined((self._nobody, unreached)))
            waits = any(row.state in courier.OPEN for row in kept.values())
            self._say(deliver, "short-messages", self._trouble or (self._refused if waits else NOTHING))
        except sqlite3.Error as fault:  # nothing is sent that could not be remembered
            self._say(deliver, "short-messages", NOT_KEPT.filled(fault=fault))

    def _contacts_utc(self) -> float:
        record = self._known()[1].get("contacts")
        return 0.0 if record is None else record.received_utc

    def _new(self, rows: Rows, reader: Reader, now_utc: float) -> None:
        """Rows for what happened since the last look."""
        newest, copies = self._known()
        seen = rows.seen
        if seen is None:
            rows.look(newest, ())
        if seen is None or newest <= seen:
            return
        events = [one for one in reader.recent(MOST_EVENTS) if one.seq > seen]
        if not events:
            return  # decided, and not on the disk yet
        made: list[Row] = []
        critical = [one for one in events if courier.is_critical(one) and now_utc - one.at_utc < courier.HOUR_S]
        contacts = copies.get("contacts")
        if contacts is not None:
            for event in critical:
                made += self._rows_for(event, contacts, now_utc)
        rows.forget(now_utc)
        rows.look(max(one.seq for one in events), made)
        if critical:
            self._nobody = NOTHING if made else NOBODY

    def _rows_for(self, event: Event, record: CentreRecord, now_utc: float) -> list[Row]:
        name = self._settings.site.site.name
        site = name.zh if self._patience.language == "zh" else name.en
        if self._settings.demo:  # nobody shall run for a shortened limit
            site = f"DEMO {site}"
        return list(courier.rows_for(event, record, self._patience, site, self._settings.local_time, now_utc))

    def _due(self, kept: Mapping[str, Row], now_utc: float) -> list[Row]:
        return [row for row in kept.values() if row.state in courier.OPEN and row.next_utc <= now_utc]

    @staticmethod
    def _needless(row: Row) -> Row:
        """The broker has got the event meanwhile."""
        return replace(row, state="needless")

    def _move(self, rows: Rows, kept: dict[str, Row], row: Row, now_utc: float) -> None:
        """One step of one row, each on the disk before the next."""
        if row.state == "needless":
            self._keep(rows, kept, row)
            return
        free_utc = courier.free_utc(kept.values(), row.number, self._patience, now_utc)
        if free_utc > now_utc:
            self._keep(rows, kept, replace(row, next_utc=free_utc, tries=max(row.tries, 1)))
            return
        carrier = self._open()
        if carrier is None:
            return  # no try of this row: it is sent as soon as there is a modem
        try:
            if row.state == "put":
                went = carrier.was_sent(row.handle)
                if went:
                    self._keep(rows, kept, courier.sent(row, "", now_utc))
                    return
                if went is None:
                    row = replace(row, state="new", handle="", tries=max(row.tries, 1))
            if row.state == "new":
                row = replace(row, state="put", handle=carrier.put(row.number, row.text))
                self._keep(rows, kept, row)
            reference = carrier.send(row.handle)
            self._refused = NOTHING
            self._keep(rows, kept, courier.sent(row, reference, now_utc))
            carrier.forget(row.handle)
        except NotCarried as fault:
            self._fails(fault.words)
            if kept[row.id].state in courier.OPEN:
                self._refused = fault.words
                self._keep(rows, kept, courier.refused(kept[row.id], now_utc))

    def _listen(self, rows: Rows, kept: dict[str, Row], now_utc: float) -> None:
        """Receipts, what has waited for one for too long, and the second channel for what is lost."""
        carrier = self._open()
        if carrier is not None:
            try:
                if self._clock.monotonic() >= self._check_at_s:
                    self._check_at_s = self._clock.monotonic() + CHECK_S
                    carrier.check()
                receipts = carrier.receipts()
                self._trouble = NOTHING
            except NotCarried as fault:
                self._fails(fault.words)
                receipts = []
            for one in receipts:
                row = courier.receipted(kept.values(), one.number, one.reference, arrived=one.arrived)
                if row is not None:
                    self._keep(rows, kept, row)
        for row in tuple(kept.values()):
            if courier.late(row, self._patience, now_utc):
                self._keep(rows, kept, replace(row, state="unanswered"))
        for row in tuple(kept.values()):
            other = courier.otherwise(row, now_utc)
            if other is not None and other.id not in kept:
                self._keep(rows, kept, other)

    def _keep(self, rows: Rows, kept: dict[str, Row], row: Row) -> None:
        rows.put(row)
        before = kept.get(row.id)
        kept[row.id] = row
        if row.state != "new" and row.state != "put" and (before is None or before.state != row.state):  # noqa: PLR1714 (mypy narrows)
            self._notices += 1
            self._ask(
                NoticeTold(
                    id=f"notice-{self._notices}-{row.id}",
                    at_s=self._clock.monotonic(),
                    about=row.seq,
                    name=row.name,
                    number=courier.masked(row.number),
                    verified=row.verified,
                    state=row.state,
                )
            )

    def _open(self) -> Carrier | None:
        """The modem; None while it is not there."""
        now_s = self._clock.monotonic()
        if self._carrier is None and now_s >= self._open_at_s:
            self._open_at_s = now_s + REOPEN_S
            try:
                self._carrier = Modem(self._table.device, self._table.baud, mode=self._table.mode)
                self._check_at_s = now_s + CHECK_S
            except NotCarried as fault:
                self._trouble = fault.words
        return self._carrier

    def _fails(self, words: Words) -> None:
        """Begin anew with the line: half an answer may still be on it."""
        self._trouble = words
        self._drop()

    def _drop(self) -> None:
        if self._carrier is not None:
            self._carrier.close()
            self._carrier = None

    def _say(self, deliver: Deliver, source: str, words: Words) -> None:
        if self._said.get(source) != words:
            self._said[source] = words
            if words:
                log.warning("%s: %s", source, words.en)
            health = DeviceHealth(source=source, at_s=self._clock.monotonic(), ok=words == NOTHING, detail=words)
            deliver(health)
