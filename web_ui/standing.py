"""Whether somebody who watches may still do so: his session stands, and he is who he was when he began.

Every stream asks before each frame. `mark` is cheap and changes with every log-in, log-out and list of people;
only then is the session looked up again.
"""

from collections.abc import Callable

from web_ui.people import People
from web_ui.sessions import Session, Sessions
from web_ui.shapes_people import Known

Stands = Callable[[], bool]


class Standings:
    """Looks viewers up. Safe for many threads."""

    def __init__(self, sessions: Sessions, people: People) -> None:
        """Both are asked anew each time."""
        self._sessions = sessions
        self._people = people

    def mark(self) -> object:
        """Differs from the last one when somebody's standing may have changed."""
        return self._sessions.mark(), self._people.mark()

    def of(self, session: Session, known: Known | None) -> Stands:
        """Asks whether this viewer stands as he did; `known` is None on the box's own screen."""
        marked: list[object] = [None]
        last = [False]

        def now() -> bool:
            mark = self.mark()
            if mark != marked[0]:
                last[0], marked[0] = self._look(session, known), mark
            return last[0] and self._sessions.left_s(session) > 0

        return now

    def _look(self, session: Session, known: Known | None) -> bool:
        """Who has other roles or areas is somebody else: his page asks who he is."""
        same = known is None or self._people.get(known.id) == known
        return same and self._sessions.stands(session)
