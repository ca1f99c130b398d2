"""Examples of what is signed: what a centre says to a unit, a unit's checkpoint, what units say to each other."""

import json
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec.structs import replace

from edge_agent.decide.beside import ours
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.delivery import CentreAck, CentreOrder, DrillOrder
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.person import Role
from edge_agent.ops.replay import decisions
from edge_agent.tell import messages, signing
from edge_agent.tell.checkpoint import Notary, Standing
from edge_agent.tell.contract.peer import PeerWord
from tests.scenarios.stories import site_of
from tests.scenarios.stories.devices import record
from tests.scenarios.stories.upstream import COPIES, TOLD
from tests.support.story import ROOT, T0_UTC, ticket

MODEL_URL = "https://models.example/ppe-nano-third.zip"


def downward(story: str) -> dict[str, dict[str, Any]]:
    """For each kind of message to a unit: what its centre signs, of the job that `story` tells."""
    settings = site_of(story)
    site = settings.site.site
    person = next(one for one in settings.persons if one.id == "wu-gang")
    order = CentreOrder(id="O-2", do="stop", permit="P-1", by="zhao-min", role=Role.SAFETY_OFFICER, reason="gas")
    bodies = (
        ticket(**TOLD),
        replace(person, training_ok_until_utc=T0_UTC + 86400 * 30, daily_class_utc=T0_UTC, contractor="hua-jian"),
        record("gas-ch4", calibration_due_utc=T0_UTC + 86400 * 90, bump_tested_utc=T0_UTC, self_test_ok=True),
        order,
        CentreAck(acked_seq=4711),
        *(replace(one, url=MODEL_URL) if isinstance(one, ModelOffer) else one for one in COPIES),
        DrillOrder(
            id="D-1",
            permit="P-1",
            by="zhao-min",
            role=Role.SAFETY_OFFICER,
            drill=Drill(
                name="gas in the tank",
                steps=(DrillStep(after_s=5.0, kind="gas", source="gas-ch4", level=12.0, unit="%LEL"),),
                longest_s=600.0,
            ),
        ),
    )
    payloads = [
        signing.envelope(
            body,
            message=f"m-{number}",
            version=1,
            issued_at=T0_UTC,
            expires_at=T0_UTC + 86400,
            site=site.id,
            unit=site.unit,
        )
        for number, body in enumerate(bodies, start=1)
    ]
    return {payload["type"]: json.loads(messages.encode(payload)) for payload in payloads}


def checkpoint(boot: str, source: str) -> dict[str, Any]:
    """Where a unit's chain stands, signed with a key that everybody may know."""
    seed = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    pem = seed.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    told = Notary(signing.private_key(pem)).checkpoint(
        Standing(n=25, seq=25, head="5f" * 32),
        source=source,
        boot=boot,
        demo=True,
        time=messages.utc_text(T0_UTC),
        trusted=True,
        now_s=0.0,
    )
    return dict(json.loads(messages.encode(told)))


def neighbourly(story: str) -> dict[str, Any]:
    """What the unit tells the others of its site once people have to leave; the payload that it signs."""
    settings = site_of(story)
    lines = (ROOT / "tests" / "scenarios" / story / "inputs.jsonl").read_bytes().splitlines()
    said = (ours(decision.state) for decision in decisions(settings, lines))
    told = next(one for one in said if any(alarm.leave and alarm.permit for alarm in one.alarms))
    site = settings.site.site
    word = PeerWord(
        site=site.id,
        unit=site.unit,
        session="5a0c6b1e9d3f4720",
        n=12,
        challenge="c0ffee00c0ffee00",
        heard={"edge-2": "0123456789abcdef"},
        claims=told.claims,
        alarms=told.alarms,
    )
    return dict(json.loads(messages.encode(msgspec.to_builtins(word))))
