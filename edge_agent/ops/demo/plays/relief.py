"""Guard relief: a sitting guard is asked first; the new one checks in before the old one leaves, or work stops."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import begins, closes, resumes


def guard_relief(cast: Cast) -> None:
    """One guard who sits, one proper hand-over, and one guard who simply walks away."""
    job = tickets.tank(cast.now_utc)
    begins(cast, job, "li-na", "relay-1")
    cast.say("监护人坐着不动，手环先提醒他", "the guard sits and does not stir: he is asked first")
    cast.sits("tag-guard")
    cast.sees("alarm.raised", job.id, 40, "guard_still_long")
    cast.say("他按下手环上的“我在岗”", 'he presses "I\'m here" on his wristband')
    cast.press_here("tag-guard")
    cast.sees("guard.here", job.id, 10)
    cast.sees("alarm.returned", job.id, 20, "guard_still_long")
    cast.power("relay-1", 5, on=True)
    cast.say("替班监护人到岗签到，原监护人离开", "the relief guard comes and checks in; the first guard leaves")
    cast.walk("tag-guard-2", 6.5, -0.5)
    cast.there("tag-guard-2", 30)
    cast.do(Ask.CHECK_IN, "chen-jie", job.id)
    cast.sees("guard.checked_in", job.id, 10)
    cast.walk("tag-guard", 75.0, 0.5)
    cast.there("tag-guard", 40)
    cast.say("原监护人已走远，有人接替，作业照常", "he is far away by now; he is relieved, so work goes on")
    cast.power("relay-1", 5, on=True)
    cast.say("替班监护人自己走开，没有人接替", "the relief guard walks away, and nobody takes over")
    cast.walk("tag-guard-2", 75.0, 4.0)
    cast.sees("permit.paused", job.id, 60)
    cast.power("relay-1", 5, on=False)
    cast.say("他回到岗位，两人确认后恢复", "he comes back; two people resume")
    cast.walk("tag-guard-2", 6.5, -0.5)
    cast.there("tag-guard-2", 40)
    resumes(cast, job, "chen-jie", "relay-1", "wang-lei", "chen-jie")
    closes(cast, job, "relay-1")
