"""What the agent remembers of one camera's decoder: one that failed is not trusted again at once."""

from edge_agent.domain.words import NOTHING, Words

UNANSWERED = Words("取流进程无画面", "its program brought no picture and was ended")


class DecoderWatch:
    """Whether the board may decode at the next start; `why` says why the processor does instead."""

    def __init__(self, again_s: float) -> None:
        """After a fault the board's decoder is left alone for `again_s` seconds."""
        self._again_s = again_s
        self._failed_s = float("-inf")
        self._by_board = False
        self.doubted = False
        self.why = NOTHING

    def begin(self, *, by_board: bool) -> None:
        """The camera's program starts, with or without the board's decoder."""
        self._by_board = by_board

    def hear(self, why: Words, now_s: float, *, running: bool) -> None:
        """What its program says: why the processor decodes instead; nothing where all is well and `running`."""
        if why:
            self._fail(why, now_s)
        elif running and self._by_board:
            self.why = NOTHING

    def silent(self, now_s: float) -> None:
        """Its program has to be killed, because no picture came: the decoder may be what hangs."""
        if self._by_board:
            self._fail(UNANSWERED, now_s)

    def look(self, now_s: float) -> None:
        """Whether the next start shall leave it alone."""
        self.doubted = now_s - self._failed_s < self._again_s

    def _fail(self, why: Words, now_s: float) -> None:
        self.why, self._failed_s = why, now_s
