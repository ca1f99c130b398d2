"""What feeds the box, for people: the supply's own word, the measured minutes, the work that is under way."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.decide.commissioning_items import UNIT, items
from edge_agent.decide.state import State
from edge_agent.domain.commissioning import Trial, TrialKind
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.supply import Supply
from edge_agent.settings.site import Settings
from edge_agent.tell.live_supply import LiveSupply

KEY = f"{TrialKind.UPS}/{UNIT}"
NOBODY = Words(
    "没有接入 UPS，也没有市电触点：无法得知由什么供电",
    "no UPS is read and no contact of the mains: nobody tells what feeds the box",
)
UNREAD = Words("供电状态未知", "what feeds the box is not known")


class Fed(Struct, frozen=True, kw_only=True):
    """What the box is fed by, as it was seen last. `since_utc`: since when it is `on_mains` or not."""

    on_mains: bool | None
    since_utc: float | None = None
    known: Supply | None = None  # None: nobody is asked, only contacts tell


def told(settings: Settings, state: State, fed: Fed, instant: Instant) -> LiveSupply:
    """All of it at this instant."""
    asked, supply = _asked(settings), fed.known or Supply(on_mains=fed.on_mains)
    trial, job = state.commissioning.trials.get(KEY), _last(state)
    measured = None if trial is None or trial.outcome == "not_done" else trial.value
    void = trial is not None and measured is not None and not items(settings)[KEY].covered_by(trial)
    job_min = None if job is None else max(0.0, job.end_at_s - instant.now_s) / 60
    has = None if supply.wrong else min(_minutes(fed, supply, None if void else measured, instant), default=None)
    lasts = _lasts(supply, has, job_min)
    return LiveSupply(
        asked=asked,
        on_mains=fed.on_mains,
        since_utc=fed.since_utc,
        charge_pct=supply.charge_pct,
        minutes=supply.minutes,
        why=_why(asked, fed, supply),
        wrong=supply.wrong,
        measured_min=measured,
        measured_utc=None if measured is None else _at(trial),
        measured_void=void,
        job="" if job is None else job.ticket.id,
        job_min=job_min,
        lasts=lasts,
        means=NOTHING if job is None or job_min is None else _means(job.ticket.id, job_min, has, lasts),
    )


def _why(asked: str, fed: Fed, supply: Supply) -> Words:
    """Why it is not known, by whoever should know."""
    if asked == "none":
        return NOBODY
    if supply.on_mains is None and supply.why:
        return supply.why
    return UNREAD if fed.on_mains is None else NOTHING


def _asked(settings: Settings) -> Literal["kernel", "nut", "contacts", "none"]:
    if settings.site.power.ups != "none":
        return settings.site.power.ups
    modules = settings.site.relays.values()
    return "contacts" if any(row.kind == "mains" for one in modules for row in one.contacts.values()) else "none"


def _last(state: State) -> Permit | None:
    return max((one for one in state.permits.values() if one.busy), key=lambda one: one.end_at_s, default=None)


def _at(trial: Trial | None) -> float | None:
    return None if trial is None else trial.at_utc


def _minutes(fed: Fed, supply: Supply, measured: float | None, instant: Instant) -> Iterator[float]:
    """What is known of how long it lasts from now: by its own word, and by what was measured once."""
    if supply.minutes is not None:
        yield supply.minutes
    if measured is not None:
        gone_utc = fed.since_utc if fed.on_mains is False else None
        yield max(0.0, measured - (0.0 if gone_utc is None else (instant.utc - gone_utc) / 60))


def _lasts(supply: Supply, has: float | None, job_min: float | None) -> bool | None:
    if job_min is None:
        return None
    if supply.wrong:
        return False
    return None if has is None else has >= job_min


def _means(job: str, job_min: float, has: float | None, lasts: bool | None) -> Words:  # noqa: FBT001
    needs = f"{job_min:.0f}"
    if lasts is None:
        return Words(
            f"不知道备用电源能否维持到 {job} 结束（还有 {needs} 分钟）",
            f"nobody knows whether the back-up supply lasts until {job} ends, in {needs} min",
        )
    if has is None:
        return Words(
            f"备用电源不可依靠；{job} 还有 {needs} 分钟",
            f"the back-up supply cannot be counted on; {job} has {needs} min to go",
        )
    if lasts:
        return Words(
            f"备用电源可维持 {has:.0f} 分钟，{job} 还有 {needs} 分钟",
            f"the back-up supply lasts {has:.0f} min; {job} has {needs} min to go",
        )
    return Words(
        f"备用电源只能维持 {has:.0f} 分钟，短于作业：{job} 还有 {needs} 分钟",
        f"the back-up supply lasts {has:.0f} min, which is shorter than the work: {job} has {needs} min to go",
    )
