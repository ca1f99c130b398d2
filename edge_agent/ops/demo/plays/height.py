"""Height work with wind: at force 5 nobody stays on a scaffold outdoors; and a fall is seen at once."""

from edge_agent.domain.request import Ask
from edge_agent.ops.demo.cast import Cast
from edge_agent.ops.demo.plays import tickets
from edge_agent.ops.demo.plays.common import begins, closes, resumes


def height_work_with_wind(cast: Cast) -> None:
    """The wind rises past 8 m/s and falls again; a rule's pause needs the shift lead too. Then somebody falls."""
    job = tickets.scaffold(cast.now_utc)
    cast.wind(3.0)
    cast.say("监护人和作业人员走到脚手架", "guard and worker walk to the scaffold")
    cast.walk("tag-guard-3", 39.0, 9.5)
    cast.walk("tag-worker-3", 42.0, 11.0)
    cast.there("tag-guard-3", 40)
    cast.there("tag-worker-3", 40)
    begins(cast, job, "ma-chao", "relay-3")
    cast.say("风速升至 9 米/秒（五级）", "the wind rises to 9 m/s (force 5)")
    cast.wind(9.0)
    cast.sees("permit.paused", job.id, 30)
    cast.power("relay-3", 5, on=False)
    cast.refused(Ask.RESUME, "xu-hui", job.id, "9")
    cast.say("风停了，班长同意后恢复", "the wind drops; with the shift lead's yes the work goes on")
    cast.wind(3.0)
    resumes(cast, job, "ma-chao", "relay-3", "xu-hui", "ma-chao", "qian-wei")
    cast.say("脚手架上有人滑倒，手环感到跌倒", "somebody slips on the scaffold: his wristband feels the fall")
    cast.falls("tag-worker-3")
    cast.sees("alarm.raised", job.id, 10, "fall")
    cast.sees("permit.paused", job.id, 10)
    cast.power("relay-3", 5, on=False)
    cast.say("同伴把他扶起，只是轻伤；今天不再作业", "they help him up, not badly hurt; no more work today")
    cast.gets_up("tag-worker-3")
    cast.sees("alarm.returned", job.id, 20, "fall")
    closes(cast, job, "relay-3")
