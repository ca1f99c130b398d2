"""Steps: another version on a box that guards, kept or gone back from by itself; and what is refused."""

import hashlib
import io
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.outcome import Event
from edge_agent.sense.camera.proof import accepted
from edge_agent.tell import signing
from tests.boot.field import Field
from tests.boot.guarded import all_heard
from tests.boot.installed import ACTIVE, MAIN, QUIETLY
from tests.boot.machine import Machine
from tests.decide.test_limits_of_the_centre import H2S
from tests.system.site import Site, centre_key, payload, until

CHOSEN = "readlink -f /opt/edge-agent/current"
UPDATE = "edge-agent update /etc/edge-agent"


def refuses_updates_at_work(box: Machine, _: Field) -> str:
    """While somebody works neither a bundle nor a package is taken; the box guards on, and nobody was paused."""
    before = box.does(MAIN)
    said = box.does(f"{UPDATE} /root/edge-agent-0.98.0.tar 2>&1 || test $? = 75")
    assert box.work.permit in said, said
    box.does(f"! {QUIETLY} install -y --reinstall /root/edge-agent_*.deb 2>/root/refused")
    assert "not upgraded" in box.does("cat /root/refused")
    assert box.does(MAIN) == before
    box.work.coil_is_on()
    return "75, and prerm says no: " + said.splitlines()[-1]


def takes_an_update(box: Machine, _: Field) -> str:
    """A signed version is tried out and kept; one whose brain stands is gone back from, by itself."""
    until(lambda: all_heard(box.work.stage.live()), "all is heard before", 60.0)
    began_s = time.monotonic()
    said = box.does(f"{UPDATE} /root/edge-agent-0.98.0.tar")
    assert "0.98.0 passed" in said, said
    passed_s = time.monotonic() - began_s
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    assert box.does(f"tr '\\0' '\\n' </proc/$({MAIN})/environ | grep -c versions/0.98.0") != "0"
    assert all_heard(box.work.stage.live())
    began_s = time.monotonic()
    said = box.does("edge-agent update --limit 60 /etc/edge-agent /root/edge-agent-0.99.0.tar || test $? = 69")
    assert "0.99.0 rolled_back" in said, said
    took_s = time.monotonic() - began_s
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    box.until(ACTIVE, "active")
    records = box.does("runuser -u edge-agent -- edge-agent verify /etc/edge-agent | tail -1")
    return f"0.98.0 kept after {passed_s:.0f} s, 0.99.0 gone back from after {took_s:.0f} s; {records}"


def refuses_updates(box: Machine, _: Field) -> str:
    """An older version, a stranger's seal, a changed byte: nobody is disturbed."""
    before = box.does(MAIN)
    box.does(f"{UPDATE} /root/edge-agent-0.97.0.tar || test $? = 65")
    box.does(
        "mv /etc/edge-agent-release/maker.pem /root; trap 'mv /root/maker.pem /etc/edge-agent-release' EXIT; "
        f"{UPDATE} /root/edge-agent-0.99.0.tar || test $? = 65"
    )
    box.does(
        "cp /root/edge-agent-0.99.0.tar /root/x.tar; printf x | dd of=/root/x.tar bs=1 seek=9000000 conv=notrunc; "
        f"{UPDATE} /root/x.tar || test $? = 65; rm /root/x.tar"
    )
    assert box.does(MAIN) == before
    return "older, unknown key, changed byte"


def loses_its_judge(box: Machine, _: Field) -> str:
    """Whoever tries a version out is killed: the box goes back by itself. And at a boot a trial has not passed."""
    box.does(
        f"{UPDATE} /root/edge-agent-0.99.0.tar >/dev/null 2>&1 & "
        "until test -L /opt/edge-agent/before; do sleep 0.1; done; "
        "systemctl kill -s KILL edge-agent-update-by-hand; wait || true"
    )
    box.until(
        f"{CHOSEN}; test -L /opt/edge-agent/before || echo settled", "/opt/edge-agent/versions/0.98.0\nsettled"
    )
    box.until(ACTIVE, "active")
    box.does(
        "ln -s versions/0.98.0 /opt/edge-agent/before; ln -sfT versions/0.99.0 /opt/edge-agent/current; "
        "systemctl start edge-agent-settle"
    )
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    return box.does(f"{UPDATE} | head -1")


