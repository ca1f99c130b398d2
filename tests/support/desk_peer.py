"""The agent's own desk on its own socket, with a brain that says yes, for tests of the pages alone."""

import base64
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import argon2
import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from edge_agent.clock import SystemClock
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Answer, Request
from edge_agent.domain.words import Words
from edge_agent.fuse.relays import Wanted
from edge_agent.ops.bundle_change import Bundle
from edge_agent.ops.folders import REQUESTS
from edge_agent.tell.desk import Desk
from edge_agent.tell.desk_filing import Behind
from edge_agent.tell.photos import Photos
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.papers import PEOPLE, listed
from edge_agent.tell.who.proof import hint
from tests.support.desk_site import listens

TREE = Path(__file__).resolve().parents[2]
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
ROLES = {
    "li-na": (Role.GUARD,),
    "wang-wei": (Role.HOLDER, Role.WORKER),
    "zhao-min": (Role.SAFETY_OFFICER,),
    "gu-tech": (Role.TECHNICIAN,),
    "chen-admin": (Role.ADMIN,),
    "sun-viewer": (Role.VIEWER,),
    "fang-out": (Role.GUARD,),
    "he-yard": (Role.WORKER,),
    "wu-inspect": (Role.INSPECTOR,),
    "deng-test": (Role.TESTER,),
}


def people() -> dict[str, Person]:
    """Everybody that the tests need. PIN: the id backwards; badge: "badge-" and the id."""
    return {
        id_: Person(
            id=id_,
            name=id_.title(),
            roles=roles,
            areas=("yard",) if id_ == "he-yard" else (),
            valid_until_utc=4102444800.0 if Role.INSPECTOR in roles else None,
            denied="not here" if id_ == "fang-out" else None,
            pin_hash=CHEAP.hash(id_[::-1]),
            badge_hash=CHEAP.hash(f"badge-{id_}"),
            badge_hint=hint(f"badge-{id_}"),
        )
        for id_, roles in ROLES.items()
    }


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as a browser sends it: base64url of the raw point."""
    numbers = key.public_key().public_numbers()
    return _text(b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"))


def signed(key: ec.EllipticCurvePrivateKey, form: str) -> str:
    """What a browser's WebCrypto makes: r and s, 32 bytes each."""
    r, s = utils.decode_dss_signature(key.sign(form.encode(), ec.ECDSA(hashes.SHA256())))
    return _text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class _Heard(Desk):
    """Keeps what it is asked, and tells of each signed form that was accepted, before its answer."""

    peer: "DeskPeer"

    def attend(self, line: bytes, crowded: bool) -> Any:  # noqa: FBT001
        said = json.loads(line)
        self.peer.asked.append(said)
        if said["do"] == "log_out":
            self.peer.lets_out.wait()
        answer = super().attend(line, crowded)
        if said["do"] == "signed" and answer.accepted:
            self.peer.heard(json.loads(said["form"]))
        elif said["do"] == "log_in" and answer.accepted:
            self.peer.keys[answer.key] = answer.who.id
        elif said["do"] == "log_out":
            self.peer.keys.pop(said["key"], None)
        return answer


class DeskPeer:
    """Listens from `with` to its end; `runtime` lies in the site's folder."""

    def __init__(self, runtime: Path) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: dict[str, str] = {}  # who is logged in, by key
        self.lets_out = threading.Event()  # cleared: a log-out waits for its answer
        self.lets_out.set()
        self.heard: Callable[[dict[str, Any]], None] = lambda _form: None
        self.requests: list[Request] = []
        self.refuses: tuple[Words, ...] = ()  # what its brain has against everything
        self.outputs: dict[str, Wanted] = {}  # what holds at this moment
        self.persons = people()
        self.claim = ClaimCode(runtime.parent / "state")
        self._path = runtime / REQUESTS
        behind = Behind(
            persons=lambda: self.persons,
            submit=self._submit,
            note=lambda _: None,
            claim=self.claim,
            remember=lambda _who, _count: lambda: None,
            relist=self._relist,
            change=Bundle(runtime.parent, TREE, lambda: None, outputs=lambda: self.outputs).change,
            photos=Photos(runtime.parent / "state" / "evidence"),
        )
        self._desk = _Heard(self._path, SystemClock(declared=True), f"{time.time():.0f}", behind)
        self._desk.peer = self
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._desk.run, args=(self._stop,))

    def _submit(self, request: Request) -> "Future[Answer]":
        self.requests.append(request)
        if request.record is not None:
            self.persons = {**self.persons, request.record.id: request.record.of(None)}
        future: Future[Answer] = Future()
        future.set_result(Answer(request=request.id, accepted=not self.refuses, reasons=self.refuses))
        return future

    @property
    def code(self) -> str:
        """What the box's own screen shows now."""
        return self._desk.screen.now()[0]

    def _relist(self) -> None:
        known = [listed(one) for one in self.persons.values()]
        (self._path.parent / PEOPLE).write_bytes(msgspec.json.encode(known))

    def __enter__(self) -> Self:
        self._thread.start()
        while not listens(self._path):
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
