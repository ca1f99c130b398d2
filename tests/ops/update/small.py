"""A small box: a site, a version that is installed, bundles of others, and whoever starts and ends its program.

The versions are small programs of the test's own, real processes started from their own folder: what is under test
is what takes them, tries them out and goes back. `make boots` does it with the product itself.
"""

import os
import platform
import re
import subprocess
import sys
import tarfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from edge_agent.domain.words import Words
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.new_site import FILES, TEMPLATE
from edge_agent.ops.release.manifest import SCHEMA, SEAL, Release, ReleaseFile, seal, sha256
from edge_agent.ops.update.taking import Rules
from edge_agent.ops.update.updater import Updater
from edge_agent.ops.update.versions import Versions
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.store.store import Store
from edge_agent.tell.live import Live
from tests.ops.release.package import LIB, package, tree

ROOT = Path(__file__).parents[3]
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
# The same in every process: what is killed and started again knows the maker too.
MAKER = OKPKey.import_key(
    Ed25519PrivateKey.from_private_bytes(b"a maker for the tests, no secret").private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
)
RULES = Rules(keys=(MAKER,), machine=platform.machine(), system="")
# `check` and `run` of a small version; how it runs is what a test breaks.
PROGRAM = """
import json, os, sys, time
from pathlib import Path
HOW = {how!r}
if sys.argv[1] == "check":
    print("says nothing" if HOW != "refuses" else "site.toml: no such key")
    sys.exit(78 if HOW == "refuses" else 0)
if HOW == "dies":
    sys.exit(70)
live = json.loads(Path(os.environ["LIVE"]).read_bytes())
live["uplink_ok"] = HOW != "cut_off"
path = Path(os.environ["RUNTIME"]) / "live.json"
while HOW != "silent":
    live["at_utc"] = time.time()
    half = path.with_name(f".live.{{os.getpid()}}")
    half.write_text(json.dumps(live))
    half.replace(path)
    time.sleep(0.05)
time.sleep(600)
"""


def laid(folder: Path, version: str, how: str) -> Path:
    """The tree of a package with this version in it."""
    lib = tree(folder, version, MACHINE) / LIB
    (lib / "edge_agent" / "__main__.py").write_text(PROGRAM.format(how=how), "utf-8")
    (lib / "more").mkdir()
    for number in range(20):  # what a half-unpacked one lacks
        (lib / "more" / f"{number}.py").write_text(f"'{version}'\n" * 50, "utf-8")
    return folder


def whole(lib: Path) -> bool:
    """Whether nothing of a version is missing, or another's."""
    names = {path.read_text("utf-8").partition("\n")[0] for path in (lib / "more").glob("*.py")}
    return len(list((lib / "more").glob("*.py"))) == 20 and len(names) == 1


