"""Which films go: those whose time is over, and the oldest where the quota of their kind is full."""

from collections.abc import Iterable

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.film.names import FilmFile
from edge_agent.settings.site_cameras import RecordingTable

DAY_S = 86_400.0
GB = 1e9


class Room(Struct, frozen=True, kw_only=True):
    """How films are kept: days, and bytes by kind."""

    days: float
    most: dict[str, float]

    @classmethod
    def of(cls, table: RecordingTable, days: float) -> "Room":
        """As the site has set it up."""
        return cls(days=days, most={"permit": table.quota_gb * GB, "clip": table.clips_gb * GB})


class Going(Struct, frozen=True, kw_only=True):
    """What is to be removed, and what is to be said of it."""

    films: tuple[FilmFile, ...] = ()
    early: Words = NOTHING  # that some of them go before their time


def going(films: Iterable[FilmFile], room: Room, utc: float, *, clock_trusted: bool) -> Going:
    """What goes now. A marked film stays whatever its age and is not counted; one that is being written stays too.

    Age is only judged by a clock that is trusted: a date that was set wrong must not empty the disk.
    """
    gone: list[FilmFile] = []
    early: list[FilmFile] = []
    kept: dict[str, list[FilmFile]] = {kind: [] for kind in room.most}
    for film in films:
        if not film.known or film.marked:
            continue
        if clock_trusted and utc - film.began_utc > room.days * DAY_S:
            gone.append(film)
        else:
            kept.setdefault(film.kind, []).append(film)
    for kind, of_it in kept.items():
        total = sum(film.size for film in of_it)
        for film in sorted(of_it, key=lambda one: one.began_utc):
            if total <= room.most.get(kind, 0.0):
                break
            total -= film.size
            early.append(film)
    return Going(films=(*gone, *early), early=_early(early, room, utc))


def _early(early: list[FilmFile], room: Room, utc: float) -> Words:
    if not early:
        return NOTHING
    kept_days = max(0.0, min(utc - film.began_utc for film in early) / DAY_S)
    return Words(
        f"配额已满：录像只能保存 {kept_days:.1f} 天，应为 {room.days:g} 天",
        f"the quota is full: films last {kept_days:.1f} days instead of {room.days:g}",
    )


def needed(table: RecordingTable, cameras: int, days: float) -> Words:
    """What films of whole jobs need for their time, and how far the quota goes."""
    a_day_gb = cameras * table.mbps / 8 / 1000 * table.hours_a_day * 3600
    need_gb, lasts_days = a_day_gb * days, table.quota_gb / a_day_gb if a_day_gb else days
    zh = (
        f"录像：{cameras} 台摄像机，{table.mbps:g} Mbit/s，每天 {table.hours_a_day:g} 小时，保存 {days:g} 天需 "
        f"{need_gb:.0f} GB；配额 {table.quota_gb:g} GB，约可保存 {lasts_days:.1f} 天"
    )
    en = (
        f"films: {cameras} cameras x {table.mbps:g} Mbit/s x {table.hours_a_day:g} hours a day x {days:g} days "
        f"need {need_gb:.0f} GB; the quota of {table.quota_gb:g} GB holds {lasts_days:.1f} days"
    )
    short = Words("不足，最早的录像将提前删除", "too little: the oldest will go before their time")
    return Words(zh, en).then(short if lasts_days < days else NOTHING)
