"""The seal of a release: which files it has, signed with the maker's Ed25519 key (`release.jws`)."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Meta, Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.tell.signing import ALGORITHM, REGISTRY, public_text, sign

SEAL = "release.jws"
SCHEMA: Final = "edge_agent.release.v1"
MOST_SEAL = 64 * 1024
VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})")
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}  # of uname -m, as Debian names them

Machine = Literal["", "amd64", "arm64"]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class BadRelease(WordsError):  # noqa: N818 (a refusal, not an error of ours)
    """Why a release is not taken."""


class ReleaseFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a release; `machine`: Debian's name of the boards that a package is for, else empty."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+~-]{0,120}$")]
    sha256: Sha256
    size: Annotated[int, Meta(ge=0, le=2**31)]
    machine: Machine = ""


class Release(Struct, frozen=True, kw_only=True):
    """What the maker signs. A member that this version does not know is left unread."""

    schema: Literal["edge_agent.release.v1"]
    version: Annotated[str, Meta(pattern=f"^{VERSION.pattern}$")]
    made_utc: float
    files: tuple[ReleaseFile, ...]
    records: dict[str, int]  # by file of the agent's: which schema this version writes
    system: Sha256  # of what a package puts outside its own folder: units, start scripts
    downgrade: bool = False  # may replace a newer version: signed as such, or never

    def package(self, machine: str) -> ReleaseFile:
        """The package for a kind of board, as `uname -m` names it. Raises BadRelease."""
        wanted = MACHINES.get(machine, machine)
        for file in self.files:
            if file.machine == wanted:
                return file
        zh = f"此版本不含适用于 {machine} 的安装包"
        raise BadRelease(Words(zh, f"this release has no package for {machine}"))


def number(version: str) -> tuple[int, ...]:
    """A version as it is compared."""
    return tuple(int(part) for part in version.split("."))


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def seal(release: Release, key: OKPKey) -> bytes:
    """`release.jws`."""
    return sign(rfc8785.dumps(msgspec.to_builtins(release)), key, public_text(key))


def opened(sealed: bytes, keys: Iterable[OKPKey]) -> Release:
    """What was signed by one of the keys that this box knows. Raises BadRelease."""
    known = tuple(keys)
    if not known:
        zh = "本机没有发布公钥：请由管理员放入 /etc/edge-agent-release/*.pem"
        raise BadRelease(Words(zh, "this box knows no key of a maker: root puts it into /etc/edge-agent-release/"))
    for key in known:
        try:
            content = jws.deserialize_compact(sealed, key, [ALGORITHM], REGISTRY).payload
        except (JoseError, ValueError):
            continue
        return _read(content)
    zh = f"{SEAL} 的签名无效，或密钥不在本机的发布公钥中"
    raise BadRelease(Words(zh, f"{SEAL} is signed with no key that this box knows, or was altered"))


def _read(content: bytes) -> Release:
    try:
        return msgspec.json.decode(content, type=Release)
    except msgspec.DecodeError as fault:
        words = Words(
            f"{SEAL}：本版本读不懂此发布（{fault}）", f"{SEAL}: not a release as this version knows it: {fault}"
        )
        raise BadRelease(words) from fault


def proved(path: Path, file: ReleaseFile) -> None:
    """Whether a file is the one that was signed for. Raises BadRelease, OSError."""
    if path.stat().st_size != file.size or sha256(path) != file.sha256:
        zh = f"{file.name} 与签名清单不符（大小或 SHA-256），可能传输不完整"
        raise BadRelease(Words(zh, f"{file.name} is not the one that was signed for: cut short on its way?"))
