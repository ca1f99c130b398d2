"""`edge-agent about`: looks through the records beside the running agent; says what is kept, and how long."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from edge_agent.domain.words import Words
from edge_agent.ops.export.scope import Scope
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.ops.incident.heads import began
from edge_agent.settings.site import Settings
from edge_agent.store import journal
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell.evidence import MOST_BYTES as EVIDENCE_BYTES
from edge_agent.tell.live_office import About, Stored, Told
from edge_agent.tell.patrol import MOST_BYTES as PATROL_BYTES

EX_UNAVAILABLE = 69  # sysexits.h
PAGE = 500
MOST_PAGES = 60
MIB = 2**20


def run(settings: Settings, person: str) -> int:
    """Print it as JSON."""
    try:
        found = about(settings, person)
    except StoreError as fault:
        sys.stderr.write(f"{fault.words.zh}\n{fault.words.en}\n")
        return EX_UNAVAILABLE
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return 0


def about(settings: Settings, person: str) -> About:
    """The records that name this person, by kind, and what else is kept of him. Raises StoreError."""
    counts: dict[str, Told] = {}
    looked, before = 0, None
    scope = Scope(person=person)
    with Reader.open(settings.state_folder / DATABASE) as records:
        for _ in range(MOST_PAGES):
            page = records.recent(PAGE, Wanted(before=before))
            looked += len(page)
            for event in page:
                if scope.holds(event):
                    counts[event.type] = _more(counts.get(event.type), event.type, event.at_utc)
            if len(page) < PAGE:
                break
            before = page[-1].seq
    told = sorted(counts.values(), key=lambda one: -one.count)
    return About(person=person, records=tuple(told), looked_at=looked, stored=tuple(_stored(settings)))


def _more(so_far: Told | None, type_: str, at_utc: float) -> Told:
    if so_far is None:
        return Told(type=type_, count=1, first_utc=at_utc, last_utc=at_utc)
    return Told(
        type=type_,
        count=so_far.count + 1,
        first_utc=min(so_far.first_utc, at_utc),
        last_utc=max(so_far.last_utc, at_utc),
    )


def _stored(settings: Settings) -> Iterator[Stored]:
    yield Stored(
        what=Words(
            "名册：姓名、角色、区域、手环、证书、培训；PIN 和工牌只存哈希",
            "the roster: name, roles, areas, wearable, certificates, training; of PIN and badge a hash alone",
        ),
        how_long=Words("由管理员或中心删改为止", "until an administrator or the centre changes it"),
    )
    yield Stored(
        what=Words("记录：谁在何时做了什么", "the records: who did what, when"),
        how_long=Words(
            "不删除：记录相互链接，删改即可发现", "for good: they are chained, so that a change is noticed"
        ),
    )
    yield Stored(
        what=Words(
            "输入留存：手环位置和数值、画面中的人数",
            "recorded inputs: places and values of wearables, people seen",
        ),
        how_long=_since(settings),
    )
    yield Stored(
        what=Words(
            "事件证据：报警前十分钟的位置、现场画面", "evidence of events: places of ten minutes before, pictures"
        ),
        how_long=_room(EVIDENCE_BYTES),
    )
    yield Stored(
        what=Words("监护人当班时的行走轨迹", "a guard's way while he is on duty"), how_long=_room(PATROL_BYTES)
    )
    days = settings.rulebook.camera.film_days.value
    yield Stored(
        what=Words("录像（加密）", "films (sealed)"),
        how_long=Words("本站不录像", "this site keeps none")
        if settings.site.recording is None
        else Words(f"{days:g} 天；有人标记保留的除外", f"{days:g} days, unless somebody marks one to stay"),
    )


def _room(bytes_: int) -> Words:
    return Words(f"最新的 {bytes_ // MIB} MB", f"the newest {bytes_ // MIB} MB")


def _since(settings: Settings) -> Words:
    """How far the recorded inputs reach back at this moment."""
    newest = _room(journal.QUOTA_BYTES)
    oldest = _oldest(settings.state_folder / JOURNAL)
    if oldest is None:
        return newest
    day: date = settings.local_time.local(oldest).date()
    return newest.then(Words(f"现存自 {day} 起", f"at present since {day}"))


def _oldest(folder: Path) -> float | None:
    return next((one.instant.utc for path in journal.segments(folder) if (one := began(path)) is not None), None)
