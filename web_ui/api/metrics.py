"""Figures of this service, of the agent's picture and of its disk, as Prometheus reads them.

By the pages and not by a file for node_exporter: a box need not run one more program, the figures are as fresh as
the picture, and the token that opens them is the pages' own. docs/observability has a dashboard and alert rules.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask import Flask, Response

from edge_agent.ops import disk_kept, integrity
from edge_agent.tell.live import Live
from web_ui.picture import Reader
from web_ui.viewers import Viewers

TEXT = "text/plain; version=0.0.4; charset=utf-8"
PAGE_KB = 4
GOOD, CLEAR = "good", "clear"
STATES = (
    "received",
    "ready",
    "active",
    "paused",
    "suspended",
    "resume_check",
    "fire_watch",
    "closed",
    "expired",
    "revoked",
)
PRIORITIES = (1, 2, 3, 4)

Labels = dict[str, str]
Row = tuple[str, Iterable[tuple[Labels, float]]]  # what it means, and its values


def install(app: Flask, reader: Reader, viewers: Viewers, state: Path, utc: Callable[[], float]) -> None:
    """GET /metrics. `state` is the agent's folder."""

    @app.get("/metrics")
    def metrics() -> Response:
        """Gauges by hand: a name, its meaning and a value need no library."""
        rows = {**_of_picture(reader), **_of_disk(state, utc()), **_of_service(viewers)}
        return Response("".join(_lines(rows)), mimetype=TEXT, content_type=TEXT)


def _lines(rows: dict[str, Row]) -> Iterator[str]:
    for name, (help_text, values) in rows.items():
        yield f"# HELP edge_{name} {help_text}\n# TYPE edge_{name} gauge\n"
        for labels, value in values:
            said = ",".join(f'{key}="{_quoted(text)}"' for key, text in labels.items())
            yield f"edge_{name}{{{said}}} {value:.10g}\n" if said else f"edge_{name} {value:.10g}\n"


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _one(value: float) -> Iterable[tuple[Labels, float]]:
    return [({}, value)]


def _of_picture(reader: Reader) -> dict[str, Row]:
    """Without a picture these are missing, not 0: nothing is known."""
    picture = reader.look()
    live = picture.live
    rows: dict[str, Row] = {"picture_up": ("whether the agent's picture can be read", _one(live is not None))}
    if live is not None:
        rows |= _of_work(live) | _of_field(live)
        rows["picture_age_seconds"] = ("age of the agent's picture", _one(reader.age_s(live, picture.seen_s)))
    return rows


def _of_work(live: Live) -> dict[str, Row]:
    states = [one.state for one in live.permits]
    alarms = [one.priority for one in live.alarms]
    told = {
        "permits_active": ("permits under way", _one(states.count("active"))),
        "permits": ("permits shown", _one(len(states))),
        "permits_in_state": ("permits by state", [({"state": one}, states.count(one)) for one in STATES]),
        "alarms": ("alarms of the list", _one(len(alarms))),
        "alarms_of_priority": (
            "alarms of the list by priority, 1 the most urgent",
            [({"priority": str(one)}, alarms.count(one)) for one in PRIORITIES],
        ),
        "alarm": ("alarms of the list by code", _counted(one.code for one in live.alarms)),
        "outbox_waiting": ("events that the centre has not acknowledged", _one(live.waiting)),
        "clock_trusted": ("whether the box's clock is trusted", _one(live.clock_trusted)),
        "demo": ("whether a demo's limits decide: nothing is protected", _one(live.demo)),
    }
    if live.uplink_ok is not None:
        told["uplink_up"] = ("whether the centre's broker is reached", _one(live.uplink_ok))
    return told


def _counted(codes: Iterable[str]) -> Iterable[tuple[Labels, float]]:
    found: dict[str, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    return [({"code": code}, count) for code, count in sorted(found.items())]


def _of_field(live: Live) -> dict[str, Row]:
    """What is not good has no level: a number that nobody may use is not told."""
    return {
        "gas_good": (
            "whether a gas channel's value may be used",
            [({"channel": one.id, "gas": one.gas, "area": one.area_id}, one.quality == GOOD) for one in live.gas],
        ),
        "gas_level": (
            "a gas channel's value in its own unit, while it is good",
            [
                ({"channel": one.id, "gas": one.gas, "area": one.area_id, "unit": one.unit}, one.level)
                for one in live.gas
                if one.level is not None and one.quality == GOOD
            ],
        ),
        "gauge_good": (
            "whether a gauge's value may be used",
            [({"gauge": g.id}, g.quality == GOOD) for g in live.gauges],
        ),
        "camera_clear": (
            "whether a camera's picture is judged",
            [({"camera": c.id}, c.view == CLEAR) for c in live.cameras],
        ),
        "wearable_heard": ("whether a wearable is heard", [({"wearable": w.id}, w.heard) for w in live.wearables]),
        "output_on": (
            "whether an output is wanted on",
            [({"output": f"{o.device}/{o.channel}", "does": o.does}, o.wanted_on) for o in live.outputs],
        ),
    }


def _of_disk(state: Path, now_utc: float) -> dict[str, Row]:
    """As the agent looked at it within the hour; missing where it did not."""
    rows: dict[str, Row] = {}
    looked = integrity.looked(state / integrity.NAME)
    if looked is not None:
        age_s = max(0.0, now_utc - looked.utc)
        rows["records_checked_age_seconds"] = ("since every row of the records was found to hold", _one(age_s))
    kept = disk_kept.kept(state)
    if kept is None:
        return rows
    disk = kept.now
    rows |= {
        "disk_free_bytes": ("room on the disk of the records", _one(disk.free)),
        "disk_size_bytes": ("size of that disk", _one(disk.size)),
        "disk_bytes": ("what lies there by class", [({"class": n}, u.bytes) for n, u in disk.classes.items()]),
    }
    if disk.written_per_day is not None:
        rows["disk_written_bytes_per_day"] = ("what the disk takes a day", _one(disk.written_per_day))
    if disk.days_left is not None:
        rows["disk_days_left"] = ("until it is full at this rate", _one(disk.days_left))
    return rows


def _of_service(viewers: Viewers) -> dict[str, Row]:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "viewers": ("open streams", _one(viewers.open)),
        "web_resident_bytes": ("memory of the pages' service", _one(pages * PAGE_KB * 1024)),
    }
