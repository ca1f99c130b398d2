"""One question to a camera's ONVIF service and its answer: SOAP 1.2 over HTTP, the password only as a digest.

WS-Security UsernameToken Profile 1.0: Base64(SHA-1(nonce + created + password)); `created` is by the camera's own
clock, because cameras refuse what is older than seconds. HTTP digest is answered too: some want that instead.
What answers may be anybody: it is read with a limit, without document types, and leads nowhere else.
"""

import base64
import hashlib
import http.client
import secrets
import time
import urllib.error
import urllib.request
from email.message import Message
from typing import IO
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words

ANSWER_S = 5.0
LONGEST = 1 << 20  # bytes of an answer
_UNAUTHORISED = frozenset({400, 401, 403})  # a camera that says 400 to a wrong login is not rare
_SECURITY = """<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
<w:UsernameToken><w:Username>{user}</w:Username>
<w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">
{digest}</w:Password><w:Nonce>{nonce}</w:Nonce>
<u:Created xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">{created}
</u:Created></w:UsernameToken></w:Security>"""
_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>{header}</s:Header><s:Body>{body}</s:Body>
</s:Envelope>"""


class SoapError(WordsError):
    """No answer, or none that can be used; in words, without credentials."""


class RefusedError(SoapError):
    """The camera wants another user or password."""


class Login(Struct, frozen=True, kw_only=True):
    """Who asks, and how far the camera's clock is ahead of ours."""

    user: str
    password: str
    ahead_s: float = 0.0

    def __repr__(self) -> str:
        """Never with the password."""
        return f"Login(user={self.user!r})"


REFUSED = Words(
    "摄像机拒绝该用户名或密码；许多摄像机的 ONVIF 用户需在其设置中单独添加",
    "refuses this user or password: many cameras keep users of their own for ONVIF, to be added in their settings",
)
NO_ONVIF = Words(
    "应答不是 ONVIF，请在摄像机设置中启用 ONVIF，或直接输入视频地址",
    "does not answer as ONVIF does: switch ONVIF on in its settings, or enter the stream's address by hand",
)


LATIN = Words(
    "摄像机的登录方式（HTTP 摘要）只接受字母和数字，请为本机另设用户和密码",
    "its way to log in (HTTP digest) knows Latin letters and digits alone: give this box such a user and password",
)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A login goes nowhere but where it was sent."""

    def redirect_request(  # noqa: PLR0913, PLR0917 (the library's own shape)
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


def ask(address: str, body: str, login: Login | None = None) -> ET.Element:
    """The answer of the service at `address` to `body`. Raises SoapError; RefusedError for a wrong login."""
    header = "" if login is None else _token(login)
    request = urllib.request.Request(  # noqa: S310 - http:// only: at_host and understood() see to it
        address,
        data=_ENVELOPE.format(header=header, body=body).encode(),
        headers={"Content-Type": "application/soap+xml; charset=utf-8"},
    )
    try:
        with _opener(address, login).open(request, timeout=ANSWER_S) as answer:
            return read(answer.read(LONGEST + 1))
    except urllib.error.HTTPError as fault:
        with fault:
            if fault.code in _UNAUTHORISED or _not_authorised(fault.read(LONGEST)):
                raise RefusedError(_about(address, REFUSED)) from None
        raise SoapError(_about(address, NO_ONVIF)) from None
    except UnicodeEncodeError:
        raise RefusedError(_about(address, LATIN)) from None
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise SoapError(_about(address, _why(fault))) from None


def read(said: bytes) -> ET.Element:
    """XML of somebody unknown: of bounded length, in UTF-8, without a document type. Raises SoapError."""
    try:
        text = said.decode()
        if len(said) <= LONGEST and "<!DOCTYPE" not in text:
            return ET.fromstring(text)  # noqa: S314 - no document type: nothing can be declared
    except (UnicodeDecodeError, ET.ParseError):
        pass
    raise SoapError(NO_ONVIF)


def _opener(address: str, login: Login | None) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({}), _StayHere()]
    if login is not None:
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, address, login.user, login.password)
        handlers.append(urllib.request.HTTPDigestAuthHandler(known))
    return urllib.request.build_opener(*handlers)


def _token(login: Login) -> str:
    nonce = secrets.token_bytes(16)
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + login.ahead_s))
    digest = hashlib.sha1(nonce + created.encode() + login.password.encode()).digest()  # noqa: S324 - the profile's
    return _SECURITY.format(
        user=escape(login.user), created=created,
        digest=base64.b64encode(digest).decode(), nonce=base64.b64encode(nonce).decode(),
    )  # fmt: skip


def _not_authorised(said: bytes) -> bool:
    """The fault that ONVIF gives a wrong login, whatever HTTP says: ter:NotAuthorized (Core 5.11.2)."""
    return b"NotAuthorized" in said


def _about(address: str, what: Words) -> Words:
    where = address.partition("://")[2].partition("/")[0]
    return Words(f"{where}：{what.zh}", f"{where}: {what.en}")


def _why(fault: Exception) -> Words:
    reason = getattr(fault, "reason", fault)
    if isinstance(reason, TimeoutError):
        return Words(
            f"{ANSWER_S:.0f} 秒无应答，请检查其电源和网络",
            f"no answer in {ANSWER_S:.0f} s: check its power and network",
        )
    known = system_words.BY_ERRNO.get(getattr(reason, "errno", None) or 0)
    if known is None:
        return NO_ONVIF
    return Words(
        f"{known}，请检查其电源和网络", f"{getattr(reason, 'strerror', reason)}: check its power and network"
    )
