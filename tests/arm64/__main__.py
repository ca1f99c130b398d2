"""The package for aarch64 in a Debian 12 of aarch64, emulated: installed, used, and deciding as it does here.

`make arm64` builds the package and runs this (root; STEPS="installs is_used" runs these alone). The pinned wheels
are those of the package itself, which took them by their hashes. Each step says what it saw and how long it took;
the first that fails ends it with 1.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from edge_agent.sense.camera.proof import canary
from tests.arm64 import eyes, replays
from tests.arm64.root import Root, RootError, archive, emulated, ended

HERE = Path(__file__).resolve().parents[2]
BUILD = HERE / "build" / "arm64"
SOURCE = "/root/source"
# What runs the tests is not in the package: pure wheels, out of the same lock file as everywhere.
RUNNERS = (
    "execnet",
    "hypothesis",
    "iniconfig",
    "packaging",
    "pluggy",
    "pygments",
    "pytest",
    "pytest-xdist",
    "sortedcontainers",
)
LIB = "/usr/lib/edge-agent"
PYTHON = f"cd {SOURCE}; PYTHONPATH={SOURCE}:{LIB}/site-packages:/root/runners PYTHONDONTWRITEBYTECODE=1 python3"
PURE = "tests/domain tests/fuse tests/decide"
SITE = "/etc/edge-agent"
TOGETHER = 2


def installs(box: Root) -> str:
    """By apt, without a network."""
    box.does("cd /root && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends ./*.deb")
    assert box.does("uname -m") == "aarch64"
    return box.does("dpkg-query -W edge-agent; head -1 <(edge-agent --help)").replace("\n", "; ")


def is_used(box: Root) -> str:
    """A site is made and checked, and the doctor says what it runs on."""
    box.does(
        f"edge-agent init {SITE} --id plant-7 --unit edge-1 --zh 七号装置 --en 'Plant 7' --lat 30.8 --lon 121.3"
    )
    said = box.does(f"edge-agent check {SITE}")
    version = box.does(f"edge-agent doctor {SITE} | grep -m1 aarch64", 1)
    return f"{said.splitlines()[-1]}; {version}"


def decides(box: Root) -> str:
    """The tests of what decides: domain, fuse, decide."""
    return box.does(f"{PYTHON} -m pytest -q -p no:cacheprovider {PURE} 2>&1").splitlines()[-1]


def replays_alike(box: Root) -> str:
    """Every scenario: the same events, actions, answers and last state as on this machine, byte for byte."""
    scripts = [
        f"{PYTHON} -m tests.arm64.replays /root/replays-{part} {part} {TOGETHER}" for part in range(TOGETHER)
    ]
    shells = [box.start(script) for script in scripts]
    here = [BUILD / f"replays-{part}" for part in range(TOGETHER)]
    for part, into in enumerate(here):
        replays.write(into, part, TOGETHER)
    count = 0
    for part, (shell, script) in enumerate(zip(shells, scripts, strict=True)):
        ended(shell, script)
        ours = here[part].read_bytes().splitlines()
        theirs = (box.folder / "root" / f"replays-{part}").read_bytes().splitlines()
        for mine, other in zip(ours, theirs, strict=False):
            assert mine == other, f"here: {mine.decode()}\nthere: {other.decode()}"
        assert len(ours) == len(theirs)
        count += len(ours)
    return f"{len(replays.names())} scenarios, {count} lines, each the same"


def sees_alike(box: Root) -> str:
    """Every model of the release judges the built-in pictures there as here, by the canary's own measure."""
    there = msgspec.json.decode(box.does(f"{PYTHON} -m tests.arm64.eyes"), type=dict[str, canary.Answer])
    doubts = eyes.doubts(there)
    assert there
    assert not any(doubts.values()), doubts
    same = sum(there[name] == told for name, told in eyes.answers().items())
    return f"{', '.join(there)}: each passes; {same} of {len(there)} to the last rounded digit"


STEPS: tuple[Callable[[Root], str], ...] = (installs, is_used, decides, replays_alike, sees_alike)


def furnished(box: Root, package: Path) -> None:
    """The package, the tests as they are in the repository, and what runs them."""
    box.put(package, f"/root/{package.name}")
    source = box.folder / SOURCE.lstrip("/")
    source.mkdir(parents=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", ":!web_ui/front"]
    names = subprocess.run(listed, cwd=HERE, check=True, capture_output=True).stdout
    packed = subprocess.run(
        ["tar", "-c", "--null", "--files-from=-"], cwd=HERE, input=names, check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(source)], input=packed.stdout, check=True)
    pinned = BUILD / "runners.txt"
    pinned.write_text(wanted((HERE / "requirements" / "dev.txt").read_text("utf-8")), "utf-8")
    fetch = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    fetch += ["--require-hashes", "--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.11"]
    fetch += [word for glibc in ("2_17", "2_28") for word in ("--platform", f"manylinux_{glibc}_aarch64")]
    fetch += ["--target", str(box.folder / "root" / "runners"), "-r", str(pinned)]
    subprocess.run(fetch, check=True)


def wanted(lock: str) -> str:
    """Of a lock file, the pins of what runs the tests, with their hashes."""
    blocks: list[list[str]] = []
    for line in lock.splitlines():
        if line[:1].isalnum():
            blocks.append([])
        if blocks and not line.lstrip().startswith("#"):
            blocks[-1].append(line)
    kept = ["\n".join(block) for block in blocks if block[0].partition("==")[0] in RUNNERS]
    assert len(kept) == len(RUNNERS), kept
    return "\n".join(kept) + "\n"


def main() -> int:
    """Run every step in one system."""
    package = Path(sys.argv[1])
    BUILD.mkdir(parents=True, exist_ok=True)
    began_s = time.monotonic()
    with emulated(), Root(archive(BUILD / "debian.tar")) as box:
        furnished(box, package)
        said(f"a Debian 12 for aarch64 ({time.monotonic() - began_s:.0f} s)")
        for step in (one for one in STEPS if not sys.argv[2:] or one.__name__ in sys.argv[2:]):
            step_s = time.monotonic()
            try:
                what = step(box)
            except (RootError, AssertionError) as fault:
                said(f"{step.__name__} FAILED: {fault}")
                return 1
            said(f"{step.__name__} ({time.monotonic() - step_s:.0f} s): {what}")
    said(f"passed in {time.monotonic() - began_s:.0f} s")
    return 0


def said(words: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"arm64: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
