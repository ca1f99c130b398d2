"""Checks of what cameras need outside the site's folder: models, recorders, a runtime, a guard's colour."""

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_cameras import RUNTIMES, CameraTable, GuardColour, VisionTable


def models(bundle: Bundle) -> Iterator[Fault]:
    """The model of each camera is in the manifest, and its file is the one that was measured."""
    judged_files: dict[str, Words | None] = {}
    for name, table in bundle.site.cameras.items():
        yield from judged(_model(bundle, f"{dotted('cameras', name)}.model", table, judged_files))


def _model(bundle: Bundle, key: str, table: CameraTable, judged_files: dict[str, Words | None]) -> Iterator[Fault]:
    if table.model not in bundle.models:
        what = Words("模型（models/manifest.toml）", "model in models/manifest.toml")
        yield no_such(bundle.names.site, key, table.model, what, bundle.models)
        return
    if table.model not in judged_files:
        judged_files[table.model] = _file_problem(bundle, bundle.models[table.model])
    problem = judged_files[table.model]
    if problem is not None:
        remedy = Words(
            "请从发布包重新复制模型文件，不要修改 manifest.toml",
            "copy the model file from the release again; do not edit manifest.toml",
        )
        yield fault(bundle.names.site, key, table.model, problem, remedy)


def recorders(bundle: Bundle) -> Iterator[Fault]:
    """Who records a camera is a recorder of this site."""
    for name, table in bundle.site.cameras.items():
        yield from judged(_recorder(bundle, f"{dotted('cameras', name)}.recorded_by", table))


def _recorder(bundle: Bundle, key: str, table: CameraTable) -> Iterator[Fault]:
    if table.recorded_by is not None and table.recorded_by not in bundle.site.nvrs:
        what = Words("录像机（[nvrs]）", "recorder in [nvrs]")
        yield no_such(bundle.names.site, key, table.recorded_by, what, bundle.site.nvrs)


def _file_problem(bundle: Bundle, entry: Any) -> Words | None:
    """Why the model file may not be run, None if it may."""
    file, wanted = (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
    if not isinstance(file, str) or not isinstance(wanted, str):
        return Words(
            "manifest.toml 中缺少 file 或 sha256", "its entry in models/manifest.toml lacks file or sha256"
        )
    path = bundle.root / "models" / file
    try:
        with path.open("rb") as data:
            found = hashlib.file_digest(data, "sha256").hexdigest()
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Words(f"无法读取 models/{file}: {why}", f"models/{file} cannot be read: {why}")
    if found != wanted.lower():
        return Words(
            f"models/{file} 与 manifest.toml 的 sha256 不符（{found[:12]}...）",
            f"models/{file} is another file than the manifest's: its sha256 is {found[:12]}..., "
            f"not {wanted[:12]}...",
        )
    return None


def runtime(bundle: Bundle) -> Iterator[Fault]:
    """What runs the models is known here, and its package is installed."""
    yield from judged(_runtime(bundle, "vision.runtime", bundle.site.vision))


def _runtime(bundle: Bundle, key: str, table: VisionTable) -> Iterator[Fault]:
    if table.runtime not in RUNTIMES:
        what = Words("运行时", "runtime of models")
        yield no_such(bundle.names.site, key, table.runtime, what, RUNTIMES)
        return
    package = RUNTIMES[table.runtime]
    if find_spec(package) is None:
        problem = Words(f"本机未安装 {package}", f"{package} is not installed on this box")
        extra = f'"edge-agent[{package}]"'
        remedy = Words(
            f"请用 pip 安装 {extra}，或改用别的运行时", f"pip install {extra}, or choose another runtime"
        )
        yield fault(bundle.names.site, key, table.runtime, problem, remedy)


def guard_colour(bundle: Bundle) -> Iterator[Fault]:
    """A colour that is worn from less than it is missing below would be both."""
    colour = bundle.site.vision.guard_colour
    if colour is not None:
        yield from judged(_lines(bundle, "vision.guard_colour.missing_below_pct", colour))


def _lines(bundle: Bundle, key: str, colour: GuardColour) -> Iterator[Fault]:
    if not colour.missing_below_pct < colour.worn_from_pct:
        problem = Words(
            f"不小于 worn_from_pct ({colour.worn_from_pct:g})",
            f"is not below worn_from_pct ({colour.worn_from_pct:g})",
        )
        remedy = Words("请留出无法判断的区间", "leave a band between them in which nobody can tell")
        yield fault(bundle.names.site, key, colour.missing_below_pct, problem, remedy)


CHECKS = (models, recorders, runtime, guard_colour)
