"""Which protective equipment is asked for in each area: by the area itself, and by the works that go on in it."""

from collections.abc import Iterable, Mapping

from edge_agent.domain.permit import UNDER_WAY
from edge_agent.fuse.jobs import Job


def asked_in(area_ppe: Mapping[str, Iterable[str]], jobs: Iterable[Job]) -> Mapping[str, frozenset[str]]:
    """By area, where anything is asked."""
    asked = {area: frozenset(items) for area, items in area_ppe.items()}
    for job in jobs:
        items = (*job.work.ppe, *job.work.ppe_critical)
        if items and job.permit.state in UNDER_WAY:
            area = job.permit.ticket.area
            asked[area] = asked.get(area, frozenset()).union(items)
    return asked


def asked_of(zones: Iterable[str], asked: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What is asked of somebody who stands in these areas."""
    return frozenset[str]().union(*(asked.get(zone, frozenset()) for zone in zones))
