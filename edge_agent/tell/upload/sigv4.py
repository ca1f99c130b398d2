"""AWS Signature Version 4 for one request, as S3-compatible stores ask for it. Pure.

Source: AWS General Reference, "Create a signed AWS API request", and Amazon S3 API Reference, "Authenticating
Requests (AWS Signature Version 4)"; tested with the examples and vectors published there.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct

ALGORITHM = "AWS4-HMAC-SHA256"


class Keys(Struct, frozen=True, kw_only=True):
    """An access key; `token` only of temporary credentials. Never shown: repr says the id alone."""

    id: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        """Nothing secret: it may stand in a log."""
        return f"Keys(id={self.id!r})"


class Scope(Struct, frozen=True, kw_only=True):
    """For when and where a signature counts; `at` is UTC as 20130524T000000Z."""

    at: str
    region: str
    service: str = "s3"

    @property
    def text(self) -> str:
        """The credential scope."""
        return f"{self.at[:8]}/{self.region}/{self.service}/aws4_request"


def quoted(text: str, safe: str = "") -> str:
    """RFC 3986 as AWS counts it: all but letters, digits and -._~ escaped."""
    return quote(text, safe=f"-._~{safe}")


def canonical_query(query: Mapping[str, str]) -> str:
    """Names and values escaped, sorted by name."""
    return "&".join(f"{name}={value}" for name, value in sorted((quoted(k), quoted(v)) for k, v in query.items()))


def canonical_request(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], payload_sha256: str
) -> str:
    """What is hashed. `path` is not escaped yet; of S3 it is escaped once and never tidied up."""
    told = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    lines = "".join(f"{name}:{told[name]}\n" for name in sorted(told))
    escaped = quoted(path, safe="/")
    return "\n".join((method, escaped, canonical_query(query), lines, ";".join(sorted(told)), payload_sha256))


def string_to_sign(canonical: str, scope: Scope) -> str:
    """What the key signs."""
    return "\n".join((ALGORITHM, scope.at, scope.text, hashlib.sha256(canonical.encode()).hexdigest()))


def signature(text: str, keys: Keys, scope: Scope) -> str:
    """Of `string_to_sign`, in hex."""
    key = f"AWS4{keys.secret}".encode()
    for part in (scope.at[:8], scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def signed(  # noqa: PLR0913 (what a request is made of, by name)
    method: str,
    path: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    payload_sha256: str,
    keys: Keys,
    scope: Scope,
) -> dict[str, str]:
    """The headers to send: those given (`host` among them), the date, the payload's hash, the signature."""
    told = {**headers, "x-amz-date": scope.at, "x-amz-content-sha256": payload_sha256}
    if keys.token:
        told["x-amz-security-token"] = keys.token
    canonical = canonical_request(method, path, query, told, payload_sha256)
    names = ";".join(sorted(name.lower() for name in told))
    sign = signature(string_to_sign(canonical, scope), keys, scope)
    told["authorization"] = f"{ALGORITHM} Credential={keys.id}/{scope.text},SignedHeaders={names},Signature={sign}"
    return told
