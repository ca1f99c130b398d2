"""The demo's ticket, signed as the centre would sign it."""

import time
import uuid
from pathlib import Path

from edge_agent.domain.ticket import Approval, Point, Ticket, WorkType
from edge_agent.domain.words import Words
from edge_agent.tell import signing

HOURS_S = 3600.0


def ticket(id_: str) -> Ticket:
    """Cleaning the inside of the demo tank: confined space, four hours, video required."""
    now_utc = time.time()
    return Ticket(
        id=id_,
        version=1,
        type=WorkType.CONFINED_SPACE,
        level="",
        area="tank-inside",
        point=Point(6.5, 0.0),
        valid_from_utc=now_utc - 60,
        valid_to_utc=now_utc + 4 * HOURS_S,
        holder="wang-lei",
        guards=("li-na", "chen-jie"),
        workers=("zhou-qiang", "wu-gang"),
        approvals=(Approval(role="area_owner", person="feng-tao", at_utc=now_utc - 600),),
        devices=("gas-ch4", "gas-o2", "gas-h2s", "gas-co", "relay-1", "cam-1"),
        video_required=True,
        content=Words("清罐作业", "Cleaning the tank"),
    )


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
