"""One connection to an OPC UA server: security, log-in, and every node read in one question."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.crypto.uacrypto import CertProperties
from cryptography import x509
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words
from edge_agent.sense.sampled.values import Raw
from edge_agent.settings.site_lines import OpcUaTable

# Every failed call is an observation with its reason; asyncua would log each a second time, with a traceback.
logging.getLogger("asyncua").setLevel(logging.CRITICAL)

PEM = b"-----BEGIN"
SERVER_STATE = "i=2259"  # Server_ServerStatus_State: 0 is Running (OPC UA part 5, 12.6)
STATES = {1: "Failed", 2: "NoConfiguration", 3: "Suspended", 4: "Shutdown", 5: "Test", 6: "CommunicationFault"}

REFUSED = Words(
    "服务器拒绝了本机的证书：请在服务器上信任它（通常在 rejected 文件夹中）",
    "the server refuses this box's certificate: trust it at the server (often in its folder of rejected ones)",
)
LOGIN = Words("请核对 username 和 password_file", "check username and password_file")
NO_ENDPOINT = Words(
    "服务器不提供此安全方式：请核对 security，或在服务器上启用 Basic256Sha256",
    "the server does not offer this security: check security, or switch Basic256Sha256 on at the server",
)
REMEDIES = {
    "BadIdentityTokenRejected": LOGIN,
    "BadIdentityTokenInvalid": LOGIN,
    "BadUserAccessDenied": LOGIN,
    "BadSecurityChecksFailed": REFUSED,
    "BadCertificateUntrusted": REFUSED,
    "BadCertificateUriInvalid": REFUSED,
    "BadCertificateTimeInvalid": Words(
        "请核对证书有效期和两端时钟", "check the certificates' dates and both clocks"
    ),
    "BadCertificateInvalid": REFUSED,
    "BadSecurityPolicyRejected": NO_ENDPOINT,
}


class NotServed(WordsError):  # noqa: N818 (a state of the world)
    """The server cannot be had, in words; `kind` names why for machines."""

    def __init__(self, words: Words, kind: str) -> None:
        """`kind`: security, login, file, silent, unreachable, not_running, other."""
        super().__init__(words)
        self.kind = kind


class Told(Struct, frozen=True):
    """What the server says of one node."""

    value: Raw
    code: int  # status
    source_utc: float | None


NO_NODE = Told(None, 0x80330000, None)  # Bad_NodeIdInvalid: it cannot even be asked for


class Connection:
    """An open session. Every call raises what `in_words` can explain."""

    def __init__(self, client: Client) -> None:
        """Use `opened`."""
        self._client = client

    async def read(self, nodes: Sequence[str]) -> list[Told]:
        """All nodes in one question, in their order. Raises NotServed where the server says it does not run."""
        parsed = [_node(one) for one in nodes]
        asked = [_node(SERVER_STATE), *(one for one in parsed if one is not None)]
        state, *found = await self._client.uaclient.read_attributes(asked, ua.AttributeIds.Value)
        running = state.Value.Value if state.Value is not None else None
        if running != 0:
            named = STATES.get(int(running or -1), "?")
            raise NotServed(
                Words(f"服务器未在运行（{named}）", f"the server does not run ({named})"), "not_running"
            )
        answers = iter(found)
        return [NO_NODE if one is None else _told(next(answers)) for one in parsed]

    async def watch(self, nodes: Sequence[str], period_s: float, changed: Any) -> None:
        """Let the server tell of changes: `changed()` is called, and what changed is read with all the rest."""
        subscription = await self._client.create_subscription(period_s * 1000, _News(changed))
        items = [self._client.get_node(one) for one in map(_node, nodes) if one is not None]
        with contextlib.suppress(ua.UaError):  # what cannot be watched is read all the same, every period
            await subscription.subscribe_data_change(items, queuesize=1)

    async def close(self) -> None:
        """End the session."""
        await self._client.disconnect()


class _News:
    def __init__(self, changed: Any) -> None:
        self._changed = changed

    def datachange_notification(self, _node: Any, _value: Any, _data: Any) -> None:
        """One node changed."""
        self._changed()


async def opened(table: OpcUaTable) -> Connection:
    """A session with the server of `table`. Raises NotServed."""
    client = Client(f"opc.tcp://{table.host}:{table.port}/{table.path.lstrip('/')}", timeout=table.timeout_s)
    client.name = client.description = "edge-agent"
    try:
        await _secured(client, table)
        if table.username is not None:
            client.set_user(table.username)
            client.set_password(_password(table))
        await client.connect()
    except BaseException as error:
        client.disconnect_socket()
        await asyncio.sleep(0)  # the loop closes it in its next turn
        if not isinstance(error, Exception):
            raise  # told to end
        # Whatever a server or asyncua answers becomes a verdict: it cannot be had, and why.
        raise in_words(table, error) from error
    return Connection(client)


def _password(table: OpcUaTable) -> str:
    return Path(table.password_file).read_text("utf-8").strip() if table.password_file else ""


async def _secured(client: Client, table: OpcUaTable) -> None:
    if table.security == "none":
        return
    shown, key, theirs = (_file(one) for one in (table.certificate, table.private_key, table.server_certificate))
    client.application_uri = _uri(shown.path_or_content) or client.application_uri
    mode = {"sign": ua.MessageSecurityMode.Sign}.get(table.security, ua.MessageSecurityMode.SignAndEncrypt)
    await client.set_security(SecurityPolicyBasic256Sha256, shown, key, server_certificate=theirs, mode=mode)


def _file(name: str | None) -> Any:
    """A certificate or key, by what it holds and not by what it is called."""
    raw = Path(name or "").read_bytes()
    return CertProperties(raw, "pem" if raw.startswith(PEM) else "der")


def _uri(raw: bytes) -> str | None:
    """The application URI that a certificate is made out to: servers compare it with what the client says."""
    parse = x509.load_pem_x509_certificate if raw.startswith(PEM) else x509.load_der_x509_certificate
    try:
        names = parse(raw).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return next(iter(names.get_values_for_type(x509.UniformResourceIdentifier)), None)


def in_words(table: OpcUaTable, error: BaseException) -> NotServed:
    """Why the server cannot be had."""
    if isinstance(error, NotServed):
        return error
    where = f"{table.host}:{table.port}"
    if isinstance(error, TimeoutError):
        return NotServed(Words(f"{where}：无应答", f"{where}: no answer in time"), "silent")
    if isinstance(error, OSError):
        why = system_words.of(error)
        named = error.filename or where
        kind = "file" if error.filename else "unreachable"
        return NotServed(Words(f"{named}：{why.zh}", f"{named}: {why.en}"), kind)
    name = type(error).__name__
    remedy = REMEDIES.get(name)
    said = Words(f"{where}：服务器拒绝（{name}）", f"{where}: the server refuses ({name}: {error})")
    if remedy is None:
        return NotServed(said, "other")
    return NotServed(said.then(remedy), "login" if remedy is LOGIN else "security")


def _node(text: str) -> Any:
    """The node of this name; None if no node can be called so."""
    try:
        return ua.NodeId.from_string(text)
    except (ua.UaError, ValueError):
        return None


def _told(one: Any) -> Told:
    moment = one.SourceTimestamp
    utc = None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    value = None if one.Value is None else _scalar(one.Value.Value)
    return Told(value, int(one.StatusCode.value), utc)


def _scalar(found: Any) -> Raw:
    """A number, truth or text; a unit (EUInformation) or localized text by what it shows; None for all else."""
    if isinstance(found, bool | str):
        return found
    if isinstance(found, int | float):
        return float(found)
    shown = getattr(found, "DisplayName", found)
    text = getattr(shown, "Text", None)
    return text if isinstance(text, str) else None
