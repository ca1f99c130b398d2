"""The model that the centre has offered, as it lies on the box: which cameras it is to judge, and where it is.

`offered.json` in the folder `offered` of the box's state names it; beside it lies its models folder, by the hash
of the file that it came in. It stands in for what site.toml names until site.toml names something else.
"""

import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.proof import accepted
from edge_agent.sense.camera.proof.swap import Named, named
from edge_agent.store.folder import put

FILE = "offered.json"


class Offered(Struct, frozen=True, kw_only=True):
    """The model `name` in the models folder `sha256`; `instead_of` is what site.toml named, by camera."""

    name: str
    sha256: str
    instead_of: dict[str, str]


def write(folder: Path, offered: Offered) -> None:
    """From the next start of the program that judges on. Whole or not at all. Raises OSError."""
    put(folder / FILE, msgspec.json.encode(offered))


def read(folder: Path) -> Offered | None:
    """What is offered; what cannot be read is nothing: site.toml's model judges."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Offered)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as fault:
        print(f"the offered model cannot be read: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log
        return None


def wanted(folder: Path | None, store: Path | None, by_site: dict[str, str]) -> dict[str, Named]:
    """The offered model for each camera that it is for. `by_site` is what site.toml names, by camera.

    Only where another one is live, with whose copies it can be compared: nothing goes live unjudged.
    """
    offered = None if folder is None else read(folder)
    if offered is None or folder is None or store is None:
        return {}
    live = accepted.read(store).cameras
    cameras = [
        id_
        for id_, name in by_site.items()
        if offered.instead_of.get(id_) == name
        and id_ in live
        and all(accepted.weights(store, digest) is not None for digest in live[id_].hashes)
    ]
    try:
        model = named(folder / offered.sha256, offered.name)
    except ModelError as fault:
        print(f"the offered model cannot be used: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log
        return {}
    return dict.fromkeys(cameras, model)
