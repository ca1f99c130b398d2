"""The process that makes one try to fetch a file: `python -m edge_agent.tell.fetch`, told as a line on stdin.

It speaks HTTP and writes into one folder; the agent reads how it ended on stdout, and may kill it at any moment.
"""

import os
import sys

import msgspec

from edge_agent.tell.fetch.getting import get
from edge_agent.tell.fetch.wire import FetchConfig
from edge_agent.tell.upload.door import Door


def main() -> int:
    """One try."""
    os.nice(10)  # a model can wait; whatever guards goes first
    config = msgspec.json.decode(sys.stdin.buffer.read(), type=FetchConfig)
    sys.stdout.buffer.write(msgspec.json.encode(get(config, Door(config))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
