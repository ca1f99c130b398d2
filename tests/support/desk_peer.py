"""A small desk that speaks the contract over a real Unix socket, for tests of the pages alone.

It knows people by PIN and badge, remembers keys, checks signatures and counts, and keeps what it was asked.
"""

import base64
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

NO = {"zh": "不行", "en": "no"}
WRONG = {"accepted": False, "reasons": [{"zh": "编号或 PIN 码不对", "en": "wrong id or PIN"}]}


def people() -> list[dict[str, Any]]:
    """Somebody of each role that the tests need, as in people.json."""
    roles = {
        "li-na": ["guard"],
        "wang-wei": ["holder", "worker"],
        "zhao-min": ["safety_officer"],
        "chen-admin": ["admin"],
        "sun-viewer": ["viewer"],
        "fang-out": ["guard"],
        "he-yard": ["worker"],
    }
    return [
        {
            "id": id_,
            "name": id_.title(),
            "roles": held,
            "areas": ["yard"] if id_ == "he-yard" else [],
            "language": "zh",
            "denied": id_ == "fang-out",
        }
        for id_, held in roles.items()
    ]


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


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class DeskPeer:
    """Listens from `with` to its end; PIN of everybody: his id backwards; badge: "badge-" and his id."""

    def __init__(self, runtime: Path) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: dict[str, tuple[str, bytes]] = {}
        self.counts: dict[str, int] = {}
        self.claimed = False
        self.heard: Callable[[dict[str, Any]], None] = lambda _form: None  # an accepted form, before its answer
        self._path = runtime / "requests.sock"
        self._people = {one["id"]: one for one in people()}
        self._stop = threading.Event()
        self._door = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._door.bind(str(self._path))
        self._door.listen(16)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with socket.socket(socket.AF_UNIX) as wake:
            wake.connect(str(self._path))
        self._thread.join()
        self._door.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stop.is_set():
            visitor, _ = self._door.accept()
            with visitor, visitor.makefile("rwb") as line:
                said = line.readline()
                if said:
                    line.write(json.dumps(self.answer(json.loads(said))).encode() + b"\n")

    def answer(self, said: dict[str, Any]) -> dict[str, Any]:
        """What the contract says to one line."""
        self.asked.append(said)
        stopped = {"request": "r-1", "accepted": True, "reasons": []}
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "box": lambda: {"claimed": self.claimed, "boot": "b"},
            "log_in": lambda: self._log_in(said),
            "log_out": lambda: {"accepted": self.keys.pop(said["key"], None) is not None},
            "signed": lambda: self._signed(said),
            "stop": lambda: stopped,
            "claim": lambda: self._claim(said),
        }
        return answers[said["do"]]()

    def _log_in(self, said: dict[str, Any]) -> dict[str, Any]:
        person = said.get("person") or str(said.get("badge", "")).removeprefix("badge-")
        who = self._people.get(person)
        right = said.get("pin") == person[::-1] or said.get("badge") == f"badge-{person}"
        if who is None or who["denied"] or not right:
            return WRONG
        raw = _bytes(said["key"])
        kid = hashlib.sha256(raw).hexdigest()[:16]
        self.keys[kid] = (person, raw)
        plain = {key: value for key, value in who.items() if key != "denied"}
        return {"accepted": True, "who": plain, "key": kid, "until_utc": time.time() + 3600}

    def _signed(self, said: dict[str, Any]) -> dict[str, Any]:
        person, raw = self.keys.get(said["key"], ("", b""))
        form = json.loads(said["form"])
        fresh = form.get("count", 0) > self.counts.get(said["key"], 0)
        right = fresh and form.get("person") == person and _verified(raw, said)
        if right:
            self.counts[said["key"]] = form["count"]
            self.heard(form)
        return {"request": "r-2", "accepted": right, "reasons": [] if right else [NO]}

    def _claim(self, said: dict[str, Any]) -> dict[str, Any]:
        if self.claimed or said["code"] != "ABCD-EFGH":
            return {"accepted": False, "reasons": [NO]}
        self.claimed = True
        return {"accepted": True, "who": {**said["person"], "roles": ["admin"], "areas": [], "language": "zh"}}


def _verified(raw: bytes, said: dict[str, Any]) -> bool:
    if not raw:
        return False
    both = _bytes(said["signature"])
    der = utils.encode_dss_signature(int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    try:
        key.verify(der, said["form"].encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
