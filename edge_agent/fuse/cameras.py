"""Cameras: what each shows now. One that is silent shows nothing, whatever its last picture was."""

from collections.abc import Iterator

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Aimed, Filming, SeenPerson, View
from edge_agent.domain.plan_view import Place, PlanView, place
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import Opening
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.openings import Passed
from edge_agent.fuse.posts import Post, post
from edge_agent.fuse.ppe import NOTHING_SEEN, Seen

RECORDER_STALE_S = 15.0  # three of its words (docs/domain.md 2.3)
UNHEARD = Words("录像机 {id} 无应答", "the recorder {id} is not heard")


class Camera(Struct, frozen=True, kw_only=True, gc=False):
    """One camera now. `blind_s` is how long ago its last trustworthy picture was taken."""

    device: Device
    view: View
    blind_s: float | None
    persons: tuple[SeenPerson, ...]
    equipment: Seen  # on them, of the last seconds: what one picture cannot tell
    detail: Words
    filming: Filming = Filming.OFF
    filming_detail: Words = NOTHING
    placed: tuple[tuple[int, Place], ...] = ()  # tracks whose feet are seen, on the plan
    walked: frozenset[int] = frozenset()  # tracks that have walked since they were first seen
    passed: tuple[tuple[Opening, Passed], ...] = ()  # openings, and who went through them
    aim: Aimed | None = None  # where it looks, if it can turn and says so
    post: Post | None = None  # the guard's post, where it watches one and can see


def camera(
    device: Device, memory: Memory, now_s: float, recorder: str | None = None, on_plan: PlanView | None = None
) -> Camera:
    """A camera that has not been heard within its time shows nothing, whatever its last picture was.

    `recorder` keeps its films instead of the box.
    """
    last = memory.sightings.get(device.id)
    clear_s = memory.clear_s.get(device.id)
    blind_s = None if clear_s is None else now_s - clear_s
    if last is None:
        return Camera(
            device=device, view=View.STARTING, blind_s=None, persons=(), equipment=NOTHING_SEEN, detail=NOTHING,
            aim=memory.aims.get(device.id),
        )  # fmt: skip
    silent = now_s - last.at_s + last.age_s > device.stale_after_s
    view = View.GONE if silent and last.view is View.CLEAR else last.view
    persons = last.persons if view is View.CLEAR else ()
    filming, why = (last.filming, last.filming_detail) if recorder is None else _kept_by(recorder, memory, now_s)
    return Camera(
        device=device,
        view=view,
        blind_s=blind_s,
        persons=persons,
        detail=last.detail,
        filming=filming,
        filming_detail=why,
        equipment=memory.frames.get(device.id, NOTHING_SEEN) if view is View.CLEAR else NOTHING_SEEN,
        placed=() if on_plan is None else tuple(_placed(persons, on_plan)),
        walked=frozenset(track for track, one in memory.walks.get(device.id, {}).items() if one.walked),
        passed=_passed(device.id, memory),
        aim=memory.aims.get(device.id),
        post=post(memory.posts.get(device.id), view, now_s),
    )


def _kept_by(recorder: str, memory: Memory, now_s: float) -> tuple[Filming, Words]:
    """Whether the site's recorder answers: more can nobody know who stands outside it."""
    word = memory.health.get(recorder)
    if word is None or now_s - word.at_s > RECORDER_STALE_S:
        return Filming.FAILED, UNHEARD.filled(id=recorder)
    return (Filming.RUNNING, NOTHING) if word.ok else (Filming.FAILED, word.detail)


def _placed(persons: tuple[SeenPerson, ...], view: PlanView) -> Iterator[tuple[int, Place]]:
    """Everybody of whom the picture shows where he stands."""
    for person in persons:
        where = place(view, person.box)
        if where is not None:
            yield person.track, where


def _passed(camera: str, memory: Memory) -> tuple[tuple[Opening, Passed], ...]:
    """What was seen of its openings; what is not seen at the moment has been seen all the same."""
    known = memory.passed.get(camera, {})
    return tuple((one, known[one.id]) for one in memory.openings.get(camera, ()) if one.id in known)
