"""What an update takes from the plant: interlock outputs fall with the agent, and machines stop."""

from edge_agent.decide.settings_effect import not_agreed
from edge_agent.domain.outcome import Output
from edge_agent.domain.words import Words
from edge_agent.ops.update.gate import Seen
from edge_agent.settings.site import Settings


def falls(settings: Settings, seen: Seen) -> tuple[str, ...]:
    """The interlock outputs ("module/output") that hold, or may: of a box that runs and shows nothing, all."""
    if seen.live is None:
        tripped = {table.trips for table in settings.site.gauges.values() if table.trips is not None}
        return tuple(sorted(tripped)) if seen.lib else ()
    return tuple(
        f"{one.device}/{one.channel}"
        for one in seen.live.outputs
        if one.does == Output.INTERLOCK.value and (one.wanted_on or one.feedback_closed)
    )


def refused(outputs: tuple[str, ...]) -> Words:
    """Why it is not taken, and how to agree."""
    said = not_agreed(outputs)
    return Words(f"{said.zh}：加上 --interlocks-off", f"{said.en}: give --interlocks-off")
