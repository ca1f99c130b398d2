"""An unscripted drill's steps, from its seed alone: the same seed plays the same day again."""

from collections.abc import Iterator

from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.jobs import Job

WORD = (1 << 64) - 1
MOST_STEPS = 4
FIRST_PART = 0.5  # everything begins in the first half, so that people have time to act


def numbers(seed: int) -> Iterator[int]:
    """SplitMix64 (Steele, Lea, Flood 2014): 64 bits each, no state but the counter."""
    counter = seed & WORD
    while True:
        counter = (counter + 0x9E3779B97F4A7C15) & WORD
        mixed = ((counter ^ (counter >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & WORD
        yield mixed ^ (mixed >> 31)


def resolved(drill: Drill, job: Job) -> tuple[DrillStep, ...]:
    """The drill's steps as written; an unscripted one's from its seed; the guard's wearable filled in."""
    steps = drill.steps or tuple(_thrown(drill, job))
    guard = "" if job.guard_tag is None else job.guard_tag.device.id
    return tuple(
        DrillStep(after_s=step.after_s, kind=step.kind, source=guard) if step.kind == "guard_gone" else step
        for step in steps
    )


def _thrown(drill: Drill, job: Job) -> Iterator[DrillStep]:
    dice = numbers(drill.seed or 0)
    sources = [device for device in job.permit.ticket.devices if device not in job.unbound]
    channels = [channel for channel in job.channels if _stop(channel) is not None]
    for _ in range(1 + next(dice) % MOST_STEPS):
        kind = ("gas", "silence", "guard_gone", "uplink_cut", "power_cut")[next(dice) % 5]
        after_s = round(FIRST_PART * drill.longest_s * (next(dice) % 1000) / 1000, 1)
        pick = next(dice)
        if kind == "gas" and channels:
            channel = channels[pick % len(channels)]
            yield DrillStep(
                after_s=after_s, kind="gas", source=channel.device.id, level=_stop(channel), unit=channel.unit
            )
        elif kind in {"gas", "silence"} and sources:
            yield DrillStep(after_s=after_s, kind="silence", source=sources[pick % len(sources)])
        elif kind == "guard_gone":
            yield DrillStep(after_s=after_s, kind="guard_gone")
        elif kind == "uplink_cut":
            yield DrillStep(after_s=after_s, kind="uplink_cut")
        else:
            yield DrillStep(after_s=after_s, kind="power_cut")


def _stop(channel: Channel) -> float | None:
    """A level that stops the work: twice the upper limit, or half the lower one."""
    low = channel.limits.stop_low if channel.limits else None
    high = channel.limits.stop_high if channel.limits else None
    if low is not None:
        return low.value / 2
    return None if high is None else high.value * 2
