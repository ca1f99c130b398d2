"""A real PostgreSQL on a free loopback port, in a folder of its own that is gone with it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

from edge_agent.ops.demo.ports import picked_port
from tests.support.broker import WITHIN_S

USER = "edge"


class Postgresql:
    """One cluster; stop and start keep its port and what it holds. Not as root: then as `postgres`."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            pytest.skip("postgresql is not installed (apt-get install postgresql)")
        self._bin = found[-1].parent
        root = {"user": "postgres", "group": "postgres", "extra_groups": []}
        self._as: dict[str, Any] = root if os.getuid() == 0 else {}
        self._held = ExitStack()
        self.port = picked_port(self._held)
        self.folder = Path(tempfile.mkdtemp(prefix="edge-pg-"))
        if self._as:
            known = pwd.getpwnam("postgres")
            os.chown(self.folder, known.pw_uid, known.pw_gid)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as)

    def start(self) -> Self:
        """Run, and wait until it answers."""
        command = [str(self._bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", str(self.folder), "-F"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, cwd=self.folder, **quiet, **self._as)
        waited = threading.Event()
        for _ in range(int(WITHIN_S / 0.05)):
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, "postgres ended at once"
                waited.wait(0.05)
            else:
                return self
        raise AssertionError("postgres does not answer")

    def stop(self) -> None:
        """End it, and every connection with it ("fast")."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(WITHIN_S)
            self._process = None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What another client sees."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._held.close()
        shutil.rmtree(self.folder)
