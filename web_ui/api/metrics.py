"""Figures of this service and of the agent's picture, as Prometheus reads them."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response

from web_ui.picture import Reader
from web_ui.viewers import Viewers

TEXT = "text/plain; version=0.0.4; charset=utf-8"
PAGE_KB = 4


def install(app: Flask, reader: Reader, viewers: Viewers) -> None:
    """GET /metrics."""

    @app.get("/metrics")
    def metrics() -> Response:
        """Gauges by hand: nine lines need no library."""
        rows = {**_of_picture(reader), **_of_service(viewers)}
        return Response("".join(_lines(rows)), mimetype=TEXT, content_type=TEXT)


def _lines(rows: dict[str, tuple[str, float]]) -> Iterator[str]:
    for name, (help_text, value) in rows.items():
        yield f"# HELP edge_{name} {help_text}\n# TYPE edge_{name} gauge\nedge_{name} {value:g}\n"


def _of_picture(reader: Reader) -> dict[str, tuple[str, float]]:
    """Without a picture these are missing, not 0: nothing is known."""
    picture = reader.look()
    live = picture.live
    rows = {"picture_up": ("whether the agent's picture can be read", float(live is not None))}
    if live is not None:
        running = sum(one.state == "active" for one in live.permits)
        rows |= {
            "picture_age_seconds": ("age of the agent's picture", reader.age_s(live, picture.seen_s)),
            "permits_active": ("permits under way", running),
            "permits": ("permits shown", len(live.permits)),
            "alarms": ("alarms of the list", len(live.alarms)),
            "outbox_waiting": ("events that the centre has not acknowledged", live.waiting),
            "clock_trusted": ("whether the box's clock is trusted", float(live.clock_trusted)),
        }
    return rows


def _of_service(viewers: Viewers) -> dict[str, tuple[str, float]]:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "viewers": ("open streams", viewers.open),
        "web_resident_bytes": ("memory of the pages' service", pages * PAGE_KB * 1024),
    }
