"""A real HTTP server with one file, which knows ranges (RFC 9110 14) or does not, and breaks off when told to."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class ModelServer:
    """Answers every GET with `content`; `cuts`: numbers of bytes after which it hangs up, one for each request."""

    def __init__(self, content: bytes, *, ranges: bool = True) -> None:
        self.content, self.ranges = content, ranges
        self.cuts: list[int] = []
        self.status: int | None = None  # instead of an answer
        self.asked: list[str] = []  # the ranges
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/models/m.zip"

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        wanted = asked.headers.get("range", "")
        self.asked.append(wanted)
        if self.status is not None:
            asked.send_error(self.status)
            return
        found = re.fullmatch(r"bytes=(\d+)-", wanted) if self.ranges else None
        begins = 0 if found is None else int(found[1])
        if begins >= len(self.content):
            asked.send_error(416)
            return
        body = self.content[begins:]
        asked.send_response(200 if found is None else 206)
        if found is not None:
            asked.send_header("content-range", f"bytes {begins}-{len(self.content) - 1}/{len(self.content)}")
        asked.send_header("content-length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body[: self.cuts.pop(0)] if self.cuts else body)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
