"""The process that hashes PINs and badges: `python -m edge_agent.tell.who.hasher`, one line in, one line out.

It ends with its standard input. Nothing of what it is asked is kept, and nothing is written into a log.
"""

import os
import sys

import msgspec

from edge_agent.tell.who.hashing import HASHER, Question, Result, matches

BEHIND = 10  # somebody who logs in can wait; whatever guards goes first


def main() -> int:
    """Answer until nobody asks any more."""
    os.nice(BEHIND)
    while line := sys.stdin.buffer.readline():
        asked = msgspec.json.decode(line, type=Question)
        if asked.hashed is None:
            result = Result(hashed=HASHER.hash(asked.secret))
        else:
            result = Result(matches=matches(asked.hashed, asked.secret))
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
