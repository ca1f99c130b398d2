"""The plays of `edge-agent demo zones/demo-plant --scenario NAME`: each a function over a Cast, like a story."""

from collections.abc import Callable

from edge_agent.domain.words import Words
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
TITLES = {
    "tank_cleaning": Words(
        "清罐：硫化氢升高，全员撤出", "Tank cleaning: hydrogen sulfide rises, everybody leaves"
    ),
    "hot_work_beside_it": Words(
        "罐旁动火：两项作业不得同时进行", "Hot work beside it: two works that must not meet"
    ),
    "chlorine_release": Words("氯气泄漏：三级响应", "Chlorine release: three levels of response"),
    "height_work_with_wind": Words(
        "高处作业遇大风：风停后恢复，随后有人跌倒",
        "Height work with wind: resumed when it drops; then somebody falls",
    ),
    "guard_relief": Words(
        "监护人：久坐确认、交接班、擅自离开",
        "The guard: asked while he sits, relieved properly, and one who walks away",
    ),
    "comms_cut": Words("通信中断：本地照常管控", "Comms cut: the box guards all the same"),
}
