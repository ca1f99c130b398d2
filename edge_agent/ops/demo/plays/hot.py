"""Hot work beside a confined space: two works that must not meet."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import arrives, begins, closes, comes_out, goes_in, starts


def hot_work_beside_it(cast: Cast) -> None:
    """People are in the tank; a welder six metres away wants to start, and may only when they are out."""
    inside, weld = tickets.tank(cast.now_utc), tickets.weld(cast.now_utc)
    begins(cast, inside, "li-na", "relay-1")
    goes_in(cast, inside, "li-na")
    cast.say("罐内有人作业，旁边有人要焊接", "people are in the tank; beside it somebody wants to weld")
    cast.walk("tag-guard-3", 10.0, -2.0)
    cast.walk("tag-worker-3", 10.0, -5.0)
    cast.there("tag-guard-3", 30)
    cast.there("tag-worker-3", 30)
    arrives(cast, weld, "ma-chao")
    cast.refused(Ask.START, "xu-hui", weld.id, "TANK-1")
    cast.say("清罐结束后才能焊接", "welding may begin when the tank is done")
    comes_out(cast, inside, "li-na")
    closes(cast, inside, "relay-1")
    cast.say("分析人检测焊接点周围", "the air around the point is tested")
    cast.do(Ask.RETEST, "sun-yan", weld.id, samples=_around())
    cast.sees("permit.ready", weld.id, 40)
    starts(cast, weld, "ma-chao", "relay-2")
    cast.say("焊接结束，余火监护（演示缩短为 20 秒）", "welding is done: fire watch (20 s in the demo)")
    cast.do(Ask.END_WORK, "xu-hui", weld.id)
    cast.sees("permit.fire_watch", weld.id, 10)
    cast.power("relay-2", 5, on=False)
    cast.wait(21)
    closes(cast, weld, "relay-2")


def _around() -> tuple[dict[str, object], ...]:
    return tuple(
        {"gas": "ch4", "level": 0.0, "unit": "%LEL", "place": place} for place in ("upper", "middle", "lower")
    )
