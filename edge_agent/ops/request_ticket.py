"""A ticket from what was typed: what is not said is as the pages would have it."""

import argparse
import math
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import measures
from edge_agent.decide.guides import offers
from edge_agent.domain.ticket import Measure, MeasureKind
from edge_agent.domain.words import Words, WordsError
from edge_agent.settings.fault import nearest
from edge_agent.settings.site import Settings

HOUR_S = 3600.0
HOURS = re.compile(r"\+(\d+(?:\.\d+)?)h")
PEOPLE = "people"
PLAIN = ("type", "level", "area", "jsa", "pipe", "outdoor", "coordinator")  # as they are typed

Tell = Callable[[Words], object]


def ticket(settings: Settings, args: argparse.Namespace, now_utc: float, tell: Tell) -> dict[str, Any]:
    """The ticket's form. `tell` is told what the box adds. Raises WordsError for what cannot be meant."""
    written: dict[str, Any] = {name: getattr(args, name) for name in PLAIN} | {
        "valid_from_utc": _moment(settings, args.begin, now_utc),
        "valid_to_utc": _moment(settings, args.until, now_utc),
        "point": _point(args.point),
        "holder": args.holder,
        "guards": args.guard,
        "workers": args.worker,
        "devices": args.device,
        "content": {"zh": args.content, "en": args.content} if args.content else None,
        "scopes": args.scope,
        "linked": args.linked,
    }
    if not args.extends:
        written |= {"holder": args.holder or args.by} | _added(settings, args, written, tell)
    return _said({"extends": args.extends} | written)


def _added(settings: Settings, args: argparse.Namespace, written: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """What was not typed, and the box says by itself."""
    _known(args.area, (area.id for area in settings.areas), Words("区域", "area"))
    kind = f"{args.type}.{args.level}" if args.level else args.type
    _known(kind, settings.rulebook.works, Words("作业类型", "kind of work"))
    added: dict[str, Any] = {"video_required": settings.rulebook.works[kind].video if kind else None}
    if written["devices"] is None:
        added["devices"] = list(offers(settings).devices.get(args.area, ()))
        listed = ", ".join(added["devices"])
        tell(Words(f"绑定设备：{listed or '无'}", f"bound devices: {listed or 'none'}"))
    if written["point"] is None and args.area is not None:
        middle = offers(settings).points[args.area][0]
        at = f"({middle.x_m:g}, {middle.y_m:g}) m"
        tell(Words(f"作业点取区域中间 {at}", f"the work point is the middle of the area {at}"))
        added["point"] = {"x_m": middle.x_m, "y_m": middle.y_m}
    devices = tuple((written | added)["devices"])
    return added | {"measures": _measures(settings, args, kind or "", devices, tell)}


def _said(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value is not None}


def _known(value: str | None, known: Iterable[str], what: Words) -> None:
    """What was not typed at all the desk asks for by itself."""
    listed = tuple(known)
    if value is not None and value not in listed:
        near = nearest(value, listed)
        raise WordsError(
            Words(f"没有{what.zh} {value}；{near.zh}", f"there is no {what.en} {value}; {near.en}"),
        )


def _point(text: str | None) -> dict[str, float] | None:
    if text is None:
        return None
    try:
        x_m, y_m, *height = (_metres(part) for part in text.split(","))
        (z_m,) = height or (None,)
    except ValueError:
        raise WordsError(
            Words(
                f"作业点 {text}：应写作 X,Y 或 X,Y,Z（米）",
                f"the point {text}: write X,Y or X,Y,Z in metres",
            ),
        ) from None
    return _said({"x_m": x_m, "y_m": y_m, "z_m": z_m})


def _metres(text: str) -> float:
    """A figure; "nan" is none."""
    metres = float(text)
    if not math.isfinite(metres):
        raise ValueError(text)
    return metres


def _moment(settings: Settings, text: str | None, now_utc: float) -> float | None:
    """UTC seconds of the site's wall clock, or so many hours from now."""
    if text is None:
        return None
    hours = HOURS.fullmatch(text)
    if hours is not None:
        return now_utc + float(hours[1]) * HOUR_S
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise WordsError(
            Words(
                f"时间 {text}：应写作 2026-12-01T16:00 或 +8h", f"the time {text}: write 2026-12-01T16:00, or +8h"
            ),
        ) from None
    return (when if when.tzinfo else when.replace(tzinfo=settings.local_time.zone)).timestamp()


def _measures(
    settings: Settings, args: argparse.Namespace, kind: str, devices: tuple[str, ...], tell: Tell
) -> list[dict[str, Any]] | None:
    """None where nothing was typed of them: then the box takes all that the kind of work asks for."""
    usual = measures.usual(kind, devices, settings)
    if not (args.measure or args.shown_by or args.leave_out):
        if kind:
            listed = ", ".join(one.id for one in usual)
            tell(Words(f"安全措施：{listed or '无'}", f"measures: {listed or 'none'}"))
        return None
    own = tuple(_own(text) for text in args.measure or ())
    out = tuple(args.leave_out or ())
    for id_ in out:
        _known(id_, (one.id for one in usual), Words("措施", "measure"))
    shown = dict(_pair(text, "ID=DEVICE") for text in args.shown_by or ())
    taken = tuple(one for one in (*usual, *own) if one.id not in out)
    for id_ in shown:
        _known(id_, (one.id for one in taken), Words("措施", "measure"))
    return [to_builtins(_shown(one, shown.get(one.id), settings)) for one in taken]


def _own(text: str) -> Measure:
    id_, words = _pair(text, "ID=TEXT")
    return Measure(id=id_, kind=MeasureKind.MANUAL, words=Words(words, words))


def _pair(text: str, form: str) -> tuple[str, str]:
    name, between, value = text.partition("=")
    if not (name and between and value):
        raise WordsError(Words(f"{text}：应写作 {form}", f"{text}: write {form}"))
    return name, value


def _shown(measure: Measure, by: str | None, settings: Settings) -> Measure:
    if by is None:
        return measure
    if by == PEOPLE:
        return replace(measure, kind=MeasureKind.MANUAL, source="")
    kind = MeasureKind.AI if by in settings.site.cameras else MeasureKind.IOT
    return replace(measure, kind=kind, source=by)
