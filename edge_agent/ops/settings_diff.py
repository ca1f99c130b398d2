"""`edge-agent diff`: what is another between two sites' settings, in words, and what kind of change it is."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.bundle_told import changes
from edge_agent.ops.settings_kept import NAME, texts
from edge_agent.ops.site_file import SUFFIX, unpacked
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.load import load
from edge_agent.settings.losing import losses
from edge_agent.settings.site import Settings

SAME, DIFFERS, EX_DATAERR = 0, 1, 65

# By the beginning of the key, in a file; the first that fits.
KINDS: tuple[tuple[str, str, Words], ...] = (
    ("persons.toml", "", Words("人员与权限", "people and their rights")),
    ("areas.toml", "", Words("区域", "areas")),
    ("rulebooks/", "", Words("规则与限值", "rules and limits")),
    ("site.toml", r"site\.rulebook", Words("规则与限值", "rules and limits")),
    ("site.toml", r"shadow", Words("只记录不执行", "what is only written down")),
    ("site.toml", r"downlink|rulebook_keys|peers|privacy", Words("信任谁", "who is trusted")),
    ("site.toml", r"relays", Words("停止与报警的手段", "the means to stop and to warn")),
    (
        "site.toml",
        r"gas|gauges|weather|wearables|cameras|buses|opcua|positioning|vision|field",
        Words("现场设备", "the field"),
    ),
    (
        "site.toml",
        r"uplink|second_uplink|sparkplug|upload|backup|board|short_messages|nvrs",
        Words("对外通道", "ways to others"),
    ),
    ("", "", Words("其他", "other")),
)


def run(first: Path, second: Path | None, root: Path) -> int:
    """Tell the differences. With one folder: what runs there, against what its files say now.

    Returns 0 where nothing is another, 1 where something is, 65 where one of them cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="edge-agent-diff-") as scratch:
        try:
            before, after = _pair(first, second, root, Path(scratch))
        except (BadSettings, OSError, ValueError) as fault:
            sys.stderr.write(f"{fault}\n")
            return EX_DATAERR
        lines = list(told(before, after)) + list(_lost(before, after, root))
    sys.stdout.writelines(f"{line}\n" for line in lines or ["没有差别 nothing is another"])
    return DIFFERS if lines else SAME


def _pair(first: Path, second: Path | None, root: Path, scratch: Path) -> tuple[Path, Path]:
    if second is not None:
        return _folder(first, scratch / "a"), _folder(second, scratch / "b")
    running = load(first, root).state_folder / NAME
    if not running.is_dir():
        raise ValueError(f"{running}：尚未运行过 the agent has not run here yet")
    return running, first


def _folder(given: Path, scratch: Path) -> Path:
    if given.suffix != SUFFIX:
        if not (given / "site.toml").is_file():
            raise ValueError(f"{given}：没有 site.toml there is no site.toml")
        return given
    unpacked(given, scratch)
    return scratch


def told(before: Path, after: Path) -> Iterator[str]:
    """Each difference: its file, its kind, and in words."""
    old, new = texts(before), texts(after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) == new.get(name):
            continue
        for one in changes(name, old.get(name, b""), new.get(name, b"")):
            kind = _kind(name, one.en)
            alike = one.zh.replace("：", ": ") == one.en  # only figures and keys
            yield f"{name} [{kind.zh} {kind.en}] {one.en if alike else f'{one.zh} / {one.en}'}"


def _kind(file: str, words: str) -> Words:
    key = re.sub(r"^(new|no more): ", "", words)
    return next(kind for begins, keys, kind in KINDS if file.startswith(begins) and re.match(keys, key))


def _lost(before: Path, after: Path, root: Path) -> Iterator[str]:
    """What people at work would lose by it; judged only where both can be loaded."""
    old, new = _loaded(before, after, root), _loaded(after, before, root)
    if old is None or new is None:
        yield "只比较了文字：其中一套设置有错 words only: one of them has faults (edge-agent check)"
        return
    for one in losses(old, new):
        where = one.area or "全站 everywhere"
        yield f"⚠ 作业中的人将失去 people at work would lose ({where}): {one.words.zh} / {one.words.en}"


def _loaded(folder: Path, other: Path, root: Path) -> Settings | None:
    """With the secret files of the other, where this one is a copy without them."""
    with tempfile.TemporaryDirectory(prefix="edge-agent-diff-") as scratch:
        whole = Path(scratch) / folder.name.removesuffix(SUFFIX)
        shutil.copytree(folder, whole, ignore=shutil.ignore_patterns("state", "run", "web"))
        for path in other.rglob("*"):
            target = whole / path.relative_to(other)
            if path.is_file() and not target.exists() and path.suffix != ".toml" and path.stat().st_size < 1 << 20:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        try:
            return load(whole, root)
        except BadSettings:
            return None
