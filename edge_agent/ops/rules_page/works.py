"""The kinds of work as a table: what each of them asks for."""

from collections.abc import Iterator

from edge_agent.domain.rulebook import Limit, Rulebook, WorkLimits
from edge_agent.ops.rules_page.words import Voice, named

HOUR_S, DAY_S = 3600, 86400
HEADS = (
    ("作业", "kind"),
    ("有效期", "valid"),
    ("审批", "approved by"),
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


def works(book: Rulebook, voice: Voice) -> Iterator[str]:
    """One row per kind."""
    yield from voice.table(HEADS)
    for kind, work in book.works.items():
        yield voice.row(*_cells(kind, work, voice))


def _cells(kind: str, work: WorkLimits, voice: Voice) -> Iterator[str]:
    yield f"{voice.say(work.name)} (`{kind}`)"
    yield _time(work.longest_s)
    yield _listed(work.approvals, voice)
    yield _listed(work.certificates, voice)
    yield f"{work.guards} ({_listed(work.guard_certificates, voice)})"
    yield _sampled(work, voice)
    yield _watched(work, voice)
    yield _time(work.retest_after_s)
    yield _asked(voice, asked=work.jsa)
    yield _asked(voice, asked=work.video)
    yield _listed(work.ppe, voice)
    yield _figure(work.wind_stop_mps)
    yield _time(work.fire_watch_s)
    yield _inside(work, voice)
    yield f"`{work.upgraded_to}`" if work.upgraded_to else "-"
    yield f"{work.clause}; {work.row}" if work.row else work.clause


def _listed(names: tuple[str, ...], voice: Voice) -> str:
    return voice.say(named(names)) or "-"


def _asked(voice: Voice, *, asked: bool) -> str:
    return voice.head("要", "yes") if asked else "-"


def _figure(limit: Limit | None) -> str:
    return "-" if limit is None else f"{limit.value:g} {limit.unit}"


def _time(limit: Limit | None) -> str:
    """Seconds as people say them."""
    if limit is None:
        return "-"
    seconds = limit.value
    if seconds % DAY_S == 0:
        return f"{seconds / DAY_S:g} d"
    return f"{seconds / HOUR_S:g} h" if seconds % HOUR_S == 0 else f"{seconds / 60:g} min"


def _sampled(work: WorkLimits, voice: Voice) -> str:
    if not work.sampled:
        return "-"
    where = (_listed(work.sample_places, voice),) if work.sample_places else ()
    daily = (voice.head("每日", "each day"),) if work.daily_sample else ()
    return "; ".join((_listed(work.sampled, voice), f"<= {_time(work.sample_age_s)}", *daily, *where))


def _watched(work: WorkLimits, voice: Voice) -> str:
    grace = "" if work.gas_grace_s is None else f"; {_figure(work.gas_grace_s)}"
    return f"{_listed(work.watched, voice)}{grace}"


def _inside(work: WorkLimits, voice: Voice) -> str:
    said = []
    if work.confined:
        said.append(voice.head("进出登记", "counted in and out"))
    if work.inside_max_s is not None:
        said.append(f"{voice.head('最长', 'at most')} {_time(work.inside_max_s)}")
    if work.contact_s is not None:
        said.append(f"{voice.head('联络间隔', 'contact every')} {_time(work.contact_s)}")
    if work.make_safe:
        said.append(voice.head("停工先确保安全再撤", "a stop makes safe, lowers, then leaves"))
    return "; ".join(said) or "-"
