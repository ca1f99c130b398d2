"""Who a camera lets in: by a UsernameToken of WS-Security in the body, or by HTTP digest."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from urllib.request import parse_http_list, parse_keqv_list

LIVED_S = 60.0  # a token older than this is refused, as cameras do


class Login:
    """One user with one password."""

    def __init__(self, login: str, ahead_s: float) -> None:
        """`login` is "USER:PASSWORD"; `ahead_s`: how far the camera's clock is ahead."""
        self._user, _, self._password = login.partition(":")
        self._ahead_s = ahead_s
        self._realm, self._nonce = "camera", secrets.token_hex(16)

    @property
    def wanted(self) -> str:
        """The header that asks for a digest."""
        return f'WWW-Authenticate: Digest realm="{self._realm}", nonce="{self._nonce}", qop="auth"\r\n'

    def has_token(self, body: str) -> bool:
        """A UsernameToken of WS-Security, not too old by the camera's own clock."""

        def said(tag: str) -> str:
            found = re.search(rf"<\w+:{tag}[^>]*>\s*([^<]*?)\s*</", body)
            return found[1] if found else ""

        created, nonce = said("Created"), base64.b64decode(said("Nonce") or "")
        wanted = hashlib.sha1(nonce + created.encode() + self._password.encode()).digest()  # noqa: S324 - the profile's
        try:
            made_s = time.mktime(time.strptime(created, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        except ValueError:
            return False
        fresh = abs(made_s - time.time() - self._ahead_s) < LIVED_S
        right = hmac.compare_digest(base64.b64encode(wanted).decode(), said("Password"))
        return fresh and right and said("Username") == self._user

    def has_digest(self, head: str) -> bool:
        """RFC 2617 with qop=auth, as HTTP clients answer it."""
        found = re.search(r"(?im)^authorization: *digest +(.*)$", head)
        if found is None:
            return False
        said = parse_keqv_list(parse_http_list(found[1].strip()))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - RFC 2617

        whom, what = md5(f"{self._user}:{self._realm}:{self._password}"), md5(f"POST:{said.get('uri', '')}")
        middle = f"{said.get('nonce')}:{said.get('nc')}:{said.get('cnonce')}:{said.get('qop')}"
        return said.get("nonce") == self._nonce and said.get("response") == md5(f"{whom}:{middle}:{what}")
