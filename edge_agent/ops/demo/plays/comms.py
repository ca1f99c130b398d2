"""Comms cut: the centre is gone, and nothing here depends on it (ledger 0-36)."""

from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import AIR, SETTLE_S, begins, closes


def comms_cut(cast: Cast) -> None:
    """Gas while the uplink is down: pause, re-test and resume on site; the centre hears it afterwards."""
    job = tickets.tank(cast.now_utc)
    begins(cast, job, "li-na", "relay-1")
    cast.say("与中心的网络中断", "the network to the centre is cut")
    cast.centre(up=False)
    cast.say("此时甲烷升至 15 %LEL：本地照常停工", "now methane rises to 15 %LEL: work stops here all the same")
    cast.gas("gas-ch4", 15.0)
    cast.stands(job.id, State.PAUSED, 10)
    cast.power("relay-1", 5, on=False)
    cast.gas("gas-ch4", 0.8)
    cast.over(job.id, "gas_dangerous", 40)
    cast.do(Ask.RETEST, "sun-yan", job.id, samples=AIR)
    cast.do(Ask.CHECK_IN, "li-na", job.id)
    cast.settles(job.id, SETTLE_S)
    cast.say("现场三人确认后恢复，无需中心", "three people on site resume it, without the centre")
    for person in ("zhao-min", "wang-lei", "li-na"):
        cast.do(Ask.RESUME, person, job.id)
    cast.stands(job.id, State.ACTIVE, 10)
    cast.power("relay-1", 5, on=True)
    cast.say("网络恢复，中心补收全部事件", "the network is back: the centre receives everything")
    cast.centre(up=True)
    cast.sees("permit.paused", job.id, 60)
    cast.sees("permit.resumed", job.id, 20)
    closes(cast, job, "relay-1")
