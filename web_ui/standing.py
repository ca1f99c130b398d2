"""Whether somebody who watches may still do so: his session stands, and he is who he was when he began.

Every stream asks before each frame. `mark` is cheap and changes with every log-in, log-out and list of people;
only then is the session looked up again.
"""

from collections.abc import Callable
from enum import Enum, auto

from web_ui.people import People
from web_ui.sessions import Session, Sessions
from web_ui.shapes import Known


class Standing(Enum):
    """What became of a viewer since he began."""

    SAME = auto()
    OTHER = auto()  # he has other roles or areas: his page asks who he is now
    OVER = auto()  # logged out, timed out, denied, unknown


class Standings:
    """Looks viewers up. Safe for many threads."""

    def __init__(self, sessions: Sessions, people: People) -> None:
        """Both are asked anew each time."""
        self._sessions = sessions
        self._people = people

    def mark(self) -> object:
        """Differs from the last one when somebody's standing may have changed."""
        return self._sessions.mark(), self._people.mark()

    def of(self, session: Session, known: Known | None) -> Callable[[], Standing]:
        """Asks how this viewer stands now; `known` is None on the box's own screen."""
        marked: list[object] = [None]
        last = [Standing.SAME]

        def now() -> Standing:
            mark = self.mark()
            if mark != marked[0]:
                last[0], marked[0] = self._look(session, known), mark
            return last[0] if self._sessions.left_s(session) > 0 else Standing.OVER

        return now

    def _look(self, session: Session, known: Known | None) -> Standing:
        if not self._sessions.stands(session):
            return Standing.OVER
        if known is None:
            return Standing.SAME
        found = self._people.get(known.id)
        if found is None:
            return Standing.OVER
        return Standing.SAME if found == known else Standing.OTHER
