"""Whether a guard stands at the box's own screen: he reads its code, or holds his badge to it.

It is asked when he checks in, and when he says that he is still there. Then an old code says nothing: one that has
shown him already, or that was read before it, would only show that he was there once.
"""

import threading

from edge_agent.clock import Clock
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Presence
from edge_agent.domain.words import Words
from edge_agent.tell.desk_filing import Filing
from edge_agent.tell.desk_form import Form
from edge_agent.tell.who.keys import Key
from edge_agent.tell.who.screen import ScreenCode
from edge_agent.tell.who.throttle import Throttle, Wrong

JUST_NOW_S = 60.0  # from holding a badge to the screen until checking in there

OLD_CODE = Words(
    "屏幕代码不对或已过期：请重新读取主机屏幕上的 6 位代码",
    "this is not the code on the box's screen now: read it there again",
)


USED_CODE = Words(
    "此代码已用过：请读取主机屏幕上的新代码",
    "this code has shown you already: read the new one on the box's screen",
)
NEVER = -1
ASKED = frozenset({Ask.CHECK_IN, Ask.HERE})


class AtScreen:
    """What the screen shows of somebody."""

    def __init__(self, clock: Clock, screen: ScreenCode, throttle: Throttle, filing: Filing) -> None:
        """Six digits could be found by trying: `throttle` counts by person."""
        self._clock, self._screen, self._throttle, self._filing = clock, screen, throttle, filing
        self._newest: dict[str, int] = {}  # the newest code that showed somebody, by person
        self._lock = threading.Lock()

    def presence(self, form: Form, proof: Proof, key: Key | None) -> Presence | None:
        """None where nothing shows it (a wearable still may). Raises Wrong for a code that is none."""
        if form.ask not in ASKED:
            return None
        if form.presence_code is not None:
            self._read(form.person, form.presence_code, anew=form.ask is Ask.HERE)
            return Presence.CODE
        if key is None or not key.panel:
            return None
        just_now = key.proof is Proof.BADGE and self._clock.monotonic() - key.began_s <= JUST_NOW_S
        return Presence.BADGE if proof is Proof.BADGE or just_now else None

    def _read(self, person: str, code: str, *, anew: bool) -> None:
        slots: list[int] = []

        def stands_there(text: str) -> bool:
            slot = self._screen.slot_of(text)
            slots.extend(() if slot is None else (slot,))
            return slot is not None

        try:
            self._throttle.check(f"screen/{person}", OLD_CODE, stands_there, code)
        except Wrong as wrong:
            if wrong.counts:
                self._filing.tried(f"check_in/{Presence.CODE.value}", held=False)
            raise
        with self._lock:
            newest = self._newest.get(person, NEVER)
            if anew and slots[0] <= newest:
                raise Wrong(USED_CODE)
            self._newest[person] = max(slots[0], newest)
