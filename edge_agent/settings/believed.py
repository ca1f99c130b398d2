"""Checks of keys, certificates and secrets: whose word is obeyed, who may read and write what."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.endpoints import is_loopback
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.secret_files import chmod, sent, usable
from edge_agent.settings.site_lines import OpcUaTable


def certificate(bundle: Bundle) -> Iterator[Fault]:
    """The site's own certificate comes with its key, or not at all."""
    board = bundle.site.board
    if (board.cert is None) != (board.key is None):
        missing = "board.key" if board.key is None else "board.cert"
        problem = Words("证书和私钥缺一不可", "a certificate and its key come together")
        remedy = Words("请两者都填，或都不填（本机自制）", "give both, or neither: the box then makes its own")
        yield fault(bundle.names.site, missing, None, problem, remedy)


def keys(bundle: Bundle) -> Iterator[Fault]:
    """Every key is a key. With none nothing comes from a centre, and the box's people draw up the tickets."""
    seen: set[str] = set()
    for table in bundle.site.downlink.keys:
        yield from judged(_key(bundle, table, seen))


def _key(bundle: Bundle, table: Any, seen: set[str]) -> Iterator[Fault]:
    key = f"downlink.keys[{table.kid}]"
    if table.kid in seen:
        remedy = Words("请改用另一个 kid", "give each key its own kid")
        yield fault(bundle.names.site, f"{key}.kid", table.kid, Words("重复", "stands twice"), remedy)
    seen.add(table.kid)
    yield from judged(point(bundle, f"{key}.ed25519", str(table.ed25519)))


def point(bundle: Bundle, key: str, text: str) -> Iterator[Fault]:
    """Whether a public key is one."""
    remedy = Words("请重新复制 32 字节公钥的 base64url", "copy the 32 bytes of the public key again, as base64url")
    try:
        raw = base64.b64decode(text.rstrip("=") + "=", altchars=b"-_", validate=True)
    except ValueError:
        yield fault(bundle.names.site, key, text, Words("不是 base64url", "is not base64url"), remedy)
        return
    if len(raw) != 32 or len(set(raw)) == 1:  # noqa: PLR2004 (RFC 8032: a public key is 32 bytes)
        problem = Words("不是 Ed25519 公钥", "is no Ed25519 public key (32 bytes, not a placeholder)")
        yield fault(bundle.names.site, key, text, problem, remedy)


def secrets(bundle: Bundle) -> Iterator[Fault]:
    """A password is in a file of its own that only the agent can read, and travels only over TLS."""
    yield from judged(_token(bundle))
    for name, table in bundle.site.opcua.items():
        yield from judged(_server_secrets(bundle, dotted("opcua", name), table))


def _token(bundle: Bundle) -> Iterator[Fault]:
    """What senders of positions must show is in a file of its own, and cannot be guessed."""
    table, file, key = bundle.site.field_http, bundle.names.site, "field_http.token_file"
    if table is None:
        return
    path = bundle.folder / table.token_file
    if not path.is_file():
        remedy = Words(
            "请用 openssl 生成随机令牌写入此文件；路径从 site.toml 所在文件夹算起",
            f"openssl rand -hex 24 > {table.token_file}: a relative path begins at the folder of site.toml",
        )
        yield fault(file, key, table.token_file, Words("没有这个文件", "no such file"), remedy)
    elif path.stat().st_mode & 0o077:
        problem = Words("令牌文件可被他人读取", "the token file is open to others")
        yield fault(file, key, table.token_file, problem, chmod(path, "600"))
    elif not re.fullmatch(rb"[A-Za-z0-9_-]{16,200}\s*", path.read_bytes()[:300]):
        problem = Words("令牌太短或含有其他字符", "the token is too short, or not all A-Z a-z 0-9 _ -")
        remedy = Words("至少 16 个字符，请用 openssl 随机生成", "at least 16 of them: openssl rand -hex 24")
        yield fault(file, key, table.token_file, problem, remedy)


SHOWN = ("certificate", "private_key", "server_certificate")


def _server_secrets(bundle: Bundle, key: str, table: OpcUaTable) -> Iterator[Fault]:
    """What an OPC UA server is shown and believed by; a password travels only encrypted."""
    file = bundle.names.site
    for field in SHOWN:
        if table.security != "none" and getattr(table, field) is None:
            remedy = Words(
                '请填写文件；仅在试验中可用 security = "none"', 'name the file; only for a trial security = "none"'
            )
            yield fault(file, f"{key}.{field}", None, Words("缺少", "missing"), remedy)
    for field in SHOWN:
        yield from usable(bundle, f"{key}.{field}", getattr(table, field), secret=field == "private_key")
    yield from sent(bundle, f"{key}.password_file", table.password_file)
    if table.username is not None and table.security != "sign_and_encrypt" and not is_loopback(str(table.host)):
        problem = Words("密码将以明文传输", "the password would travel in the clear")
        remedy = Words('请用 security = "sign_and_encrypt"', 'use security = "sign_and_encrypt"')
        yield fault(file, f"{key}.security", table.security, problem, remedy)


def writable(bundle: Bundle) -> Iterator[Fault]:
    """Nobody but the owner writes who may resume the work, or where its limits lie."""
    names = bundle.names
    for file, name in (("site.toml", names.site), ("areas.toml", names.areas), ("persons.toml", names.persons)):
        yield from _writable(bundle.folder / file, name)


def _writable(path: Path, name: str) -> Iterator[Fault]:
    if path.is_file() and path.stat().st_mode & 0o002:
        problem = Words("任何人都可以改写此文件", "anybody on this machine may rewrite it")
        yield fault(name, "", None, problem, chmod(path, "o-w"))


CHECKS = (certificate, keys, secrets, writable)
