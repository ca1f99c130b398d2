"""A camera's address is a stream or a film and nothing else that a video library would open."""

from pathlib import Path

import pytest

from edge_agent.settings.load import check

OTHERS = [
    "http://127.0.0.1:8080/admin",
    "https://intranet/",
    "ftp://127.0.0.1/x",
    "rtmp://127.0.0.1/x",
    "udp://239.0.0.1:1234",
    "srt://127.0.0.1:1",
    "tcp://127.0.0.1:22",
    "unix:///run/x.sock",
    "concat:/etc/passwd|/etc/shadow",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "data:video/mp4;base64,AAAA",
    "pipe:0",
    "crypto:file:///etc/passwd",
    "async:rtsp://127.0.0.1/x",
    "/etc/passwd",
    "-i /etc/passwd",
    " rtsp://127.0.0.1/x",
    "rtsp:127.0.0.1",
    "RTSP+TLS://127.0.0.1/x",
    "rtsp://",
    "rtsp:///x",
    "rtsp://127.0.0.1:99999/x",
    "rtsp://127.0.0.1:0/x",
]


@pytest.mark.parametrize("url", OTHERS)
def test_an_address_that_is_no_stream_is_refused_and_named(root: Path, site: Path, url: str) -> None:
    file = site / "site.toml"
    text = file.read_text("utf-8")
    assert "rtsp://127.0.0.1:8554/cam-1" in text
    file.write_text(text.replace("rtsp://127.0.0.1:8554/cam-1", url), "utf-8")
    faults = check(site, root)
    assert faults
    assert {fault.key for fault in faults} == {"cameras.cam-1.url"}
