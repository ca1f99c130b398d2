"""Other versions of the package that was built, as bundles signed with a key of this run."""

import subprocess
import tempfile
from pathlib import Path

from joserfc.jwk import OKPKey

from edge_agent.ops.release.__main__ import bundled
from edge_agent.ops.release.contents import LIB, field
from edge_agent.ops.release.manifest import SCHEMA, SEAL, Release, ReleaseFile, seal, sha256
from edge_agent.store.tables import AGENT, HISTORY

KEY = OKPKey.generate_key("Ed25519")
# Its brain stands after its first steps: it says READY, and then nobody guards.
STANDS = """
import time
Brain.step = lambda *_, **__: time.sleep(3600)
"""


def key_file() -> bytes:
    """The public half, as root puts it into /etc/edge-agent-release."""
    return KEY.as_pem(private=False)


def bundle(package: Path, version: str, into: Path, *, stands: bool = False) -> Path:
    """A bundle of the package under another version. Compressed quickly: it is thrown away."""
    with tempfile.TemporaryDirectory(prefix="edge-version-") as name:
        tree = Path(name) / "tree"
        subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)
        lib, old = tree / LIB, field(package, "Version")
        (lib / "site-packages" / f"edge_agent-{old}.dist-info").rename(
            lib / "site-packages" / f"edge_agent-{version}.dist-info"
        )
        for path in (
            lib / "site-packages" / f"edge_agent-{version}.dist-info" / "METADATA",
            tree / "DEBIAN/control",
        ):
            path.write_text(path.read_text("utf-8").replace(f"Version: {old}", f"Version: {version}"), "utf-8")
        if stands:
            with (lib / "edge_agent" / "ops" / "run.py").open("a", encoding="utf-8") as file:
                file.write(STANDS)
        deb = Path(name) / f"edge-agent_{version}_{field(package, 'Architecture')}.deb"
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "--build", str(tree), str(deb)]
        subprocess.run(command, check=True, capture_output=True)
        machine = field(package, "Architecture")
        carried = ReleaseFile(name=deb.name, sha256=sha256(deb), size=deb.stat().st_size, machine=machine)
        release = Release(
            schema=SCHEMA,
            version=version,
            made_utc=0.0,
            files=(carried,),
            records={"agent": AGENT.schema, "history": HISTORY.schema},
            system=(lib / "system.sha256").read_text("ascii").strip(),
        )
        (Path(name) / SEAL).write_bytes(seal(release, KEY))
        return bundled(into / f"edge-agent-{version}.tar", [Path(name) / SEAL, deb], 0.0)
