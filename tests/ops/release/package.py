"""A small Debian package of the agent, built by Debian's own tool: a few files instead of 170 MB."""

import subprocess
import sys
from pathlib import Path

LIB = Path("usr") / "lib" / "edge-agent"
MODELS = """
[ppe-small]
file = "small.onnx"
sha256 = "{one}"
licence = "Apache-2.0"
[ppe-small.wearing]
judge = "judge.onnx"
judge_sha256 = "{two}"
""".format(one="1" * 64, two="2" * 64)


def tree(folder: Path, version: str = "0.1.0", machine: str = "amd64", unit: str = "[Unit]\n") -> Path:
    """What `systemd/package/build` lays out."""
    lib = folder / LIB
    texts = {
        lib / "wheels.sha256": f"{'a' * 64}  apsw-3.54.1-cp311-cp311-manylinux_2_28_x86_64.whl\n",
        lib / "models" / "manifest.toml": MODELS,
        lib / "edge_agent" / "__init__.py": f'"""{version}"""\n',
        lib / "site-packages" / "apsw-3.54.1.dist-info" / "METADATA": (
            "Metadata-Version: 2.1\nName: apsw\nVersion: 3.54.1\nLicense: any-OSI\n"
        ),
        lib / "site-packages" / "apsw-3.54.1.dist-info" / "LICENSE": "Do what you like.\n",
        lib / "site-packages" / "apsw.libs" / "libfoo-0123abcd.so.1": "",
        lib / "site-packages" / f"edge_agent-{version}.dist-info" / "METADATA": (
            f"Metadata-Version: 2.1\nName: edge-agent\nVersion: {version}\n"
        ),
        folder / "lib" / "systemd" / "system" / "edge-agent.service": unit,
        folder / "usr" / "share" / "doc" / "edge-agent" / "README.md": f"{version}\n",
        folder / "DEBIAN" / "control": (
            f"Package: edge-agent\nVersion: {version}\nArchitecture: {machine}\nMaintainer: a test <a@b.invalid>\n"
            "Depends: python3.11 (>= 3.11.2), systemd\nRecommends: mosquitto | other\n"
            "Description: small\n"
        ),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def package(folder: Path, into: Path) -> Path:
    """The .deb of a tree."""
    command = ["dpkg-deb", "--root-owner-group", "--build", str(folder), str(into)]
    subprocess.run(command, check=True, capture_output=True)
    return into


def release(packages: list[Path], key: Path, into: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """As `make release` calls it."""
    command = [sys.executable, "-m", "edge_agent.ops.release", "--key", str(key), "--into", str(into), *more]
    return subprocess.run(
        [*command, *map(str, packages)],
        capture_output=True,
        text=True,
        check=False,
        env={"SOURCE_DATE_EPOCH": "1790000000", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
    )
