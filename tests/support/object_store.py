"""An S3-compatible store on a real socket, written from Amazon's API reference and sharing no line with the box.

It checks every signature by its own reckoning, and fails on purpose where a test says how.
"""

import hashlib
import hmac
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ID, SECRET = "AKIDTESTONLY", "sEcReT/of+the+Test"
Fault = Callable[["Handler", bytes], None]


class ObjectStore:
    """Objects by path; `faults` are used up one a request, `seen` are the requests that were let in."""

    def __init__(self, tls: tuple[Path, Path] | None = None) -> None:
        self.objects: dict[str, bytes] = {}
        self.meta: dict[str, dict[str, str]] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.seen: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: deque[Fault | None] = deque()
        self.signers: dict[str, Callable[[dict[str, Any]], tuple[int, bytes]]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (Handler,), {"store": self}))
        self._server.daemon_threads = True
        self.secure = tls is not None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{self.port}/evidence"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    store: ObjectStore
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's screen."""

    def _serve(self) -> None:
        self.close_connection = True
        self.store.headers.append({name.lower(): value for name, value in self.headers.items()})
        fault = self.store.faults.popleft() if self.store.faults else None
        if getattr(fault, "unread", False):
            assert fault is not None
            fault(self, b"")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if len(body) < int(self.headers.get("Content-Length", "0")):
            return
        if fault is not None:
            fault(self, body)
            return
        self._obey(body)

    do_PUT = do_POST = do_GET = _serve  # noqa: N815 (names of http.server)

    def _obey(self, body: bytes) -> None:
        url = urlsplit(self.path)
        path, query = unquote(url.path), dict(parse_qsl(url.query, keep_blank_values=True))
        self.store.seen.append((self.command, self.path))
        if path in self.store.signers:
            import json  # noqa: PLC0415

            self.answer(*self.store.signers[path](json.loads(body)))
            return
        if "signed" not in query and not self._signed(body):
            self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
            return
        if self.command == "GET":
            self.answer(200, b"<ListBucketResult></ListBucketResult>")
            return
        self._store_it(path, query, body)

    def _store_it(self, path: str, query: dict[str, str], body: bytes) -> None:
        store = self.store
        if "uploads" in query:
            name = f"up-{len(store.uploads) + 1}"
            store.uploads[name] = {}
            xml = f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
            self.answer(200, xml.encode())
        elif "uploadId" in query and query["uploadId"] not in store.uploads:
            self.answer(404, b"<Error><Code>NoSuchUpload</Code></Error>")
        elif "partNumber" in query:
            store.uploads[query["uploadId"]][int(query["partNumber"])] = body
            self.answer(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324 (as S3 names parts)
        elif "uploadId" in query:
            parts = store.uploads.pop(query["uploadId"])
            asked = [f'"{hashlib.md5(parts[n]).hexdigest()}"' for n in sorted(parts)]  # noqa: S324
            if not all(f"<ETag>{etag.replace(chr(34), '&quot;')}</ETag>".encode() in body for etag in asked):
                self.answer(200, b"<Error><Code>InvalidPart</Code></Error>")
                return
            store.objects[path] = b"".join(parts[n] for n in sorted(parts))
            self.answer(200, b"<CompleteMultipartUploadResult><Key/></CompleteMultipartUploadResult>")
        else:
            store.objects[path] = body
            store.meta[path] = {
                k.lower(): v for k, v in self.headers.items() if k.lower().startswith("x-amz-meta")
            }
            self.answer(200, b"", {"ETag": '"whole"'})

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _signed(self, body: bytes) -> bool:
        """Authenticating Requests (AWS Signature Version 4), by hand."""
        said = self.headers.get("Authorization", "")
        fields = dict(part.strip().split("=", 1) for part in said.partition(" ")[2].split(","))
        key_id, day, region, service, end = fields["Credential"].split("/")
        names = fields["SignedHeaders"].split(";")
        digest = self.headers["x-amz-content-sha256"]
        if key_id != ID or digest != hashlib.sha256(body).hexdigest() or "host" not in names:
            return False
        url = urlsplit(self.path)
        query = "&".join(
            f"{quote(k, safe='-._~')}={quote(v, safe='-._~')}"
            for k, v in sorted(parse_qsl(url.query, keep_blank_values=True))
        )
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names)
        asked = "\n".join((self.command, url.path, query, lines, fields["SignedHeaders"], digest))
        stamp = self.headers["x-amz-date"]
        text = "\n".join(
            (
                "AWS4-HMAC-SHA256",
                stamp,
                f"{day}/{region}/{service}/{end}",
                hashlib.sha256(asked.encode()).hexdigest(),
            )
        )
        key = f"AWS4{SECRET}".encode()
        for part in (day, region, service, end):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == fields["Signature"]


def says(status: int, body: bytes = b"", **headers: str) -> Fault:
    """It answers so, and stores nothing."""
    return lambda handler, _: handler.answer(status, body, headers)


def hangs_up(handler: Handler, _: bytes) -> None:
    """It takes everything and closes without a word."""
    handler.connection.close()


def silent(_: Handler, __: bytes) -> None:
    """It takes everything and says nothing: half-open."""
    time.sleep(2)


def breaks_off(handler: Handler, _: bytes) -> None:
    """It promises more than it sends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<Initiate")


def garbage(handler: Handler, _: bytes) -> None:
    """It speaks another language."""
    handler.wfile.write(b"\x00\x01SSH-2.0-nothing\r\n")


def cuts(handler: Handler, _: bytes) -> None:
    """It closes in the middle of the body."""
    handler.rfile.read(1000)
    handler.connection.close()


cuts.unread = True  # type: ignore[attr-defined]
