"""Tank cleaning: hydrogen sulfide rises, everybody leaves; air is tested again; three people resume."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import AIR, begins, closes, comes_out, goes_in, resumes

REACTS_S = 3.0  # how long people take to turn round and go


def tank_cleaning(cast: Cast) -> None:
    """A confined-space job with one evacuation."""
    job = tickets.tank(cast.now_utc)
    begins(cast, job, "li-na", "relay-1")
    goes_in(cast, job, "li-na")
    cast.say("搅动淤泥，硫化氢升到 15 ppm", "the sludge is stirred: hydrogen sulfide rises to 15 ppm")
    cast.gas("gas-h2s", 15.0)
    cast.sees("alarm.raised", job.id, 10, "gas_dangerous")
    cast.sees("permit.paused", job.id, 10)
    cast.power("relay-1", 5, on=False)
    cast.say(
        "听到警报，放下工具撤出；看板按姓名清点", "they hear the siren and leave; the board counts heads by name"
    )
    cast.wait(REACTS_S)
    comes_out(cast, job, "li-na")
    cast.say("气体仍高，有人要求恢复：拒绝", "somebody asks to resume while the gas is high: refused")
    cast.refused(Ask.RESUME, "wang-lei", job.id, "hydrogen sulfide")
    cast.say(
        "通风后气体消散；分析人复测合格；三人恢复", "the gas is gone, the re-test passes: three people resume"
    )
    cast.gas("gas-h2s", 0.3)
    cast.sees("alarm.returned", job.id, 40, "gas_dangerous")
    cast.do(Ask.RETEST, "sun-yan", job.id, samples=AIR)
    resumes(cast, job, "li-na", "relay-1", "zhao-min", "wang-lei", "li-na")
    closes(cast, job, "relay-1")
