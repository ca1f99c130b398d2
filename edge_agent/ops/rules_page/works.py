"""The kinds of work as a table: what each of them asks for."""

from collections.abc import Iterator

from edge_agent.domain.cite import cited
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.ops.rules_page.words import Voice, named

HOUR_S, DAY_S = 3600, 86400
ASKED = Words("要", "yes")
HEADS = (
    ("作业", "kind"),
    ("有效期", "valid"),
    ("审批", "approved by"),
    ("开工前验票", "who verifies it at the start"),
    ("证件", "certificates"),
    ("监护", "guard"),
    ("开工前气体检测", "gas test before the start"),
    ("连续检测", "gas watched"),
    ("中断后复测", "re-test after a break of"),
    ("JSA", "JSA"),
    ("全程视频", "video"),
    ("防护用品", "PPE"),
    ("停工风速", "wind that stops it"),
    ("余火监护", "fire watch"),
    ("人员", "people inside"),
    ("夜间/节假日升级", "upgraded at night, holidays, weekends"),
    ("依据", "source"),
)

MEASURE_HEADS = (("措施", "measure"), ("由谁证实", "shown by"), ("作业", "asked for by"), ("依据", "source"))
SHOWN_BY = {
    "people": Words("人员现场确认", "people who look"),
    "gas": Words("人员或气体检测仪", "people, or a gas detector"),
    "camera": Words("人员或摄像机", "people, or a camera"),
}
LEFT_OUT = Words(
    "本机开具的作业票从这些措施开始，开工前逐项确认。开票人删去的措施随票显示并记录，审批人据此签字。",
    "A ticket drawn up on the box begins with these, and each is confirmed before the start. What somebody leaves "
    "out stands on the ticket and in the record, and whoever approves it signs for that.",
)


def works(book: Rulebook, voice: Voice) -> Iterator[str]:
    """One row per kind."""
    yield from voice.table(HEADS)
    for kind, work in book.works.items():
        name = f"{voice.say(work.name)} (`{kind}`)"
        yield voice.row(name, *(voice.say(cell) or "-" for cell in _cells(work)))


def measures(book: Rulebook, voice: Voice) -> Iterator[str]:
    """One row per measure, with the kinds of work that ask for it."""
    yield from (voice.say(LEFT_OUT), "")
    yield from voice.table(MEASURE_HEADS)
    for id_, one in book.measures.items():
        kinds = ", ".join(f"`{kind}`" for kind, work in book.works.items() if id_ in work.measures)
        yield voice.row(
            f"{voice.say(one.words)} (`{id_}`)",
            voice.say(SHOWN_BY[one.shown_by]),
            kinds or "-",
            voice.say(joined((cited(one.clause), same(one.row)))),
        )


def _cells(work: WorkLimits) -> Iterator[Words]:
    guard = named(work.guard_certificates)
    yield same(_time(work.longest_s))
    yield named(work.approvals)
    yield named(work.start_also)
    yield named(work.certificates)
    yield Words(f"{work.guards}（{guard.zh}）", f"{work.guards} ({guard.en})") if guard else same(str(work.guards))
    yield _sampled(work)
    yield _watched(work)
    yield same(_time(work.retest_after_s))
    yield ASKED if work.jsa else NOTHING
    yield ASKED if work.video else NOTHING
    yield named(work.ppe)
    yield same(_figure(work.wind_stop_mps))
    yield same(_time(work.fire_watch_s))
    yield _inside(work)
    yield same(f"`{work.upgraded_to}`" if work.upgraded_to else "")
    yield joined((cited(work.clause), same(work.row)))


def _figure(limit: Limit | None) -> str:
    return "" if limit is None else f"{limit.value:g} {limit.unit}"


def _time(limit: Limit | None) -> str:
    """Seconds as people say them."""
    if limit is None:
        return ""
    seconds = limit.value
    if seconds % DAY_S == 0:
        return f"{seconds / DAY_S:g} d"
    return f"{seconds / HOUR_S:g} h" if seconds % HOUR_S == 0 else f"{seconds / 60:g} min"


def _sampled(work: WorkLimits) -> Words:
    if not work.sampled:
        return NOTHING
    daily = Words("每日", "each day") if work.daily_sample else NOTHING
    age = same(f"≤ {_time(work.sample_age_s)}")
    return joined((named(work.sampled), age, daily, named(work.sample_places)))


def _watched(work: WorkLimits) -> Words:
    """What must be measured all the time, and how long it may be blind."""
    grace = _figure(work.gas_grace_s)
    return joined(
        (named(work.watched), Words(f"数据缺失 {grace} 后暂停", f"blind for {grace} pauses") if grace else NOTHING)
    )


def _inside(work: WorkLimits) -> Words:
    said = []
    if work.confined:
        said.append(Words("进出登记", "counted in and out"))
    if work.inside_max_s is not None:
        said.append(Words(f"最长 {_time(work.inside_max_s)}", f"at most {_time(work.inside_max_s)}"))
    if work.contact_s is not None:
        said.append(Words(f"联络间隔 {_time(work.contact_s)}", f"contact every {_time(work.contact_s)}"))
    if work.confirm_after_break:
        said.append(Words("中断后重新确认措施", "after a break measures are confirmed anew"))
    if work.keep_out_m is not None:
        limit = _figure(work.keep_out_m)
        said.append(Words(f"非本票人员须在 {limit} 以外", f"others keep {limit} away"))
    if work.make_safe:
        said.append(Words("停工先确保安全再撤", "a stop makes safe, lowers, then leaves"))
    return joined(said)
