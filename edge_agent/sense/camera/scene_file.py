"""What a camera's scene looked like, kept beside its stills.

A restarted program must not take the view of a camera that was turned meanwhile for its own scene.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import msgspec
import numpy as np

from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.scene import BLOCKS, CELLS, Measures
from edge_agent.store.folder import put_unsynced


def _file(folder: Path, camera: str) -> Path:
    return folder / f"scene-{camera}.npz"


def _accepted(folder: Path, camera: str) -> Path:
    return folder / f"scene-{camera}.accept"


def _key(areas: tuple[PictureArea, ...]) -> str:
    """Areas that are drawn anew are drawn on the new view: its old reference is void."""
    return hashlib.sha256(msgspec.json.encode(areas)).hexdigest()


def keep(folder: Path, camera: str, areas: tuple[PictureArea, ...], reference: Measures) -> None:
    """Write the reference, whole or not at all. A disk that refuses costs a restart's memory, no judgement."""
    made = io.BytesIO()
    np.savez(
        made, key=np.array(_key(areas)), sharp=np.array(reference.sharp), edges=reference.edges,
        texture=reference.texture,
    )  # fmt: skip
    try:
        put_unsynced(_file(folder, camera), made.getvalue())
    except OSError as fault:
        print(f"scene of camera {camera} not kept: {fault}", file=sys.stderr)  # noqa: T201 - the agent's log


def kept(folder: Path, camera: str, areas: tuple[PictureArea, ...]) -> Measures | None:
    """The reference of an earlier life; None if there is none for these areas, or none that can be read."""
    try:
        with _file(folder, camera).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if str(file["key"]) != _key(areas):
                return None
            edges, texture = file["edges"].astype(np.float32), file["texture"].astype(np.float32)
            sharp = float(file["sharp"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as fault:
        print(f"scene of camera {camera} cannot be read, it is learnt anew: {fault}", file=sys.stderr)  # noqa: T201
        return None
    whole = edges.shape == CELLS[::-1] and texture.shape == BLOCKS[::-1]
    if not whole or not all(np.isfinite(part).all() for part in (edges, texture, np.array(sharp))):
        return None
    return Measures(sharp=sharp, edges=edges, texture=texture)


def accept(folder: Path, camera: str) -> None:
    """Ask for what the camera shows now to become its scene."""
    folder.mkdir(parents=True, exist_ok=True)
    _accepted(folder, camera).touch()


def take_accepted(folder: Path, camera: str) -> bool:
    """Whether somebody has asked for that since the last time."""
    try:
        _accepted(folder, camera).unlink()
    except FileNotFoundError:
        return False
    return True
