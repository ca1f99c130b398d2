"""The demo's ticket, signed as the centre would sign it."""

import time
import uuid
from pathlib import Path

from msgspec.structs import replace

from edge_agent.domain.ticket import Ticket
from edge_agent.ops.demo.plays.tickets import tank
from edge_agent.tell import signing

HOURS_S = 3600.0


def ticket(id_: str) -> Ticket:
    """Cleaning the inside of the demo tank, as at the demo plant; here a camera must see it all the time."""
    job = tank(time.time())
    return replace(job, id=id_, devices=(*job.devices, "cam-1"), video_required=True)


def envelope(folder: Path, what: Ticket, site: str, unit: str) -> bytes:
    """The ticket in a signed downlink envelope (JWS compact, EdDSA) that is valid for an hour."""
    now_utc = time.time()
    payload = signing.envelope(
        what,
        message=str(uuid.uuid4()),
        version=what.version,
        issued_at=now_utc,
        expires_at=now_utc + HOURS_S,
        site=site,
        unit=unit,
    )
    key = signing.private_key((folder / "demo-centre.key").read_text(encoding="utf-8"))
    return signing.sign(payload, key, "demo-centre")
