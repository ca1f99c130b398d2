"""Guard relief: the new guard checks in before the old one leaves; leaving without relief stops the work."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import begins, closes, resumes


def guard_relief(cast: Cast) -> None:
    """One proper hand-over, and one guard who simply walks away."""
    job = tickets.tank(cast.now_utc)
    begins(cast, job, "li-na", "relay-1")
    cast.say("替班监护人到岗签到，原监护人离开", "the relief guard comes and checks in; the first guard leaves")
    cast.walk("tag-guard-2", 6.5, -0.5)
    cast.wait(8)
    cast.do(Ask.CHECK_IN, "chen-jie", job.id)
    cast.sees("guard.checked_in", job.id, 10)
    cast.walk("tag-guard", 75.0, 0.5)
    cast.wait(15)
    cast.power("relay-1", 1, on=True)
    cast.say("替班监护人自己走开，没有人接替", "the relief guard walks away, and nobody takes over")
    cast.walk("tag-guard-2", 75.0, 4.0)
    cast.sees("permit.paused", job.id, 60)
    cast.power("relay-1", 5, on=False)
    cast.say("他回到岗位，两人确认后恢复", "he comes back; two people resume")
    cast.walk("tag-guard-2", 6.5, -0.5)
    cast.wait(15)
    resumes(cast, job, "chen-jie", "relay-1", "wang-lei", "chen-jie")
    closes(cast, job, "relay-1")
