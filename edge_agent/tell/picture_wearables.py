"""Draws the site's wearables: whose each is, how often it was really heard, and its charge. Pure."""

from collections.abc import Iterator, Mapping

from edge_agent.domain.person import Person
from edge_agent.fuse.tags import MEDIAN_PCT, SLOW_PCT, quantile
from edge_agent.fuse.world import World
from edge_agent.tell.live_people import LiveWearable


def wearables(persons: Mapping[str, Person], world: World) -> Iterator[LiveWearable]:
    """Every wearable of the site, in the order of its settings."""
    warn_pct = world.rulebook.guard.battery_warn_pct.value
    worn_by = {person.tag: person for person in persons.values() if person.tag}
    for id_, tag in world.tags.items():
        wearer = worn_by.get(id_)
        yield LiveWearable(
            id=id_,
            name=tag.device.name,
            wearer="" if wearer is None else wearer.id,
            wearer_name="" if wearer is None else wearer.name,
            heard=tag.heard,
            heard_s=None if tag.heard_s is None else world.now_s - tag.heard_s,
            placed_s=None if tag.placed_s is None else world.now_s - tag.placed_s,
            worn=tag.worn,
            battery_pct=tag.battery_pct,
            low=tag.battery_pct is not None and tag.battery_pct <= warn_pct,
            promised_s=tag.device.period_s,
            intervals=len(tag.gaps),
            p50_s=quantile(tag.gaps, MEDIAN_PCT) if tag.gaps else None,
            p99_s=quantile(tag.gaps, SLOW_PCT) if tag.gaps else None,
        )
