"""`edge-agent init`: the first settings of a new box, which `check` finds good, for people to go on from."""

import argparse
import os
import re
import shutil
import sys
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

from edge_agent.domain.words import Words, WordsError
from edge_agent.settings.load import load

TEMPLATE = Path("zones") / "new-site"
FILES = ("site.toml", "areas.toml", "persons.toml")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
SERVICE = "edge-agent"  # the user of systemd/edge-agent.sysusers
MODE = 0o640


class NotMadeError(WordsError):
    """Nothing was written, and why."""


def arguments(command: argparse.ArgumentParser) -> None:
    """The command line of `init`."""
    command.add_argument("site", type=Path, metavar="SITE", help="the new site's folder: /etc/edge-agent on a box")
    command.add_argument("--id", required=True, help="the site, the same on each of its boxes: plant-7")
    command.add_argument("--unit", required=True, help="this box: edge-1")
    command.add_argument("--zh", required=True, help="the site's name in Chinese")
    command.add_argument("--en", required=True, help="... and in English")
    command.add_argument("--lat", type=float, required=True, help="where its metres begin, WGS-84 degrees")
    command.add_argument("--lon", type=float, required=True)
    command.add_argument("--rulebook", default="gb30871-2022", help="(%(default)s)")
    command.add_argument("--timezone", default="Asia/Shanghai", help="(%(default)s)")
    command.add_argument("--centre", default="127.0.0.1", metavar="HOST", help="the centre's broker (%(default)s)")


def made(args: argparse.Namespace, root: Path) -> int:
    """Write the files, check them, and say what comes next; raises NotMadeError, and BadSettings as `check` does.

    `root` holds zones/. Files that are there are never touched.
    """
    folder: Path = args.site
    answers = _answers(args, root)
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        names = ", ".join(there)
        zh, en = f"{folder} 中已有 {names}，未作改动", f"{names} already stand in {folder}: nothing was changed"
        raise NotMadeError(Words(zh, en))
    texts = {name: _filled((root / TEMPLATE / name).read_text("utf-8"), answers) for name in FILES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _write(folder / name, text)
    except OSError as fault:
        zh = f"无法写入 {fault.filename}（{fault.strerror}），请用 sudo"
        raise NotMadeError(
            Words(zh, f"{fault.filename} cannot be written ({fault.strerror}): use sudo")
        ) from fault
    load(folder, root)
    sys.stdout.write(_next(folder))
    return 0


def _answers(args: argparse.Namespace, root: Path) -> Mapping[str, str]:
    for option in ("id", "unit"):
        if not ID.fullmatch(getattr(args, option)):
            zh = f"--{option}：只用小写字母、数字和连字符，如 plant-7"
            raise NotMadeError(Words(zh, f"--{option}: small letters, digits and hyphens, like plant-7"))
    for option in ("zh", "en", "centre"):
        if not getattr(args, option).strip() or re.search(r'["\\\x00-\x1f]', getattr(args, option)):
            zh = f"--{option}：不能为空，不能含引号、反斜杠或换行"
            raise NotMadeError(
                Words(zh, f"--{option}: may not be empty, nor hold quotes, backslashes, line breaks")
            )
    if not (-90 <= args.lat <= 90 and -180 <= args.lon <= 180):  # noqa: PLR2004 (degrees of the globe)
        raise NotMadeError(Words("--lat、--lon：不是经纬度", "--lat, --lon: no place on the globe, in degrees"))
    books = sorted(path.stem for path in (root / "zones" / "rulebooks").glob("*.toml"))
    if args.rulebook not in books:
        zh, en = f"--rulebook：可选 {'、'.join(books)}", f"--rulebook: there are {', '.join(books)}"
        raise NotMadeError(Words(zh, en))
    if args.timezone not in zoneinfo.available_timezones():
        zh, en = "--timezone：用 IANA 名称，如 Asia/Shanghai", "--timezone: an IANA name, like Asia/Shanghai"
        raise NotMadeError(Words(zh, en))
    names = ("unit", "zh", "en", "lat", "lon", "rulebook", "timezone", "centre")
    return {"site": args.id} | {name: str(getattr(args, name)) for name in names}


def _filled(text: str, answers: Mapping[str, str]) -> str:
    return re.sub(r"@([a-z]+)@", lambda found: answers[found[1]], text)


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w", encoding="utf-8") as file:
        file.write(text)
    if os.geteuid() == 0:
        try:
            shutil.chown(path, SERVICE, SERVICE)
        except LookupError:  # no such user: not installed as a service
            return


def _next(folder: Path) -> str:
    return (
        f"已写入 {', '.join(FILES)}。下一步：把检测仪、继电器、摄像机写入 site.toml，然后：\n"
        f"written: {', '.join(FILES)}. Next: enter detectors, relays and cameras into site.toml, then:\n"
        f"  edge-agent check {folder}\n  edge-agent doctor {folder}\n  systemctl restart edge-agent.target\n"
        "管理员凭本机显示的启用码启用（journalctl -u edge-agent）。"
        "the first administrator claims the box by the code that it shows (journalctl -u edge-agent)\n"
    )
