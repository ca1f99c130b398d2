"""What every actuator that switches has in common: its leases, what it holds, and what it tells of itself."""

from edge_agent.act.lease import Leases
from edge_agent.act.told import Told
from edge_agent.clock import Clock
from edge_agent.domain.outcome import Action, Output
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site_relays import RelayTable


class Leased:
    """`trip` and `renew` only note what is wanted and wake the thread in `run`, which is each one's own."""

    def __init__(self, device: str, table: RelayTable, clock: Clock) -> None:
        """Everything is off."""
        self._device = device
        self._table = table
        self._clock = clock
        self._leases = Leases(device, {name: Output(row.does) for name, row in table.outputs.items()})
        self._held: dict[str, bool] = dict.fromkeys(table.outputs, False)  # what was written last
        self._told = Told(device, table.contacts, clock)

    @property
    def device(self) -> str:
        """The device id of site.toml."""
        return self._device

    def trip(self, actions: tuple[Action, ...]) -> None:
        """Make safe at once; returns before anything is written."""
        self._leases.trip(actions)

    def renew(self, actions: tuple[Action, ...], until_s: float) -> None:
        """The wanted state of every output; permissives hold until `until_s`."""
        self._leases.renew(actions, until_s)

    def _off(self) -> None:
        """Everything fell, or may have: power that was on waits for people."""
        self._leases.fell(self._held)
        self._held = dict.fromkeys(self._held, False)

    def _waiting(self) -> Words:
        """What fell by itself and stays off, if anything did."""
        waiting = self._leases.interlocked()
        if not waiting:
            return NOTHING
        listed, en = ", ".join(waiting), "off until the work is resumed, or the interlock's alarm acknowledged"
        zh = f"输出 {'、'.join(waiting)} 已自行断开：须由人员恢复作业或确认联锁报警"
        return Words(zh, f"outputs {listed} fell by themselves: {en}")
