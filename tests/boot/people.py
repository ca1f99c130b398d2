"""Steps: what people and their machines get of a booted box, each by the unit's own user and no other."""

import shutil
import ssl
import subprocess
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from edge_agent.ops.demo.job import PINS
from tests.boot.field import Field
from tests.boot.installed import ACTIVE
from tests.boot.machine import Machine
from tests.support.desk_peer import public
from tests.support.pages import Browser, Reply
from tests.system.site import until
from tests.system.test_work_is_filmed import clip_of

ALL_PINS = {**PINS, "he-xin": "9019"}
PAGES = "https://localhost:8443"


class Phone(Browser):
    """A browser on the site's network, which trusts the box's own authority."""

    def __init__(self, box: Machine) -> None:
        self._url = PAGES
        self._trust = ssl.create_default_context(cafile=box.inside / "var/lib/edge-agent-web/ca.crt")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid, self.csrf, self.cookie = "", "", None
        self._count = 0

    def log_in(self, person: str) -> Reply:
        """By PIN."""
        told = {"person": person, "pin": ALL_PINS[person], "key": public(self.key)}
        reply = self.ask("POST", "/api/v1/session", told)
        assert reply.status == 200, reply.body
        self.csrf, self.kid = reply.json["csrf"], reply.json["key"]
        return reply

    def files(self, **form: Any) -> Any:
        """A request, signed by this phone's key; what the agent says to it."""
        self._count += 1
        return self.file(count=self._count, **form).json


def shows_its_pictures(box: Machine, _: Field) -> str:
    """Live pictures through the pages, which are in the agent's group; nobody else reaches the socket."""
    socket = "/run/edge-agent/pictures.sock"
    box.until(f"stat -c '%U %G %a' {socket}", "edge-agent edge-agent 660")
    opens = f"python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"{socket}\")'"
    box.does(f"runuser -u edge-web -- {opens}")
    box.does(f"! runuser -u nobody -- {opens} 2>/dev/null")
    phone = Phone(box)
    phone.log_in("zhao-min")

    def picture(camera: str) -> bytes:
        reply = phone.ask("GET", f"/api/v1/cameras/{camera}/picture?after=0")
        return reply.body if reply.status == 200 and reply.body.startswith(b"\xff\xd8") else b""

    sizes = {camera: len(until(partial(picture, camera), f"{camera} is shown")) for camera in ("cam-1", "cam-2")}
    assert Phone(box).ask("GET", "/api/v1/cameras/cam-1/picture?after=0").status == 401
    return ", ".join(f"{camera} {size / 1e3:.0f} kB" for camera, size in sizes.items())


def keeps_films(box: Machine, _: Field) -> str:
    """A clip of a stop lies sealed in the agent's folder, as the records say; its key is the agent's alone."""
    site = box.work
    site.must("stop", "li-na")
    stopped = site.event("permit.stopped")
    clip = until(lambda: clip_of(site, stopped.seq), "a clip of the stop is on record", 90.0)
    name = clip["files"][0]["name"]
    said = box.does(f"runuser -u edge-agent -- edge-agent recording verify /etc/edge-agent {name}")
    box.does("! runuser -u edge-web -- cat /etc/edge-agent/films.key 2>/dev/null")
    box.does("! runuser -u nobody -- ls /var/lib/edge-agent/films 2>/dev/null")
    assert box.does("stat -c %U /var/lib/edge-agent/films") == "edge-agent"
    phone = Phone(box)
    phone.log_in("zhao-min")
    listed = phone.ask("GET", "/api/v1/films").json["films"]
    assert listed, "the pages' own user lists them"
    site.resume("wang-lei", "li-na")
    return f"{said.splitlines()[-1]}; the pages list {len(listed)}"


def counts_for_prometheus(box: Machine, _: Field) -> str:
    """Figures of the picture and of the disk, by the pages' own user; Prometheus' own tool takes them."""
    text = Phone(box).ask("GET", "/metrics").body.decode()
    assert "edge_picture_up 1" in text, text
    promtool = shutil.which("promtool")
    if promtool is not None:
        done = subprocess.run(
            [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
        )
        assert "error" not in done.stderr.lower(), done.stderr
    return f"{text.count('# HELP')} figures" + ("" if promtool else "; promtool is not here")


def backs_up_each_night(box: Machine, _: Field) -> str:
    """By its timer's own unit, as the agent's user, beside the work; it opens with the key of the safe."""
    said = box.does("edge-agent backup --new-key /root/safe.key")
    recipient = said.splitlines()[0]
    box.does(
        "install -d -o edge-agent -g edge-agent -m 700 /mnt/backup; "
        "printf '\\n[backup]\\ninto = \"/mnt/backup\"\\n%s\\nkeep = 2\\n' "
        f"'{recipient}' >>/etc/edge-agent/site.toml; "
        "edge-agent check /etc/edge-agent; systemctl enable --now edge-agent-backup.timer"
    )
    due = box.does("systemctl list-timers --no-legend edge-agent-backup.timer | cut -d' ' -f1-3")
    box.does("systemctl start edge-agent-backup.service")
    assert box.does("systemctl show -p Result --value edge-agent-backup.service") == "success"
    names = box.does("stat -c '%U %a %n' /mnt/backup/*.edgebackup")
    assert names.startswith("edge-agent 600"), names
    log = box.does("journalctl -b -u edge-agent-backup -o cat | grep -c '无权读取' || true")
    assert log == "0", "it may read all that goes into it"
    box.does(f"edge-agent restore {names.split()[-1]} /tmp/spare --look")
    assert box.does(ACTIVE) == "active"
    return f"next by its timer {due}; {names}"
