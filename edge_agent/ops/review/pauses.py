"""Every pause of the box: how long work stood still for it, and whether people say that it was right. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from edge_agent.decide.asking.judging import VERDICTS
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.ops.review.cells import heads, minutes, moment, text, words
from edge_agent.tell.live_review import ReviewPart, ReviewRow

TYPES = (
    "permit.paused",
    "permit.resumed",
    "permit.closed",
    "permit.expired",
    "permit.revoked",
    "permit.work_ended",
    "pause.judged",
)
TITLE = Words("停止原因与误停", "Pauses by cause, and false ones")
ABOUT = Words(
    "每次自动停止由安全员、当班班长或属地负责人事后判定：停止正确、误停或不能确定；未判定的两者都不算。",
    "A safety officer, shift lead or area owner judges each pause of the box's own: right, false or unsure. "
    "One that nobody has judged counts as neither.",
)


class Pause(Struct, frozen=True, kw_only=True):
    """One pause. `lasted_s` None: it stands still, or what ended it is older than the records."""

    event: Event
    rule: str
    title: Words
    lasted_s: float | None
    verdict: str
    reason: str


def pauses(events: Sequence[Event]) -> list[Pause]:
    """Oldest first; what was only played, or written down, is none."""
    judged: dict[int, Mapping[str, str]] = {
        one.data["pause"]: one.data for one in events if one.type == "pause.judged"
    }
    found: list[Pause] = []
    for at, event in enumerate(events):
        causes = event.data.get("causes") or ()
        if event.type != "permit.paused" or event.data.get("drill") or not causes:
            continue
        said = judged.get(event.seq, {})
        found.append(
            Pause(
                event=event,
                rule=causes[0]["rule"],
                title=words(causes[0]["title"]),
                lasted_s=_lasted_s(event, events[at + 1 :]),
                verdict=said.get("verdict", ""),
                reason=said.get("reason", ""),
            )
        )
    return found


def _lasted_s(pause: Event, later: Iterable[Event]) -> float | None:
    ends = (
        one for one in later if one.subject == pause.subject and one.type not in {"permit.paused", "pause.judged"}
    )
    end = next(ends, None)
    return None if end is None else max(0.0, end.at_utc - pause.at_utc)


def parts(events: Sequence[Event], local: LocalTime) -> tuple[ReviewPart, ...]:
    """By cause, then one by one, newest first."""
    found = pauses(events)
    return (
        ReviewPart(
            title=Words("按原因", "By cause"),
            heads=(
                Words("原因", "cause"),
                Words("次数", "times"),
                Words("停止时长", "minutes lost"),
                *VERDICTS.values(),
                Words("未判定", "not judged"),
            ),
            rows=tuple(_causes(found)),
        ),
        ReviewPart(
            title=Words("逐次", "One by one"),
            heads=heads(
                "时间 | when",
                "作业票 | permit",
                "原因 | cause",
                "停止时长 | stood for",
                "判定 | judged",
                "说明 | why so",
            ),
            rows=tuple(_one(pause, local) for pause in reversed(found)),
        ),
    )


def _causes(found: list[Pause]) -> Iterable[ReviewRow]:
    by_rule: dict[str, list[Pause]] = defaultdict(list)
    for pause in found:
        by_rule[pause.rule].append(pause)
    for _, alike in sorted(by_rule.items(), key=lambda one: (-len(one[1]), one[0])):
        said = [sum(pause.verdict == verdict for pause in alike) for verdict in (*VERDICTS, "")]
        ended = [pause.lasted_s for pause in alike if pause.lasted_s is not None]
        still = len(alike) - len(ended)
        lost = joined(
            (
                minutes(sum(ended)) if ended else NOTHING,
                Words(f"{still} 次未结束", f"{still} not ended") if still else NOTHING,
            )
        )
        yield ReviewRow(
            cells=(alike[-1].title, same(f"{len(alike)}"), lost, *(same(f"{count}") for count in said))
        )


def _one(pause: Pause, local: LocalTime) -> ReviewRow:
    verdict = VERDICTS.get(pause.verdict, Words("未判定", "not judged"))
    return ReviewRow(
        cells=(
            moment(pause.event.at_utc, local),
            text(pause.event.subject),
            pause.title,
            minutes(pause.lasted_s),
            verdict,
            text(pause.reason),
        ),
        event=pause.event.seq,
        judged=pause.verdict,
    )
