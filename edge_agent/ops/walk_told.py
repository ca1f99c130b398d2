"""A walk test as it stands: what is counted of it, and how it is told to its page. Pure but for what is heard."""

from collections.abc import Mapping

from edge_agent.domain.noted import KeptFile, LeftOut
from edge_agent.domain.words import Words
from edge_agent.sense.camera import walk
from edge_agent.sense.camera.walk_points import Ticks, Wanted
from edge_agent.tell.live_walk import LiveWalk, Seen, WalkArea, WalkPoint

DONE = Words("都已看到", "Everything was seen")
NO_CORNER = Words(
    "{zh} 和其余各角都未走：区域的边界没有人走到，请把区域改画到能走到的地方",
    "{en} and all the others were left out: nobody walked where the area ends; draw it where people can walk",
)
Names = Mapping[str, Words]


class Walking:
    """One that is under way."""

    def __init__(self, camera: str, by: str, wanted: tuple[Wanted, ...], now_s: float, utc: float) -> None:
        """Nothing was seen yet."""
        self.camera, self.by, self.began_s, self.begun_utc = camera, by, now_s, utc
        self.ticks = Ticks(wanted)
        self.looks: list[walk.Look] = []
        self.files: list[KeptFile] = []
        self.left: dict[str, LeftOut] = {}
        self.seen: Seen = "no_picture"

    @property
    def folder(self) -> str:
        """Of its stills; no camera's id has a dot in it."""
        return f"{self.camera}.{self.begun_utc:.0f}"


def told(one: Walking, made: walk.Certificate, names: Names, *, at_utc: float, left_s: float) -> LiveWalk:
    """For the page, while it is under way."""
    return LiveWalk(
        camera=one.camera,
        by=one.by,
        at_utc=at_utc,
        left_s=left_s,
        next=_next(one, made, names),
        seen=one.seen,
        points=tuple(
            WalkPoint(
                id=each.id,
                says=each.says,
                done=each.id in one.ticks.done,
                at=each.at,
                may_leave=each.kind == "edge",
                left_out=one.left[each.id].reason if each.id in one.left else "",
            )
            for each in one.ticks.wanted
        ),
        areas=tuple(
            WalkArea(area=part.name, looks=part.looks, seen=part.seen, least=walk.LOOKS_LEAST)
            for part in made.areas
        ),
        seen_pct=worst_pct(made),
    )


def _next(one: Walking, made: walk.Certificate, names: Names) -> Words:
    wanted = one.ticks.next
    if wanted is not None:
        return wanted.says
    few = next((part for part in made.areas if part.looks < walk.LOOKS_LEAST), None)
    if few is None:
        return DONE
    name, count = _named(few.name, names), f"{few.looks}/{walk.LOOKS_LEAST}"
    return Words(f"再在 {name.zh} 内走动：{count} 帧", f"Keep walking in {name.en}: {count} pictures")


def worst_pct(made: walk.Certificate) -> float | None:
    """Of the area that was seen worst; None as long as somebody has not walked in all of them."""
    walked = [100 * part.rate for part in made.areas if part.looks]
    return round(min(walked), 1) if walked and len(walked) == len(made.areas) else None


def faults(one: Walking, made: walk.Certificate, names: Names) -> tuple[Words, ...]:
    """Why a walk that was finished has not passed."""
    parts = {part.name: part for part in made.areas}
    found = [_fault(parts.get(name), made, names) for name in made.faults]
    return (*found, *(NO_CORNER.filled(zh=first.called.zh, en=first.called.en) for first in one.ticks.unwalked))


def _fault(part: walk.Part | None, made: walk.Certificate, names: Names) -> Words:
    if part is None:
        return Words(
            f"画面判定太慢（95 % 在 {made.age_p95_s:.1f} 秒内）",
            f"the word about a picture comes too late (95 % within {made.age_p95_s:.1f} s)",
        )
    name, count = _named(part.name, names), f"{part.seen}/{part.looks}"
    return Words(
        f"{name.zh}：只在 {count} 帧中看到人，请检查安装高度、角度和光线",
        f"{name.en}: seen in {count} pictures only: see to its height, its angle and the light",
    )


def _named(area: str, names: Names) -> Words:
    return names.get(area, Words(area, area))
