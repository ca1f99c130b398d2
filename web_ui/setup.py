"""What a new box still needs, judged from what is there: never a tick that somebody set. Pure.

Each judge sees everything that is known and answers for one step; what is not known now is never done.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct

from edge_agent.domain.guide import WorkKind
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.tell.live import Live, LiveOutput
from web_ui.setup_shapes import Setup, SetupStep, StepId
from web_ui.words import TABLES, say

Standing = Literal["done", "open", "fault", "unknown"]
ALWAYS = ("holder", "guard", "tester")  # whom every kind of work needs
PLAIN = frozenset({*ALWAYS, "area_owner", "shift_lead", "safety_officer"})  # roles; others are offices
WARMS = "warmup"
PERMISSIVE = "permissive"
POWERS = frozenset({PERMISSIVE, "interlock"})
TRIABLE = frozenset({"siren", "evacuate", "beacon", "amber"})


class Trial(Struct, frozen=True, kw_only=True):
    """One permit, as far as the records of the last weeks know it."""

    id: str
    started: bool = False
    stopped_by_box: bool = False
    went_on: bool = False  # resumed after that
    ended: bool = False


class Seen(Struct, frozen=True, kw_only=True):
    """All that is known of the box now; None: not known."""

    live: Live | None  # of now; never an old one
    name: Words  # of the site
    areas: frozenset[tuple[str, tuple[tuple[float, float], ...]]] | None
    template: frozenset[tuple[str, tuple[tuple[float, float], ...]]]  # what every new site begins with
    roles: frozenset[str]  # and offices that somebody has who may log in
    works: tuple[WorkKind, ...] | None
    trials: tuple[Trial, ...] | None  # newest first
    tried: Mapping[str, bool | None] | None  # "module/output" -> whether its last test was read back


def judged(seen: Seen) -> Setup:
    """Every step, in the order in which it is done."""
    return Setup(steps=tuple(_step(name, judge(seen), to, there) for name, judge, to, there in STEPS))


def _step(name: StepId, verdict: tuple[Standing, Words], to: str, there: str) -> SetupStep:
    standing, says = verdict
    return SetupStep(id=name, standing=standing, says=says, to=to if standing == "open" else there)


Verdict = tuple[Standing, Words]
UNKNOWN: Verdict = ("unknown", say("setup_now", "no_picture"))


def _site(seen: Seen) -> Verdict:
    return "done", seen.name


def _time(seen: Seen) -> Verdict:
    if seen.live is None:
        return UNKNOWN
    trusted = seen.live.clock_trusted
    return "done" if trusted else "fault", say("setup_now", "time_good" if trusted else "time_bad")


def _uplink(seen: Seen) -> Verdict:
    if seen.live is None:
        return UNKNOWN
    if not seen.live.centre:
        return "done", say("setup_now", "uplink_none")
    if seen.live.uplink_ok is None:
        return "unknown", seen.live.uplink_detail or say("setup_now", "uplink_unknown")
    if seen.live.uplink_ok:
        return "done", say("setup_now", "uplink_good")
    return "fault", say("setup_now", "uplink_bad").then(seen.live.uplink_detail)


def _camera(seen: Seen) -> Verdict:
    if seen.live is None:
        return UNKNOWN
    each = {one.id: (one.name, _told("view", one.view), one.view == "clear") for one in seen.live.cameras}
    return _devices(each.values(), "camera")


def _detector(seen: Seen) -> Verdict:
    if seen.live is None:
        return UNKNOWN
    gas = seen.live.gas
    each = [(one.name, _told("quality", one.quality), one.quality == "good") for one in gas]
    standing, says = _devices(each, "detector")
    warming = standing == "fault" and all(one.quality in {"good", WARMS} for one in gas)
    return ("open" if warming else standing), says


def _told(section: str, value: str) -> Words:
    """A value of the agent's as people read it."""
    return Words(TABLES["zh"][section].get(value, value), TABLES["en"][section].get(value, value))


def _devices(each: Iterable[tuple[Words, Words, bool]], kind: str) -> Verdict:
    """Of some devices: none is open, one that is not good is a fault with its name."""
    all_ = list(each)
    if not all_:
        return "open", say("setup_now", f"{kind}_none")
    bad = [Words(f"{name.zh}：{how.zh}", f"{name.en}: {how.en}") for name, how, good in all_ if not good]
    return ("fault", joined(bad)) if bad else ("done", say("setup_now", f"{kind}_good", count=len(all_)))


def _wearable(seen: Seen) -> Verdict:
    """Without one that is heard nobody knows where a guard is."""
    if seen.live is None:
        return UNKNOWN
    each = [(one.name, say("setup_now", "wearable_silent"), one.heard) for one in seen.live.wearables]
    return _devices(each, "wearable")


def _zone(seen: Seen) -> Verdict:
    if seen.areas is None:
        return "unknown", say("setup_now", "zone_unknown")
    own = seen.areas - seen.template
    return (
        ("done", say("setup_now", "zone_good", count=len(seen.areas)))
        if own
        else (
            "open",
            say("setup_now", "zone_template"),
        )
    )


