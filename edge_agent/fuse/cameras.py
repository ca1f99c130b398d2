"""Cameras: what each shows now. One that is silent shows nothing, whatever its last picture was."""

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Filming, SeenPerson, View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.posts import Post, post
from edge_agent.fuse.ppe import NOTHING_SEEN, Seen


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
    post: Post | None = None  # the guard's post, where it watches one and can see


def camera(device: Device, memory: Memory, now_s: float) -> Camera:
    """A camera that has not been heard within its time shows nothing, whatever its last picture was."""
    last = memory.sightings.get(device.id)
    clear_s = memory.clear_s.get(device.id)
    blind_s = None if clear_s is None else now_s - clear_s
    if last is None:
        return Camera(
            device=device, view=View.STARTING, blind_s=None, persons=(), equipment=NOTHING_SEEN, detail=NOTHING
        )
    silent = now_s - last.at_s + last.age_s > device.stale_after_s
    view = View.GONE if silent and last.view is View.CLEAR else last.view
    persons = last.persons if view is View.CLEAR else ()
    return Camera(
        device=device,
        view=view,
        blind_s=blind_s,
        persons=persons,
        detail=last.detail,
        filming=last.filming,
        filming_detail=last.filming_detail,
        equipment=memory.frames.get(device.id, NOTHING_SEEN) if view is View.CLEAR else NOTHING_SEEN,
        post=post(memory.posts.get(device.id), view, now_s),
    )
