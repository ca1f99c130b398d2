"""Short messages beside a cut line: to whom, once, with a receipt, over restarts, and nothing that is needless."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_record import CentreRecord, ContactPerson, Contacts, SiteMap, record_of
from edge_agent.domain.noted import NoticeTold
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.outcome import Priority
from edge_agent.ops.folders import DATABASE, MESSAGES
from edge_agent.ops.messenger import NOBODY, Messenger
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.settings.site_told import ShortMessagesTable
from edge_agent.simulate.modem import SimulatedModem
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.chain import GENESIS
from edge_agent.store.reader import Reader
from edge_agent.store.store import Store
from edge_agent.tell.short import courier
from edge_agent.tell.short.carrier import Carrier, NotCarried
from edge_agent.tell.short.modem import SILENT, Modem
from edge_agent.tell.short.rows import Rows
from tests.support.store_values import entries, event
from tests.support.story import T0_UTC, scenario_site

ZHAO, FENG, FENG_TOO = "+8613800000001", "13800000002", "13900000002"
MAP = SiteMap(id="site", map_version="1", surveyed_utc=T0_UTC)
PEOPLE = (
    ContactPerson(name="Feng Tao", role="area_owner", phone="138-0000 0002", second=FENG_TOO),
    ContactPerson(name="Zhao Min", role="safety_officer", phone=ZHAO, verified_utc=T0_UTC - 86400),
    ContactPerson(name="Qian Wei", role="manager", phone="wecom:qian", second="wecom:wei"),
)
TITLE = {"zh": "气体危险", "en": "Dangerous gas"}


class Played:
    """The box around the messenger: its clock, records, contacts, and the telephone network."""

    def __init__(self, folder: Path, modem: SimulatedModem, **table: Any) -> None:
        site = replace(scenario_site(), folder=folder)
        self.settings = replace(site, site=replace(site.site, folders=FoldersTable(state=".", runtime=".")))
        self.modem, self.table = (
            modem,
            {"language": "en", "after_s": 30.0, "receipt_s": 60.0, "per_hour": 3, **table},
        )
        self.store = Store.open(folder / DATABASE)
        self.utc, self.seq, self.head = T0_UTC, 0, GENESIS
        self.copies: Mapping[str, CentreRecord] = {}
        self.contacts(*PEOPLE)
        self.health: dict[str, DeviceHealth] = {}
        self.asked: list[Asked] = []
        self.up()

    def up(self) -> None:
        """The box comes up: all that it knew in its head is gone."""
        self.rows = Rows(self.settings.folder / MESSAGES)
        table = ShortMessagesTable(device=self.modem.device, **self.table)
        self.messenger = Messenger(self.settings, table, self, lambda: (self.seq, self.copies), self.asked.append)

    def down(self) -> None:
        self.messenger._drop()
        self.rows.close()

    def monotonic(self) -> float:
        return self.utc

    def instant(self) -> Instant:
        return Instant(now_s=self.utc, utc=self.utc, trusted=True)

    def contacts(self, *people: ContactPerson) -> None:
        body = Contacts(id="contacts", people=people, valid_until_utc=self.utc + 86400)
        self.copies = {"contacts": record_of(body, 1, self.utc)}

    def happens(self, *, notify: tuple[str, ...] = ("area_owner", "safety_officer"), **changes: Any) -> int:
        """A critical alarm, whose event waits for the centre."""
        self.seq += 1
        fields = {"title": TITLE, "notify": notify, **changes.pop("data", {})}
        changes = {"type": "alarm.raised", "at_utc": self.utc, "priority": Priority.CRITICAL, **changes}
        happened = replace(event(self.seq, **fields), **changes)
        out = Outgoing(topic="edge/s/u/up/event", payload=b"{}", priority=1, seq=self.seq)
        made = entries([happened], self.head)
        self.head = made[-1].sealed.hash
        self.store.commit(Batch(audit=made, outbox=(out,)))
        return self.seq

    def reaches_the_centre(self) -> None:
        with Reader.open(self.settings.folder / DATABASE) as reader:
            self.store.commit(Batch(acked=tuple(row.id for row in reader.outbox(100))))

    def wait(self, seconds: float) -> None:
        self.utc += seconds
        self.look()

    def look(self) -> None:
        with Reader.open(self.settings.folder / DATABASE) as reader:
            self.messenger.look(self.rows, reader, self._deliver)

    def _deliver(self, seen: Observation) -> None:
        assert isinstance(seen, DeviceHealth)
        self.health[seen.source] = seen

    def states(self) -> dict[str, str]:
        return {row.id: row.state for row in self.rows.all()}

    def until(self, state: str, id_: str) -> None:
        while self.states()[id_] != state:
            self.wait(0.1)


@contextmanager
def box(folder: Path, **table: Any) -> Iterator[Played]:
    with SimulatedModem() as modem:
        played = Played(folder, modem, **table)
        try:
            played.look()  # what is older than its first look is not told
            yield played
        finally:
            played.down()
            played.store.close()


def test_a_critical_event_that_the_centre_has_not_got_in_time_goes_to_whom_it_names(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.happens()
        played.wait(0)
        played.wait(29)
        assert not played.modem.sent
        played.wait(1)
        told = "19:06 DEMO Demo tank: Dangerous gas"
        assert played.modem.sent == [(ZHAO, told), (FENG, told)], "whoever was reached lately comes first"
        played.until("arrived", f"1/{ZHAO}")
        played.until("arrived", f"1/{FENG}")
        arrived = [one for one in played.asked if isinstance(one, NoticeTold) and one.state == "arrived"]
        assert {one.name: one.verified for one in arrived} == {"Zhao Min": True, "Feng Tao": False}
        assert all(one.ok for one in played.health.values())
        assert not played.modem.memory, "the modem keeps room"
        played.wait(600)
        assert len(played.modem.sent) == 2


def test_what_the_broker_got_meanwhile_is_not_sent(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.happens()
        played.look()
        played.reaches_the_centre()
        played.wait(60)
        assert set(played.states().values()) == {"needless"}
        assert not played.modem.sent


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.HIGH},
        {"notify": ()},
        {"data": {"drill": True}},
        {"type": "permit.paused"},  # the alarm that stopped the work is told already
        {"at_utc": T0_UTC - 3601},
        {"notify": ("manager",)},  # an account, which no modem reaches
    ],
)
def test_what_is_not_critical_now_or_reaches_nobody_is_not_sent(tmp_path: Path, changes: dict[str, Any]) -> None:
    with box(tmp_path) as played:
        played.happens(**changes)
        played.look()
        played.wait(60)
        assert not played.states()
        assert played.health["contacts"].ok is (changes != {"notify": ("manager",)})


def test_nobody_to_send_to_is_a_finding_until_there_is_somebody(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.copies = {}
        played.happens()
        played.look()
        assert played.health["contacts"].detail == NOBODY
        played.contacts(*PEOPLE)
        played.happens()
        played.look()
        assert played.health["contacts"].ok


def test_without_a_receipt_in_time_the_second_number_is_tried_and_the_first_is_a_finding(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.modem.reports = None
        played.happens(notify=("area_owner",))
        played.look()
        played.wait(30)
        played.wait(59)
        assert played.states() == {f"1/{FENG}": "sent"}
        played.modem.reports = 0
        played.wait(1)
        played.wait(1)
        assert [number for number, _ in played.modem.sent] == [FENG, FENG_TOO]
        played.until("arrived", f"1/{FENG_TOO}")
        assert played.states()[f"1/{FENG}"] == "unanswered"
        assert played.health["contacts"].detail.en == "Feng Tao …0002"
        played.utc += 1
        played.contacts(*PEOPLE)
        played.look()
        assert played.health["contacts"].ok, "whoever renews the list has looked at it"


def test_a_dead_number_is_a_finding_at_once_and_a_late_receipt_ends_it(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.modem.reports = 0x41  # incompatible destination
        played.happens(notify=("safety_officer",))
        played.look()
        played.wait(30)
        played.until("failed", f"1/{ZHAO}")
        played.look()
        assert played.health["contacts"].detail.en == "Zhao Min …0001"
        played.modem.reports = 0
        played.happens(notify=("safety_officer",))
        played.look()
        played.wait(30)
        played.until("arrived", f"2/{ZHAO}")
        played.look()
        assert played.health["contacts"].ok


def test_the_modem_is_tried_again_and_a_number_that_it_always_refuses_is_given_up(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.modem.cms_error = 38
        played.happens(notify=("safety_officer",))
        played.look()
        played.wait(30)
        assert "out of order" in played.health["short-messages"].detail.en
        for _ in range(10):
            played.wait(300)
        assert played.states() == {f"1/{ZHAO}": "failed"}
        assert not played.modem.sent
        assert not played.health["contacts"].ok


def test_no_network_costs_no_try_and_is_told_before_anything_is_to_be_sent(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.modem.registered = False
        played.wait(61)
        assert "in no network" in played.health["short-messages"].detail.en
        played.happens(notify=("safety_officer",))
        for _ in range(10):
            played.wait(60)
        assert played.states() == {f"1/{ZHAO}": "new"}
        played.modem.registered = True
        played.wait(60)
        assert len(played.modem.sent) == 1
        assert played.health["short-messages"].ok


def test_a_number_gets_so_many_an_hour_and_the_rest_later(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        for _ in range(5):
            played.happens(notify=("safety_officer",))
        played.look()
        played.wait(30)
        played.wait(30)
        assert len(played.modem.sent) == 3
        played.wait(3500)
        assert len(played.modem.sent) == 3
        played.wait(100)
        assert len(played.modem.sent) == 5


class Dies(Exception):  # noqa: N818
    """A power cut."""


@pytest.mark.parametrize("at", ["put", "send", "sent", "forget"])
def test_a_restart_at_any_moment_sends_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    with box(tmp_path) as played:
        played.happens(notify=("safety_officer",))
        played.look()

        def dies(*_: object) -> None:
            raise Dies

        with monkeypatch.context() as cut:
            if at == "sent":  # it went out, and the box dies before it knows
                whole = Modem.send
                cut.setattr(Modem, "send", lambda self, handle: dies(whole(self, handle)))
            else:
                cut.setattr(Modem, at, dies)
            with pytest.raises(Dies):
                played.wait(30)
        played.down()
        played.up()
        played.wait(1)
        assert len(played.modem.sent) == 1
        assert played.states() in ({f"1/{ZHAO}": "sent"}, {f"1/{ZHAO}": "arrived"})
        played.wait(600)
        assert len(played.modem.sent) == 1


def test_an_answer_that_is_lost_on_the_line_sends_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with box(tmp_path) as played:
        played.happens(notify=("safety_officer",))
        played.look()
        whole = Modem.send

        def lost(self: Modem, handle: str) -> str:
            whole(self, handle)
            raise NotCarried(SILENT)

        with monkeypatch.context() as cut:
            cut.setattr(Modem, "send", lost)
            played.wait(30)
        assert played.states() == {f"1/{ZHAO}": "put"}
        played.wait(20)
        assert len(played.modem.sent) == 1
        assert played.states()[f"1/{ZHAO}"] in {"sent", "arrived"}


def test_what_the_modem_has_forgotten_is_put_there_again(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.modem.cms_error = 331
        played.happens(notify=("safety_officer",))
        played.look()
        played.wait(30)
        played.modem.memory.clear()
        played.modem.cms_error = None
        played.wait(20)
        assert len(played.modem.sent) == 1


def test_a_list_that_has_run_out_is_used_and_nobody_in_it_is_verified(tmp_path: Path) -> None:
    with box(tmp_path) as played:
        played.utc += 86400
        played.happens(notify=("safety_officer",))
        played.look()
        assert [row.verified for row in played.rows.all()] == [False]
        assert not list(
            courier.rows_for(
                event(1, notify=["x"]),
                record_of(MAP, 1, 0.0),
                played.messenger._patience,
                "s",
                played.settings.local_time,
                0.0,
            )
        )


def test_receipts_find_their_message() -> None:
    row = courier.Row(
        id="1/a", seq=1, name="n", number="a", second="", text="t", made_utc=0.0, next_utc=0.0, state="sent",
        reference="7", sent_utc=1.0,
    )  # fmt: skip
    nameless = replace(row, id="2/a", reference="", sent_utc=2.0)
    assert courier.receipted([row, nameless], "a", "7", arrived=True) == replace(row, state="arrived")
    assert courier.receipted([row, nameless], "a", "8", arrived=False) == replace(nameless, state="failed")
    assert courier.receipted([row], "a", "8", arrived=True) is None
    assert courier.receipted([row], "b", "7", arrived=True) is None


def test_the_modem_is_a_carrier() -> None:
    carrier: type[Carrier] = Modem
    assert carrier is Modem