def bundle(folder: Path, version: str, how: str = "good", key: OKPKey = MAKER, **said: Any) -> Path:
    """What is carried to a box."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"edge-agent_{version}_{MACHINE}.deb"
    path = package(laid(folder / f"tree-{version}", version, how), folder / name)
    file = ReleaseFile(name=name, sha256=sha256(path), size=path.stat().st_size, machine=MACHINE)
    told = {"records": {"agent": 1, "history": 1}, "system": "0" * 64} | said
    release = Release(schema=SCHEMA, version=version, made_utc=0.0, files=(file,), **told)
    (folder / SEAL).write_bytes(seal(release, key))
    whole_path = folder / f"edge-agent-{version}-{MACHINE}.tar"
    with tarfile.open(whole_path, "w") as tar:
        tar.add(folder / SEAL, SEAL)
        tar.add(path, name)
    return whole_path


def live() -> Live:
    """A box on which all is well."""
    nothing = dict.fromkeys(("permits", "gas", "wind", "people", "cameras", "outputs", "alarms", "events"), ())
    words = Words("", "")
    told = {"site": "s", "unit": "u", "name": words, "demo": False, "rulebook": "r", "clock_trusted": True}
    return Live(at_utc=0.0, uplink_ok=True, uplink_detail=words, waiting=0, **told, **nothing)


class Processes:
    """Starts the chosen version's program, and again when it ends, as systemd does."""

    def __init__(self, versions: Versions, site: Settings) -> None:
        self._versions, self._site = versions, site
        self._running: subprocess.Popen[bytes] | None = None
        self._lib, self._starts = "", 0
        self._wanted = threading.Event()
        self._change = threading.Lock()
        threading.Thread(target=self._again, daemon=True).start()

    def start(self) -> None:
        with self._change:
            self._starts = 0
            self._begin()
            self._wanted.set()

    def stop(self) -> None:
        with self._change:
            self._wanted.clear()
            if self._running is not None:
                self._running.kill()
                self._running.wait()

    def agent(self) -> str:
        return self._lib if self._running is not None and self._running.poll() is None else ""

    def starts(self) -> int:
        return self._starts

    def pages(self) -> bool:
        return True

    def _begin(self) -> None:
        self._lib = str(self._versions.chosen())
        runtime = self._site.runtime_folder
        environment = {
            "PYTHONPATH": self._lib,
            "PYTHONDONTWRITEBYTECODE": "1",
            "LIVE": str(runtime / "template"),
            "RUNTIME": str(runtime),
        }
        self._running = subprocess.Popen([sys.executable, "-SPm", "edge_agent", "run"], env=environment)

    def _again(self) -> None:
        while True:
            time.sleep(0.05)
            with self._change:
                if self._wanted.is_set() and self._running is not None and self._running.poll() is not None:
                    self._starts += 1
                    self._begin()


ANSWERS = {"site": "p", "unit": "e", "zh": "七", "en": "P7", "lat": "30.8", "lon": "121.3"} | {
    "rulebook": "gb30871-2022",
    "timezone": "Asia/Shanghai",
    "centre": "127.0.0.1",
}


def new_site(folder: Path) -> None:
    """As `edge-agent init` writes it, with its folders beside it."""
    folder.mkdir(parents=True)
    for name in FILES:
        text = re.sub(r"@([a-z]+)@", lambda found: ANSWERS[found[1]], (ROOT / TEMPLATE / name).read_text("utf-8"))
        text += '\n[folders]\nstate = "state"\nruntime = "runtime"\n' if name == "site.toml" else ""
        (folder / name).write_text(text, "utf-8")


class SmallBox:
    """`with SmallBox(folder) as box: box.update(bundle)`."""

    def __init__(self, folder: Path, installed: str = "0.1.0") -> None:
        self.versions = Versions(base=folder / "opt", built_in=folder / "usr")
        if not self.versions.built_in.exists():
            (laid(folder / "tree", installed, "good") / LIB).rename(self.versions.built_in)
            new_site(folder / "site")
        self.site = load(folder / "site", ROOT)
        for one in (self.site.runtime_folder, self.site.state_folder):
            one.mkdir(parents=True, exist_ok=True)
        (self.site.runtime_folder / "template").write_bytes(msgspec.json.encode(live()))
        with Store.open(self.site.state_folder / DATABASE):
            pass
        self.services = Processes(self.versions, self.site)
        self.updater = Updater(self.site, self.versions, self.services, limit_s=8.0)
        self.updater.steady_s, self.updater.look_s = 0.3, 0.05
        self.updater.said = lambda _: None

    def __enter__(self) -> Self:
        self.services.start()
        self.wait_until_it_guards()
        return self

    def __exit__(self, *_: object) -> None:
        self.services.stop()

    def wait_until_it_guards(self) -> None:
        end_s = time.monotonic() + 30
        while time.monotonic() < end_s:
            with suppress(OSError):
                told = msgspec.json.decode((self.site.runtime_folder / "live.json").read_bytes(), type=Live)
                if time.time() - told.at_utc < 1 and self.services.agent():
                    return
            time.sleep(0.02)
        raise AssertionError("the small version does not run")


def settle_as_at_boot(versions: Versions) -> None:
    """What the box does first when the power is back."""
    script = ROOT / "systemd" / "package" / "edge-agent-settle"
    environment = os.environ | {"EDGE_AGENT_VERSIONS": str(versions.base)}
    subprocess.run([str(script)], check=True, env=environment, stdout=subprocess.DEVNULL)
