"""Builds a release from the packages of both kinds of board: `python -m edge_agent.ops.release` (make release)."""

import argparse
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from joserfc.jwk import OKPKey

from edge_agent.ops.release import contents
from edge_agent.ops.release.contents import Part
from edge_agent.ops.release.licences import licences
from edge_agent.ops.release.manifest import SCHEMA, SEAL, Machine, Release, ReleaseFile, seal, sha256
from edge_agent.ops.release.sbom import sbom
from edge_agent.ops.release.system import system_of
from edge_agent.store.tables import AGENT, HISTORY
from edge_agent.tell.signing import public_text

ROOT = Path(__file__).resolve().parents[3]
SUMS, SUMS_SIGNED = "SHA256SUMS", "SHA256SUMS.sig"


def main() -> int:
    """Write the folder of the release, and for each kind of board what is carried or sent to it."""
    args = _arguments()
    private = load_pem_private_key(args.key.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        sys.stderr.write(f"{args.key} is no private Ed25519 key in PEM (edge-agent sign --new-key makes one)\n")
        return 65
    if args.public:
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        sys.stdout.write(public.decode())
        return 0
    for path in made(args.packages, private, args.key, args.into, downgrade=args.downgrade):
        sys.stdout.write(f"{path}\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", type=Path, metavar="PACKAGE.deb")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the maker's private key, PEM")
    parser.add_argument("--into", type=Path, default=Path("build"))
    parser.add_argument("--downgrade", action="store_true", help="it may replace a newer version")
    parser.add_argument("--public", action="store_true", help="print the key's public half, and no more")
    return parser.parse_args()


def made(
    packages: list[Path], private: Ed25519PrivateKey, key: Path, into: Path, *, downgrade: bool = False
) -> Iterator[Path]:
    """The folder, and the bundles: each holds the seal and one package."""
    version = contents.field(packages[0], "Version")
    made_utc = float(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    folder = into / f"edge-agent-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    parts, systems = list[Part](contents.pages(ROOT / "web_ui" / "front")), set[str]()
    files = [_put(folder, one.name, one.read_bytes(), _machine(one)) for one in packages]
    for package in packages:
        with tempfile.TemporaryDirectory(prefix="edge-release-") as name:
            tree = Path(name)
            contents.unpacked(package, tree)
            parts += contents.wheels(tree, _machine(package))
            systems.add(system_of(tree))
            if package is packages[0]:
                parts += [*contents.models(tree), *contents.debian(package)]
    if len(systems) != 1:
        raise SystemExit("the packages differ in their units or start scripts: built from two trees?")
    bill = msgspec.json.format(msgspec.json.encode(sbom(version, made_utc, parts)), indent=1)
    files.append(_put(folder, "sbom.cdx.json", bill + b"\n"))
    files.append(_put(folder, "LICENCES.txt", licences(version, parts).encode()))
    release = Release(
        schema=SCHEMA,
        version=version,
        made_utc=made_utc,
        files=tuple(files),
        records={"agent": AGENT.schema, "history": HISTORY.schema},
        system=systems.pop(),
        downgrade=downgrade,
    )
    signed = OKPKey.import_key(key.read_bytes())
    files.append(_put(folder, SEAL, seal(release, signed)))
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in files).encode()
    (folder / SUMS).write_bytes(sums)
    (folder / SUMS_SIGNED).write_bytes(private.sign(sums))
    yield folder
    for one in files:
        if one.machine:
            yield bundled(
                into / f"edge-agent-{version}-{one.machine}.tar", [folder / SEAL, folder / one.name], made_utc
            )
    sys.stderr.write(f"signed with {public_text(signed)}\n")


def _machine(package: Path) -> Machine:
    known: Machine = msgspec.convert(contents.field(package, "Architecture"), Machine)
    return known


def _put(folder: Path, name: str, content: bytes, machine: Machine = "") -> ReleaseFile:
    (folder / name).write_bytes(content)
    return ReleaseFile(name=name, sha256=sha256(folder / name), size=len(content), machine=machine)


def bundled(path: Path, files: list[Path], made_utc: float) -> Path:
    """What a box takes, as one file; the seal first."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for file in files:
            info = tarfile.TarInfo(file.name)
            info.size, info.mtime, info.mode = file.stat().st_size, int(made_utc), 0o644
            with file.open("rb") as content:
                tar.addfile(info, content)
    return path


if __name__ == "__main__":
    sys.exit(main())
