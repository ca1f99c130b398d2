"""What happens in every play: work begins properly, is resumed properly, and is closed properly."""

from typing import Any

from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Ticket, WorkType
from edge_agent.ops.demo.cast import Cast

SETTLE_S = 40.0
TANK_WORKERS = (("tag-worker-1", 0.5, 0.5), ("tag-worker-2", -0.5, -0.5))
AIR: tuple[dict[str, Any], ...] = tuple(
    {"gas": gas, "level": level, "unit": unit, "place": place}
    for place in ("upper 上部", "middle 中部", "lower 下部")
    for gas, level, unit in (
        ("ch4", 0.0, "%LEL"),
        ("o2", 20.8, "%vol"),
        ("h2s", 0.0, "ppm"),
        ("co", 0.0, "ppm"),
        ("cl2", 0.0, "ppm"),
    )
)


def begins(cast: Cast, ticket: Ticket, guard: str, relay: str) -> None:
    """The ticket arrives, the guard checks in, the air is tested, the ticket is verified, and work starts."""
    arrives(cast, ticket, guard)
    cast.say("等待各项条件满足（检测仪预热）", "until everything is in order (detectors warm up)")
    cast.sees("permit.ready", ticket.id, SETTLE_S)
    starts(cast, ticket, guard, relay)


def starts(cast: Cast, ticket: Ticket, guard: str, relay: str) -> None:
    """Everybody whom the start takes says yes."""
    if ticket.type == WorkType.HOT:
        cast.say("当班班长验票", "the shift lead verifies the ticket")
        cast.do(Ask.START, "qian-wei", ticket.id)
    cast.say("负责人和监护人共同开工", "holder and guard start together")
    cast.do(Ask.START, ticket.holder, ticket.id)
    cast.do(Ask.START, guard, ticket.id)
    cast.sees("permit.started", ticket.id, 10)
    cast.power(relay, 5, on=True)


def arrives(cast: Cast, ticket: Ticket, guard: str) -> None:
    """As far as the gate: ticket, guard at the point, air tested by the tester."""
    words = ticket.content
    cast.say(
        f"中心下发作业票 {ticket.id}：{words.zh if words else ''}",
        f"the centre sends ticket {ticket.id}: {words.en if words else ''}",
    )
    cast.bring(ticket)
    cast.sees("permit.received", ticket.id, 10)
    cast.say(
        "监护人到作业点签到，分析人在上、中、下部取样",
        "the guard checks in at the point; the tester samples upper, middle and lower",
    )
    cast.do(Ask.CHECK_IN, guard, ticket.id)
    cast.do(Ask.RETEST, "sun-yan", ticket.id, samples=AIR)


def goes_in(cast: Cast, ticket: Ticket, guard: str) -> None:
    """The guard counts the workers in; they go inside."""
    cast.say("监护人登记两名作业人员进罐", "the guard counts two workers into the tank")
    cast.do(Ask.ENTER, guard, ticket.id, about=ticket.workers, tools=2)
    for tag, x_m, y_m in TANK_WORKERS:
        cast.walk(tag, x_m, y_m)
    for tag, _, _ in TANK_WORKERS:
        cast.there(tag, 30)


def comes_out(cast: Cast, ticket: Ticket, guard: str) -> None:
    """They come out; the guard counts them out."""
    for tag, _, y_m in TANK_WORKERS:
        cast.walk(tag, 6.0, 2.0 * y_m)
    for tag, _, _ in TANK_WORKERS:
        cast.there(tag, 30)
    cast.say("监护人登记两人出罐", "the guard counts both out")
    cast.do(Ask.LEAVE, guard, ticket.id, about=ticket.workers, tools=2)


def resumes(cast: Cast, ticket: Ticket, guard: str, relay: str, *people: str) -> None:
    """The guard checks in again, everything is good for long enough, everybody signs."""
    cast.do(Ask.CHECK_IN, guard, ticket.id)
    cast.settles(ticket.id, SETTLE_S)
    for person in people:
        cast.do(Ask.RESUME, person, ticket.id)
    cast.sees("permit.resumed", ticket.id, 10)
    cast.power(relay, 5, on=True)


def closes(cast: Cast, ticket: Ticket, relay: str) -> None:
    """Nobody inside: holder and area owner close it."""
    cast.say("作业结束，负责人与属地关闭作业票", "the job is done: holder and area owner close the permit")
    cast.do(Ask.CLOSE, ticket.holder, ticket.id, people_inside=0)
    cast.do(Ask.CLOSE, "feng-tao", ticket.id, people_inside=0)
    cast.sees("permit.closed", ticket.id, 10)
    cast.power(relay, 5, on=False)
