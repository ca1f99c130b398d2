"""What stands on a still for people: when, by which clock, which site, place, work and camera, and where. Pure."""

from edge_agent.clock import Instant
from edge_agent.domain.words import Words
from edge_agent.field.film.parts import Stamp
from edge_agent.sense.wearables.place import to_wgs84
from edge_agent.settings.site import Settings

FRESH_S = 3.0  # the still of a camera that is judged is replaced every second
TRUSTED = {True: "时钟可信 clock trusted", False: "时钟未校准 CLOCK NOT TRUSTED"}


def label(settings: Settings, stamp: Stamp, instant: Instant, taken_utc: float | None) -> tuple[str, ...]:
    """Field by field, ids before names: what is too long loses its end. `taken_utc`: the picture's own second."""
    site = settings.site.site
    area = next((one.name for one in settings.areas if one.id == stamp.area), None)
    table = settings.site.cameras.get(stamp.camera)
    return (
        f"{_time(settings, instant.utc)} {TRUSTED[stamp.clock_trusted]}",
        *_older(instant.utc, taken_utc),
        f"站点 {stamp.site}/{stamp.unit} {_both(site.name)}",
        f"区域 {stamp.area} {_both(area)}" if stamp.area else "区域未知 area unknown",
        f"作业票 {stamp.permit}" if stamp.permit else "无作业票 no permit",
        f"摄像机 {stamp.camera} {_both(None if table is None else table.name)}",
        _position(settings, stamp),
    )


def _time(settings: Settings, utc: float) -> str:
    """The site's wall clock, and how far it is ahead of UTC."""
    return settings.local_time.local(utc).isoformat(sep=" ", timespec="seconds").replace("+", " +")


def _older(utc: float, taken_utc: float | None) -> tuple[str, ...]:
    """That the picture is not of this moment; a camera that stands still leaves an old one."""
    if taken_utc is None or abs(utc - taken_utc) <= FRESH_S:
        return ()
    if taken_utc > utc:
        return ("画面时间未知 age of picture unknown",)
    return (f"画面早 {utc - taken_utc:.0f} s, picture older by that",)


def _position(settings: Settings, stamp: Stamp) -> str:
    """The place of the work, and by the globe; where nobody said it, that of the site."""
    site = settings.site.site
    if stamp.point_m is None:
        return f"站点位置 site at {site.origin_lat:.6f}, {site.origin_lon:.6f} (WGS-84)"
    x_m, y_m = stamp.point_m
    lat, lon = to_wgs84(site, x_m, y_m)
    return f"作业点 {x_m:.1f}, {y_m:.1f} m = {lat:.6f}, {lon:.6f} (WGS-84)"


def _both(words: Words | None) -> str:
    if words is None:
        return ""
    return words.zh if words.zh == words.en else f"{words.zh} {words.en}"
