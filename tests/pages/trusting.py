"""A browser whose owner has installed the box's certificate, as the enrolment page tells him to; and its files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Playwright

from tests.pages.phone import SWITCHES
from tests.support.pages import Served

NAMES = "--host-resolver-rules=MAP *.lan 127.0.0.1, MAP *.example 127.0.0.1"  # a site's own name service

WHOLE = shutil.which("chromium")  # its engine alone looks for no certificates in a home


def installed(served: Served, home: Path) -> None:
    """Fetch the certificate where the enrolment page offers it, and trust it in this home's browser."""
    store = home / ".pki" / "nssdb"  # where Chromium on Linux looks
    store.mkdir(parents=True)
    certificate = home / "edge-agent-ca.crt"
    with urlopen(f"{served.enrol_url}ca.crt", timeout=30) as answer:  # noqa: S310 - loopback
        certificate.write_bytes(answer.read())
    made = ["-N", "--empty-password"]
    trusted = ["-A", "-n", "edge_agent", "-t", "C,,", "-i", str(certificate)]
    for what in (made, trusted):
        subprocess.run(["certutil", "-d", f"sql:{store}", *what], check=True, capture_output=True)


@contextmanager
def chromium(playwright: Playwright, home: Path) -> Iterator[Browser]:
    """A browser that lives in this home, and in no other."""
    own = {**os.environ, "HOME": str(home)}
    browser = playwright.chromium.launch(executable_path=WHOLE, args=[*SWITCHES, NAMES], env=own)
    yield browser
    browser.close()
