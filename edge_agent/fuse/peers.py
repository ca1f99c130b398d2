"""The other boxes of the site: what each claims, as long as it is heard."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.observation import Claims
from edge_agent.domain.words import Words
from edge_agent.fuse.same import Same
from edge_agent.settings.site import PeerTable


class Peer(Struct, frozen=True, kw_only=True):
    """One box that should be heard. `claims` None: it is not, and nobody knows what it guards."""

    id: str
    name: Words
    claims: tuple[Claim, ...] | None
    age_s: float | None


def peers(
    expected: tuple[PeerTable, ...], heard: Mapping[str, Claims], stale_s: float, now_s: float
) -> dict[str, Peer]:
    """Every expected box. What a box claimed before it fell silent still stands until it says otherwise."""
    found: dict[str, Peer] = {}
    for table in expected:
        last = heard.get(table.unit)
        age_s = None if last is None else now_s - last.at_s + last.age_s
        fresh = last is not None and age_s is not None and age_s <= stale_s
        claims = last.claims if last is not None and fresh else None
        found[table.unit] = Peer(id=table.unit, name=table.name, claims=claims, age_s=age_s)
    return found


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
