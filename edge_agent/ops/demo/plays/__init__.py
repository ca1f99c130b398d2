"""The plays of `edge-agent demo zones/demo-plant --scenario NAME`: each a function over a Cast, like a story."""

from collections.abc import Callable

from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays.chlorine import chlorine_release
from edge_agent.ops.demo.plays.comms import comms_cut
from edge_agent.ops.demo.plays.height import height_work_with_wind
from edge_agent.ops.demo.plays.hot import hot_work_beside_it
from edge_agent.ops.demo.plays.relief import guard_relief
from edge_agent.ops.demo.plays.tank import tank_cleaning

Play = Callable[[Cast], None]
PLAYS: dict[str, Play] = {
    play.__name__: play
    for play in (
        tank_cleaning,
        hot_work_beside_it,
        chlorine_release,
        height_work_with_wind,
        guard_relief,
        comms_cut,
    )
}
