"""Which test files run beside one another: most lanes take those that wait for the field, one those that reckon.

In the order of the tree all lanes wait at the same time, and later all reckon: a core stands idle first and is
short afterwards. What takes longest comes first in its lane, so that no lane ends with a long file alone.
"""

import functools
from pathlib import Path

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Whole boxes, brokers, cameras, browsers; a folder in one piece, since its files share what was started for it.
WAITING = ("system", "vision", "pages", "bench", "ops", "web", "tell", "act", "sense", "soak")
# One core for its whole time, the longest last: the lane that reckons begins there.
RECKONING = ("settings", "model", "decide", "scenarios")

# Its files share one box, which costs six seconds of a core to start and a fifth of one while it stands.
TOGETHER = "tests/system/"


@functools.cache
def order(file: Path, tests: Path) -> int:
    """Where a test file stands: what waits before what says nothing of itself, what reckons after it."""
    folder = file.relative_to(tests).parts[0]
    if folder in WAITING:
        return WAITING.index(folder) - len(WAITING)
    return RECKONING.index(folder) + 1 if folder in RECKONING else 0


class Lanes(LoadFileScheduling):
    """Files from the front of the order; the lane that came first takes them from its end."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if len(self.nodes) > 1 and node is self.nodes[0]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)
