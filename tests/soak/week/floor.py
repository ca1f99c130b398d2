"""What the machine itself takes at the same time: a fixed piece of work of the kind that a step does.

A step's processor time rises by half on a core that others fill, too (caches, clock rate): only what it takes in
floors of the same hour tells whether the box has become slower.
"""

import time

import msgspec

ROWS = 400


def floor_ms() -> float:
    """Processor time of reading and writing one fixed document, in milliseconds."""
    began_s = time.thread_time()
    rows = msgspec.json.decode(DOCUMENT)
    msgspec.json.encode({row["id"]: row for row in rows})
    return 1000 * (time.thread_time() - began_s)


DOCUMENT = msgspec.json.encode(
    [
        {"id": f"gas-{at}", "level": at / 7, "words": {"zh": "硫化氢", "en": "hydrogen sulfide"}}
        for at in range(ROWS)
    ]
)
