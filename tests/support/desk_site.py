"""A desk that runs on a real socket, with a brain that says yes, and a browser that logs in and signs."""

import base64
import json
import queue
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

import argon2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge_agent.clock import Instant
from edge_agent.domain.noted import LoggedIn, Rejected, Tally
from edge_agent.domain.person import Person
from edge_agent.domain.request import Answer, Request
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.words import Words
from edge_agent.tell.desk import SOCKET, Desk
from edge_agent.tell.desk_client import ask
from edge_agent.tell.desk_filing import Behind
from edge_agent.tell.desk_settings import SettingsForm
from edge_agent.tell.photos import Photos
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.proof import hint
from tests.support.store_values import person

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
BADGE = "04:A2:19"
PEOPLE = {
    "li": person("li", pin_hash=CHEAP.hash("2468"), badge_hash=CHEAP.hash(BADGE), badge_hint=hint(BADGE)),
    "wang": person("wang"),
}


class HandClock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=1.8e9, trusted=True)


class Site:
    """A desk that runs, and a brain that says yes."""

    def __init__(self, folder: Path, wrong: dict[str, int] | None = None) -> None:
        self.path = folder / SOCKET
        self.claim = ClaimCode(folder)
        self.clock = HandClock()
        self.requests: list[Request] = []
        self.rejected: queue.Queue[Rejected] = queue.Queue()
        self.logged_in: list[LoggedIn] = []
        self.tallies: list[Tally] = []
        self.remembered: list[tuple[str, int]] = []
        self.kept: list[tuple[str, int]] = []  # what somebody waited for until it was on the disk
        self.persons = dict(PEOPLE)
        self.relisted: list[dict[str, Person]] = []  # who stood in the pages' list when a change was answered
        self.brain: Callable[[Request], Future[Answer]] = self.yes
        behind = Behind(
            persons=self.people,
            submit=self.submit,
            note=self.note,
            claim=self.claim,
            remember=self.remember,
            relist=lambda: self.relisted.append(self.persons),
            change=self.changes,
            photos=Photos(folder / "evidence"),
        )
        self.desk = Desk(self.path, self.clock, "0123456789", behind, wrong)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.desk.run, args=(self.stop,), daemon=True)

    def changes(self, form: SettingsForm, ask: Callable[[SettingsChange], Answer], _whole: bytes) -> Answer:
        """Every text is good here."""
        words = (Words(form.file, form.file),)
        return ask(SettingsChange(file=form.file, sha256="", before=form.before, changes=words))

    def people(self) -> dict[str, Person]:
        return self.persons

    def remember(self, who: str, count: int) -> Callable[[], object]:
        self.remembered.append((who, count))
        return lambda: self.kept.append((who, count))

    def note(self, told: Rejected | LoggedIn | Tally) -> None:
        match told:
            case Rejected():
                self.rejected.put(told)
            case LoggedIn():
                self.logged_in.append(told)
            case Tally():
                self.tallies.append(told)

    def submit(self, request: Request) -> "Future[Answer]":
        self.requests.append(request)
        return self.brain(request)

    def yes(self, request: Request) -> "Future[Answer]":
        future: Future[Answer] = Future()
        future.set_result(Answer(request=request.id, accepted=True))
        return future

    def ask(self, **fields: Any) -> dict[str, Any]:
        return ask(self.path, {"ask": "start", "person": "li", "permit": "P-1", **fields})

    def say(self, **line: Any) -> dict[str, Any]:
        """One line as it is."""
        return ask(self.path, line)

    def refused(self, **fields: Any) -> str:
        answer = self.ask(**fields)
        assert answer["accepted"] is False
        assert all(reason["zh"] for reason in answer["reasons"])
        return "; ".join(reason["en"] for reason in answer["reasons"])


def running(site: Site) -> Site:
    site.thread.start()
    waited = threading.Event()
    while not listens(site.path):  # the file is there a moment before anybody listens
        assert site.thread.is_alive()
        waited.wait(0.01)
    return site


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) == 0


def text(raw: bytes) -> str:
    """base64url without padding, as a browser writes it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Says(Protocol):
    """Where a line can be said."""

    def say(self, **line: Any) -> dict[str, Any]: ...


class Browser:
    """Somebody's phone: a key of its own, made as WebCrypto makes it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.key = ""
        self.number = 0

    @property
    def public(self) -> str:
        raw = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return text(raw)

    def log_in(self, site: Says, **fields: Any) -> dict[str, Any]:
        """Log in; from then on forms are signed for this log-in."""
        answer = site.say(do="log_in", key=self.public, **fields)
        self.key = answer.get("key", self.key)
        return answer

    def form(self, **fields: Any) -> dict[str, Any]:
        """The next form of this log-in."""
        self.number += 1
        base = {"ask": "here", "person": "li", "permit": "P-1", "key": self.key, "count": self.number}
        return {**base, **fields}

    def sign(self, form: str) -> str:
        r, s = decode_dss_signature(self.private.sign(form.encode(), ec.ECDSA(hashes.SHA256())))
        return text(r.to_bytes(32) + s.to_bytes(32))

    def line(self, **fields: Any) -> dict[str, Any]:
        """A signed line, ready to be said."""
        form = json.dumps(self.form(**fields), ensure_ascii=False)
        return {"do": "signed", "form": form, "key": self.key, "signature": self.sign(form)}

    def ask(self, site: Says, **fields: Any) -> dict[str, Any]:
        return site.say(**self.line(**fields))
