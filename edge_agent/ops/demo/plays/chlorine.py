"""Chlorine release: three levels of response, and the work stops between the first and the second."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import begins, closes

LEVEL_1_PPM, STOP_PPM, LEVEL_2_PPM, LEVEL_3_PPM = 0.32, 0.40, 1.50, 4.00


def chlorine_release(cast: Cast) -> None:
    """A flange leaks a little, then more, then badly (ledger 4-18, 4-20..22)."""
    job = tickets.chlorine(cast.now_utc)
    cast.say("监护人和作业人员走到加氯间", "guard and worker walk to the chlorine station")
    cast.walk("tag-guard-3", 33.0, -14.0)
    cast.walk("tag-worker-3", 36.0, -17.0)
    cast.there("tag-guard-3", 40)
    cast.there("tag-worker-3", 40)
    begins(cast, job, "ma-chao", "relay-4")
    cast.say(f"法兰微漏：{LEVEL_1_PPM} ppm，一级：现场处置指引", f"a flange seeps: {LEVEL_1_PPM} ppm, level 1")
    cast.gas("gas-cl2", LEVEL_1_PPM)
    cast.sees("alarm.raised", job.id, 20, "gas_level_1")
    cast.say(f"{STOP_PPM} ppm：高于停工限值，停止作业并撤离", f"{STOP_PPM} ppm: above the work-stop, people leave")
    cast.gas("gas-cl2", STOP_PPM)
    cast.sees("permit.paused", job.id, 10)
    cast.power("relay-4", 5, on=False)
    cast.say(f"{LEVEL_2_PPM} ppm，二级：通知应急小组", f"{LEVEL_2_PPM} ppm, level 2: the emergency team is called")
    cast.gas("gas-cl2", LEVEL_2_PPM)
    cast.sees("alarm.raised", job.id, 10, "gas_level_2")
    cast.say(f"{LEVEL_3_PPM} ppm，三级：对接园区", f"{LEVEL_3_PPM} ppm, level 3: the park is told")
    cast.gas("gas-cl2", LEVEL_3_PPM)
    cast.sees("alarm.raised", job.id, 10, "gas_level_3")
    cast.say("阀门关闭，氯气散去", "the valve is shut and the gas is gone")
    cast.gas("gas-cl2", 0.0)
    cast.sees("alarm.returned", job.id, 40, "gas_dangerous")
    cast.say(
        "有人要求恢复：三级响应后，此票作废", "somebody asks to resume: after level 3 this ticket is at its end"
    )
    cast.refused(Ask.RESUME, "xu-hui", job.id, "level 3")
    closes(cast, job, "relay-4")
