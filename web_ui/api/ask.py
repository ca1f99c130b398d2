"""What people ask of the agent: a stop, which needs nobody's name, and forms signed by a person's own key."""

from flask import Flask, Response, request

from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import fail
from web_ui.guard import caller
from web_ui.shapes import Answer, Signed, Stop
from web_ui.throttle import StopThrottle


def install(app: Flask, desk: Desk, throttle: StopThrottle) -> None:
    """POST /stop and POST /requests."""

    @app.post("/api/v1/stop")
    def stop() -> Response:
        """At once, for everybody. Only an address that sends several in a second is told to wait."""
        form = body(Stop)
        if not throttle.take(request.remote_addr or ""):
            fail("E-WAIT-STOP", wait_s=1.0)
        return said(desk.say({"do": "stop", "permit": form.permit, "reason": form.reason}, Answer))

    @app.post("/api/v1/requests")
    def requests() -> Response:
        """Passed on as it is: the agent checks the signature, the person, the count and the proof."""
        form = body(Signed)
        if form.key != caller().session.key:
            fail("E-NOT-ALLOWED")
        return said(
            desk.say({"do": "signed", "form": form.form, "key": form.key, "signature": form.signature}, Answer)
        )
