"""What a release is made of, read from the package itself: wheels, the pages' libraries, models, Debian's."""

import base64
import email.parser
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

LIB = Path("usr") / "lib" / "edge-agent"
# What wheels write that name no SPDX id, where it can mean only one.
SPDX: Mapping[str, str] = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "Apache 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
}
LONGEST_NAME = 60  # a whole licence in the field "License" is no name


class Part(Struct, frozen=True, kw_only=True):
    """One component. `licence` is an SPDX expression where one is known, else its own words, or empty."""

    kind: str  # pypi, npm, deb, model
    name: str
    version: str
    licence: str
    spdx: bool
    hashes: dict[str, str]  # by algorithm, hex
    texts: tuple[str, ...] = ()  # licences' own words
    machine: str = ""  # Debian's name, for what is another file for each
    carries: tuple[str, ...] = ()  # other people's shared libraries inside a wheel


def unpacked(package: Path, into: Path) -> None:
    """The files of a Debian package. Raises CalledProcessError."""
    subprocess.run(["dpkg-deb", "-x", str(package), str(into)], check=True)  # noqa: S603, S607 (the build's own)


def field(package: Path, name: str) -> str:
    """A field of a Debian package's control file."""
    command = ["dpkg-deb", "-f", str(package), name]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


def wheels(tree: Path, machine: str) -> Iterator[Part]:
    """The Python packages in an unpacked package, by their own metadata; the hash is the wheel's."""
    files = [line.split() for line in (tree / LIB / "wheels.sha256").read_text("utf-8").splitlines()]
    hashes = {_plain(name.partition("-")[0]): sha256 for sha256, name in files}
    for path in sorted((tree / LIB / "site-packages").glob("*.dist-info/METADATA")):
        told = email.parser.Parser().parsestr(path.read_text("utf-8"))
        name = told["Name"]
        if name == "edge-agent":
            continue
        licence, spdx = _licence(told.get("License-Expression"), told.get("License"), told.get_all("Classifier"))
        yield Part(
            kind="pypi",
            name=_plain(name),
            version=told["Version"],
            licence=licence,
            spdx=spdx,
            hashes={"SHA-256": hashes[_plain(name)]},
            texts=tuple(_texts(path.parent)),
            machine=machine,
            carries=tuple(sorted(_carried(tree / LIB / "site-packages", path.parent))),
        )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(expression: str | None, said: str | None, classifiers: list[str] | None) -> tuple[str, bool]:
    if expression:
        return expression, True
    named = [one.rpartition(" :: ")[2] for one in classifiers or () if one.startswith("License :: ")]
    short = [said.strip()] if said and len(said) <= LONGEST_NAME and "\n" not in said.strip() else []
    for one in (*short, *named):
        if one in SPDX:
            return SPDX[one], True
    return next(iter((*short, *named)), ""), False


def _texts(info: Path) -> Iterator[str]:
    for path in sorted(info.rglob("*")):
        if path.is_file() and re.match(r"(?i)(licen[cs]e|copying|notice|lgpl|authors)", path.name):
            yield path.read_text("utf-8", errors="replace").strip()


def _carried(packages: Path, info: Path) -> Iterator[str]:
    """The libraries that a wheel brings beside its own code, without the hash in their names."""
    folder = packages / f"{info.name.partition('-')[0]}.libs"
    for path in folder.glob("lib*"):
        yield re.sub(r"-[0-9a-f]{8}(?=\.)", "", path.name)


def pages(front: Path) -> Iterator[Part]:
    """The npm packages whose code is in the built pages; their lock file says the rest is for building alone."""
    lock = json.loads((front / "package-lock.json").read_text("utf-8"))
    for where, one in sorted(lock["packages"].items()):
        if not where or one.get("dev"):
            continue
        algorithm, _, hashed = one["integrity"].partition("-")
        yield Part(
            kind="npm",
            name=where.removeprefix("node_modules/"),
            version=one["version"],
            licence=one["license"],
            spdx=True,
            hashes={algorithm.upper().replace("SHA", "SHA-"): _hex(hashed)},
            texts=tuple(_texts(front / where)),
        )


def _hex(text: str) -> str:
    return base64.b64decode(text).hex()


def models(tree: Path) -> Iterator[Part]:
    """The weights, with what their manifest says; what judges persons beside a model is a file of its own."""
    told = tomllib.loads((tree / LIB / "models" / "manifest.toml").read_text("utf-8"))
    for name, one in sorted(told.items()):
        if not isinstance(one, dict):
            continue
        hashes = {one["file"]: one["sha256"]}
        if "judge" in one.get("wearing", {}):
            hashes[one["wearing"]["judge"]] = one["wearing"]["judge_sha256"]
        for file, sha256 in hashes.items():
            yield Part(
                kind="model",
                name=f"{name}/{file}",
                version="",
                licence=one["licence"],
                spdx=True,
                hashes={"SHA-256": sha256},
            )


def debian(package: Path) -> Iterator[Part]:
    """What the package asks of Debian: names alone, the versions are the machine's."""
    named = ",".join(field(package, key) for key in ("Depends", "Recommends")).split(",")
    for name in dict.fromkeys(re.split(r"[ (|]", one.strip())[0] for one in named if one.strip()):
        yield Part(kind="deb", name=name, version="", licence="", spdx=False, hashes={})
