"""What one training is to do, and the proof that a run which goes on is the same one."""

import pickle
from pathlib import Path

import msgspec
import torch
from msgspec import Struct
from msgspec.structs import asdict

from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.training import revive

NANO, LITE = "nano", "lite"  # eyes of a judge of persons
MAY_CHANGE = frozenset({"epochs", "threads"})  # between two starts of one run


class Plan(Struct, frozen=True, kw_only=True):
    """One run. Paths are texts: the plan is kept beside the run."""

    data: str
    sets: str
    start: str | None
    taught: str | None
    without: tuple[str, ...] = ()
    epochs: float
    batch: int
    rate: float
    seed: int = 1
    threads: int = 1
    eye: str = NANO  # of the judge of persons

    @property
    def revives(self) -> bool:
        """Whether it begins with a shipped model, whose norms are to be settled first."""
        return self.start is not None and Path(self.start).suffix == revive.SUFFIX


def kept(plan: Plan, out: Path) -> Plan:
    """`plan`, written to `out`/plan.json. Raises BadShelf if another plan was begun there."""
    file = out / "plan.json"
    try:
        if file.exists():
            begun = msgspec.json.decode(file.read_bytes(), type=Plan)
            other = [k for k, v in asdict(plan).items() if k not in MAY_CHANGE and getattr(begun, k) != v]
            if other:
                was = ", ".join(f"{key} = {getattr(begun, key)!r}" for key in other)
                raise BadShelf(
                    f"{out}: 该目录中已有另一次训练（{was}），请改用新目录或原参数; "
                    f"another training was begun here ({was}): give a new folder, or the same options"
                )
        out.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(plan)) + b"\n")
    except (OSError, msgspec.MsgspecError) as fault:
        raise BadShelf(f"{file}: 无法使用 cannot be used: {fault}") from fault
    return plan


def eye_of(run: Path) -> str:
    """The eye that a run was begun with. Raises BadShelf."""
    file = run / "plan.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Plan).eye
    except (OSError, msgspec.MsgspecError) as fault:
        raise BadShelf(f"{file}: 没有可用的训练结果 no checkpoint of this kind: {fault}") from fault


def begun(file: Path) -> dict[str, torch.Tensor]:
    """The weights of a checkpoint, or of a shipped model, to begin with. Raises BadShelf."""
    if file.suffix == revive.SUFFIX:
        return revive.read(file)
    try:
        kept = torch.load(file, map_location="cpu", weights_only=True)
        state: dict[str, torch.Tensor] = kept.get("model", kept)
    except (OSError, RuntimeError, AttributeError, EOFError, pickle.UnpicklingError) as fault:
        raise BadShelf(f"{file}: 不是可用的权重文件 not a checkpoint to begin with: {fault}") from fault
    return state
