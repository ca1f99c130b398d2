"""The other boxes of the site: what each claims, as long as it is heard."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.observation import Claims
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.fuse.same import Same
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import PeerTable

EVERYWHERE = ""


class Peer(Struct, frozen=True, kw_only=True):
    """One box that should be heard. `claims` None: it is not, and nobody knows what it guards.

    `alarms` are those of its last word: what it called for stands until it says otherwise.
    """

    id: str
    name: Words
    claims: tuple[Claim, ...] | None
    alarms: tuple[Standing, ...]
    age_s: float | None  # of its last word; None: none since this box came up
    leave_with: str
    leave: tuple[str, ...] = ()  # areas here that people leave because they leave there; EVERYWHERE is all of them

    @property
    def not_heard(self) -> Words:
        """That it is not heard, and for how long."""
        if self.age_s is None:
            return Words(f"{self.name.zh}：没有消息", f"{self.name.en}: not heard")
        return Words(
            f"{self.name.zh}：没有消息（{self.age_s:.0f} 秒）", f"{self.name.en}: not heard for {self.age_s:.0f} s"
        )


def peers(settings: Settings, heard: Mapping[str, Claims], now_s: float) -> dict[str, Peer]:
    """Every expected box. What a box claimed before it fell silent still stands until it says otherwise."""
    found: dict[str, Peer] = {}
    stale_s, areas = settings.rulebook.simops.peer_stale_s.value, settings.areas
    for table in settings.site.peers:
        last = heard.get(table.unit)
        age_s = None if last is None else now_s - last.at_s + last.age_s
        fresh = last is not None and age_s is not None and age_s <= stale_s
        claims = last.claims if last is not None and fresh else None
        found[table.unit] = Peer(
            id=table.unit,
            name=table.name,
            claims=claims,
            alarms=() if last is None else last.alarms,
            age_s=age_s,
            leave_with=table.leave_with,
            leave=() if last is None else _leave(table.unit, table, last.alarms, areas),
        )
    return found


@Same
def _leave(table: PeerTable, alarms: tuple[Standing, ...], areas: tuple[Area, ...]) -> tuple[str, ...]:
    """Where people leave here. An evacuation of no named place may be anywhere."""
    there = dict.fromkeys(alarm.area for alarm in alarms if alarm.leave)
    if not there or table.leave_with == "never":
        return ()
    if table.leave_with == "site" or "" in there:
        return (EVERYWHERE,)
    return tuple(area.id for area in areas if area.id in there)


def last_claims(expected: tuple[PeerTable, ...], heard: Mapping[str, Claims]) -> tuple[Claim, ...]:
    """What the other boxes claimed when they were last heard, each under its unit."""
    return tuple(
        claim
        for table in expected
        if table.unit in heard
        for claim in _under_its_unit(table.unit, table, heard[table.unit].claims)
    )


@Same
def _under_its_unit(table: PeerTable, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    return tuple(replace(claim, unit=table.unit) for claim in claims)