def _relay(seen: Seen) -> Verdict:
    """Power for tools is wired and read back as it is wanted; what people hear and see was tried, and went on.

    What lets tools or plant run is never tried from a page: the trial permit shows it, a contact reads it back.
    Of what people hear and see a contact says whether it went on, or by name somebody who was there.
    """
    if seen.live is None or seen.tried is None:
        return UNKNOWN
    outputs = seen.live.outputs
    if not any(one.does == PERMISSIVE for one in outputs):
        return "open", say("setup_now", "relay_none")
    wrong = [one for one in outputs if one.does in POWERS and one.feedback_closed is not one.wanted_on]
    wrong += [one for one in outputs if one.does in TRIABLE and seen.tried.get(_key(one)) is False]
    if wrong:
        return "fault", say("setup_now", "relay_failed", which=_named(wrong))
    unproven = [one for one in outputs if one.does in TRIABLE and not _proven(one, seen.tried)]
    untried = [one for one in unproven if one.contact or _key(one) not in seen.tried]
    if untried:
        return "open", say("setup_now", "relay_untried", which=_named(untried))
    if unproven:
        return "open", say("setup_now", "relay_unseen", which=_named(unproven))
    words = [say("setup_now", "relay_good", count=len(outputs)), *map(_seen_by, outputs)]
    return "done", joined(words)


def _proven(output: LiveOutput, tried: Mapping[str, bool | None]) -> bool:
    """Read back in its last test; or, where nothing reads it back, seen or heard by somebody."""
    return tried.get(_key(output)) is True if output.contact else output.seen is not None


def _seen_by(output: LiveOutput) -> Words:
    if output.seen is None or output.does not in TRIABLE:
        return NOTHING
    return say("setup_now", "relay_seen", which=_key(output), name=output.seen.name)


def _key(output: LiveOutput) -> str:
    return f"{output.device}/{output.channel}"


def _named(outputs: Iterable[LiveOutput]) -> str:
    return ", ".join(_key(one) for one in outputs)


def _people(seen: Seen) -> Verdict:
    if seen.works is None:
        return "unknown", say("setup_now", "people_unknown")
    ways = [frozenset((*ALWAYS, *work.approvals)) - seen.roles for work in seen.works]
    lacking = min(ways, key=lambda one: (len(one), not one <= PLAIN), default=frozenset(ALWAYS) - seen.roles)
    if lacking:
        zh, en = (
            "、".join(TABLES["zh"]["role"].get(one, one) for one in sorted(lacking)),
            ", ".join(TABLES["en"]["role"].get(one, one) for one in sorted(lacking)),
        )
        said = say("setup_now", "people_lacking")
        return "open", Words(f"{said.zh}{zh}", f"{said.en} {en}")
    return "done", say("setup_now", "people_good")


def _trial(seen: Seen) -> Verdict:
    if seen.trials is None:
        return "unknown", say("setup_now", "trial_unknown")
    whole = next((one for one in seen.trials if one.stopped_by_box and (one.went_on or one.ended)), None)
    if whole is not None:
        return "done", say("setup_now", "trial_good", permit=whole.id)
    if not seen.trials:
        return "open", say("setup_now", "trial_none")
    newest = seen.trials[0]
    key = "trial_drawn" if not newest.started else "trial_stop" if not newest.stopped_by_box else "trial_end"
    return "open", say("setup_now", key, permit=newest.id)


# What is done on which page; and where what is there already is looked at and mended.
STEPS: tuple[tuple[StepId, Callable[[Seen], Verdict], str, str], ...] = (
    ("site", _site, "", ""),
    ("time", _time, "/devices", "/devices"),
    ("uplink", _uplink, "/devices", "/devices"),
    ("camera", _camera, "/setup/camera", "/cameras"),
    ("detector", _detector, "/setup/detector", "/gas"),
    ("zone", _zone, "/setup/zone", "/zones"),
    ("relay", _relay, "/setup/relay", "/setup/outputs"),
    ("wearable", _wearable, "/setup/wearable", "/devices"),
    ("people", _people, "/people", "/people"),
    ("trial", _trial, "/tickets/new", "/board"),
)


def trials(events: Iterable[tuple[str, str]]) -> tuple[Trial, ...]:
    """What happened to each permit, from (permit, type of event), oldest first."""
    found: dict[str, Trial] = {}
    for permit, type_ in events:
        old = found.pop(permit, None) or Trial(id=permit)
        found[permit] = Trial(
            id=permit,
            started=old.started or type_ == "permit.started",
            stopped_by_box=old.stopped_by_box or (type_ == "permit.paused" and old.started),
            went_on=old.went_on or (type_ == "permit.resumed" and old.stopped_by_box),
            ended=old.ended or (type_ in ENDS and old.started),
        )
    return tuple(reversed(found.values()))


TRIED = "unit.sirens_tried"
ENDS = frozenset({"permit.closed"})
TOLD_BY = ("permit.received", "permit.started", "permit.paused", "permit.resumed", *sorted(ENDS))
