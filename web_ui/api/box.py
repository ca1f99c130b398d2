"""What everybody may know: the box itself, whether its picture is live; and taking a new box into use."""

import msgspec
from flask import Flask, Response, request
from msgspec import Struct

from edge_agent.domain.words import Words, joined
from edge_agent.tell.live import LIVE_S
from edge_agent.tell.who.who import Who
from web_ui.api.qr import trust_url
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import Trouble, fail
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_looks import Health
from web_ui.shapes_people import Box, Claim, Claimed
from web_ui.throttle import LogInThrottle
from web_ui.tls.authority import fingerprint
from web_ui.words import LANGUAGES


class _State(Struct, frozen=True, kw_only=True):
    """What the agent says of the box."""

    claimed: bool | None = None


class _Entry(Struct, frozen=True, kw_only=True):
    """What the agent says to a claim."""

    accepted: bool = False
    who: Who | None = None
    reasons: tuple[Words, ...] = ()


def install(app: Flask, parts: Parts, reader: Reader, desk: Desk, throttle: LogInThrottle) -> None:
    """GET /box, GET /health, POST /claim."""

    @app.get("/api/v1/box")
    def box() -> Response:
        """Name, time and whether somebody has claimed it; without the agent it says all but that."""
        live, pem = reader.look().live, parts.authority()
        return said(
            Box(
                claimed=_claimed(desk),
                name=parts.site.site.name,
                unit=parts.site.site.unit,
                demo=bool(live and live.demo),
                languages=LANGUAGES,
                time_utc=parts.utc(),
                timezone=parts.site.site.timezone,
                ca_fingerprint=fingerprint(pem) if pem else None,
                enrol_url=trust_url(parts),
            )
        )

    @app.get("/api/v1/health")
    def health() -> Response:
        """For whoever watches the watcher: 200 while the picture is live, else 503."""
        picture = reader.look()
        age_s = reader.age_s(picture.live, picture.seen_s) if picture.live else None
        ok = age_s is not None and age_s <= LIVE_S
        return said(Health(ok=ok, age_s=age_s), 200 if ok else 503)

    @app.post("/api/v1/claim")
    def claim() -> Response:
        """The box's first admin, proved by the code that the box shows on itself."""
        form, address = body(Claim), request.remote_addr or ""
        wait_s = throttle.wait_s(address)
        if wait_s > 0:
            fail("E-WAIT", wait_s=wait_s)
        answer = desk.say({"do": "claim", **msgspec.to_builtins(form)}, _Entry)
        if not answer.accepted or answer.who is None:
            throttle.wrong(address)
            fail("E-PROOF", detail=joined(answer.reasons))
        throttle.right(address)
        return said(Claimed(who=answer.who))


def _claimed(desk: Desk) -> bool | None:
    try:
        return desk.say({"do": "box"}, _State).claimed
    except Trouble:
        return None