def is_updated_from_afar(box: Machine, field: Field) -> str:
    """The centre orders a version: fetched over a line that breaks, tried, kept, and told."""
    site, store = box.work, field.store
    store.content = (box.root / "root" / "edge-agent-0.98.1.tar").read_bytes()
    store.cuts = [len(store.content) // 3]
    order = UpdateOrder(
        id="update",
        release="0.98.1",
        sha256=hashlib.sha256(store.content).hexdigest(),
        wave=1,
        size=len(store.content),
        url=store.url,
    )
    until(lambda: all_heard(site.stage.live()), "all is heard before", 60.0)
    mark, began_s = site.last_seq(), time.monotonic()
    _sends(site, ORDER, order, 1)
    settled = _told(site, "update.settled", mark, UPDATED_S)
    assert settled.data["passed"], settled.data
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.1"
    assert [asked.partition("=")[0] for asked in store.asked[:2]] == ["", "bytes"], store.asked
    return (
        f"{len(store.content) / 1e6:.0f} MB fetched in two parts, passed after {time.monotonic() - began_s:.0f} s"
    )


ORDER, UPDATED_S = "edge/demo-tank/edge-1/dn/update", 480.0  # the timer looks each minute, the trial has 300 s
RULE, MODEL = "edge/demo-tank/edge-1/dn/rule", "edge/demo-tank/edge-1/dn/model"
MODELS = Path(__file__).parents[2] / "models"
LIVE, OTHER = "ppe-nano-third", "ppe-nano-second"
JUDGED_S = 240.0


def takes_limits_and_models(box: Machine, _: Field) -> str:
    """The centre's stricter limit and a model that sees; a looser one, and one without weights, are refused."""
    site = box.work
    until(lambda: all_heard(site.stage.live()), "all is heard before", 60.0)
    mark = site.last_seq()
    _sends(site, RULE, RuleTable(id="rule", rulebook="demo-confined-space", limits={H2S: _limit(4.0)}), 1)
    site.event("record.updated", mark)
    _sends(site, RULE, RuleTable(id="rule", rulebook="demo-confined-space", limits={H2S: _limit(9.0)}), 2)
    site.event("record.refused", mark)
    blind = _settled(box, _packed(blind=True), 1)
    assert not blind.data["live"], blind.data
    until(lambda: all_heard(site.stage.live()), "judged on by the model of before", 60.0)
    began_s = time.monotonic()
    seeing = _settled(box, _packed(blind=False), 2)
    assert seeing.data["live"], seeing.data
    took_s = time.monotonic() - began_s
    assert accepted.read(site.stage.state_folder / "models").cameras["cam-1"].name == OTHER
    return f"limit taken and refused; refused: {blind.data['words']['en']}; {OTHER} judges after {took_s:.0f} s"


def _limit(value: float) -> RuleLimit:
    return RuleLimit(value=value, unit="ppm", reason="S-12")


def _sends(site: Site, topic: str, what: RuleTable | ModelOffer | UpdateOrder, version: int) -> None:
    told: Any = what
    site.seen.send(topic, signing.sign(payload(told, version=version), centre_key(site.stage.site), "demo-centre"))


def _packed(*, blind: bool) -> bytes:
    """What a centre offers: the models folder of one model; `blind`: its weights are none."""
    text = (MODELS / "manifest.toml").read_text("utf-8")
    table = tomllib.loads(text)[OTHER]
    weights = b"no weights" if blind else (MODELS / table["file"]).read_bytes()
    text = text.replace(table["sha256"], hashlib.sha256(weights).hexdigest())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("manifest.toml", text)
        packed.writestr(table["file"], weights)
        if "wearing" in table:
            packed.write(MODELS / table["wearing"]["judge"], table["wearing"]["judge"])
    return made.getvalue()


def _settled(box: Machine, content: bytes, version: int) -> Event:
    """What became of an offer whose file a stick has brought."""
    site, sha256 = box.work, hashlib.sha256(content).hexdigest()
    folder, mark = site.stage.state_folder / "offered", site.last_seq()
    folder.mkdir(exist_ok=True)
    (folder / f"{sha256}.zip").write_bytes(content)
    box.does("chown -R edge-agent: /var/lib/edge-agent/offered")
    offer = ModelOffer(id="model", name=OTHER, sha256=sha256, size=len(content), cameras=("cam-1",))
    _sends(site, MODEL, offer, version)
    return _told(site, "model.settled", mark, JUDGED_S)


def _told(site: Site, type_: str, mark: int, patience_s: float) -> Event:
    """What the box said of it."""
    found: Event = until(
        lambda: next((one for one in site.kept() if one.type == type_ and one.seq > mark), None),
        f"{type_} is told",
        patience_s,
    )
    return found
