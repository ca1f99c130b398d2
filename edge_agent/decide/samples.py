"""Gas samples taken by hand: what is wrong with a test, and whether it still opens the start gate. Pure.

The limit of half an hour runs from the sampling to the start; during the work it does not roll on
(docs/domain.md 1.2: GB 30871-2022 5.3.1 c, 6.3 a).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.next_step import GasTest, TestedGas
from edge_agent.domain.permit import Retest, Sample
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import comparable, limit_unit
from edge_agent.fuse.jobs import Job

KINDS = {
    "combustible": Words("可燃气体", "a combustible gas"),
    "o2": Words("氧气", "oxygen"),
    "toxic": Words("有毒气体", "a toxic gas"),
}
PLACES = {
    "upper": Words("上部", "the upper part"),
    "middle": Words("中部", "the middle"),
    "lower": Words("下部", "the lower part"),
    "left": Words("左侧", "the left side"),
    "right": Words("右侧", "the right side"),
}


def kind_of(gas: str, book: Rulebook) -> str:
    """What a gas counts as in `works.*.sampled` and `watched`; "" where the rulebook has no limits for it.

    Carbon monoxide burns too, but is limited as a poison: it says nothing of what may explode.
    """
    limits = book.gases.get(gas)
    if limits is None:
        return ""
    if gas == "o2":
        return "o2"
    return "combustible" if limits.combustible else "toxic"


def name_of(kind: str, book: Rulebook) -> Words:
    """What people call an entry of `sampled` or `watched`: a kind, or one gas of the book."""
    return KINDS[kind] if kind in KINDS else book.gases[kind].name


def asked(job: Job, book: Rulebook) -> GasTest:
    """What a test of this job must contain: the same gases, kinds and places that `wrong` looks for."""
    return GasTest(gases=(*_bound_gases(job, book), *_kinds_beside(job, book)))


def _bound_gases(job: Job, book: Rulebook) -> Iterator[TestedGas]:
    """Every bound detector's gas; at each place where its kind is asked for."""
    for gas in dict.fromkeys(channel.gas for channel in job.channels):
        everywhere = bool({gas, kind_of(gas, book)} & set(job.work.sampled))
        yield _tested(gas, book, job.work.sample_places if everywhere else ())


def _kinds_beside(job: Job, book: Rulebook) -> Iterator[TestedGas]:
    """What the kind of work asks for and no bound detector measures."""
    bound = {channel.gas for channel in job.channels}
    told = bound | {kind_of(gas, book) for gas in bound}
    for kind in job.work.sampled:
        any_of = tuple(gas for gas in book.gases if kind in {gas, kind_of(gas, book)})
        if kind not in told and any_of:
            one = _tested(any_of[0], book, job.work.sample_places)
            yield replace(one, words=name_of(kind, book), any_of=any_of)


def _tested(gas: str, book: Rulebook, places: tuple[str, ...]) -> TestedGas:
    limits = book.gases.get(gas)
    words = Words(gas, gas) if limits is None else limits.name
    return TestedGas(gas=gas, words=words, unit=limit_unit(limits), places=places)


def dated(samples: tuple[Sample, ...], instant: Instant) -> tuple[Sample, ...]:
    """Samples with their time; who says none says "now"."""
    return tuple(s if s.at_utc is not None else replace(s, at_utc=instant.utc) for s in samples)


def wrong(samples: tuple[Sample, ...], job: Job, book: Rulebook, instant: Instant) -> tuple[Words, ...]:
    """Everything that is wrong with a gas test (none: passed). The samples are dated."""
    reasons = (
        *_uncovered(samples, job, book),
        *(reason for sample in samples for reason in out_of_limits(sample, book.gases.get(sample.gas))),
        *(reason for sample in samples for reason in _time_and_place(sample, job.work.sample_age_s, instant)),
    )
    return tuple(dict.fromkeys(reasons))  # each once, though every place may have the same fault


def _uncovered(samples: tuple[Sample, ...], job: Job, book: Rulebook) -> Iterator[Words]:
    """Every bound detector's gas and every kind that this work asks for, at every place that it asks for."""
    taken = {sample.gas for sample in samples}
    for gas in dict.fromkeys(channel.gas for channel in job.channels):
        if gas not in taken:
            yield Words(f"缺少 {gas} 的检测值", f"no sample of {gas}")
    for kind in job.work.sampled:
        where = [sample.place.lower() for sample in samples if kind in {sample.gas, kind_of(sample.gas, book)}]
        name = name_of(kind, book)
        if not where:
            yield Words(f"缺少{name.zh}的检测值", f"no sample of {name.en}")
            continue
        for place in job.work.sample_places:
            if not any(place in said for said in where):
                at = PLACES.get(place, Words(place, place))
                yield Words(f"{name.zh}未在{at.zh}取样", f"{name.en} was not sampled at {at.en}")


def out_of_limits(sample: Sample, limits: GasLimits | None) -> Iterator[Words]:
    """Why a sample is not permitted air: beyond its limit, or in a unit that nobody can compare with it."""
    level = comparable(sample.level, sample.unit, limits)
    if level is None or limits is None:
        yield Words(
            f"{sample.gas} 的单位 {sample.unit} 无法与限值比较",
            f"{sample.gas} in {sample.unit} cannot be compared with its limit",
        )
    elif _beyond(level, limits.stop_low, limits.entry_high or limits.stop_high):
        yield Words(
            f"{sample.gas} {sample.level:g} {sample.unit}（{sample.place}）超限",
            f"{sample.gas} {sample.level:g} {sample.unit} ({sample.place}) is beyond its limit",
        )


def _beyond(level: float, low: Limit | None, high: Limit | None) -> bool:
    return (low is not None and level < low.value) or (high is not None and level > high.value)


def _time_and_place(sample: Sample, oldest: Limit | None, instant: Instant) -> Iterator[Words]:
    if not sample.place.strip():
        yield Words(f"{sample.gas} 没有注明取样位置", f"{sample.gas}: the place of sampling is missing")
    age_s = instant.utc - (sample.at_utc or 0.0)
    if age_s < 0:
        yield Words(f"{sample.gas} 的取样时间在将来", f"{sample.gas}: sampled in the future")
    elif oldest is not None and age_s > oldest.value:
        yield Words(
            f"{sample.gas} 取样已过 {age_s / 60:.1f} 分钟（限 {oldest.value / 60:.0f} 分钟）",
            f"{sample.gas} was sampled {age_s / 60:.1f} min ago (at most {oldest.value / 60:.0f} min)",
        )


def age_s(test: Retest, now_s: float) -> float:
    """How old the oldest sample of a test is; a moved clock makes nothing younger."""
    taken_utc = min((sample.at_utc or 0.0 for sample in test.samples), default=0.0)
    return test.at_utc - taken_utc + now_s - test.at_s
