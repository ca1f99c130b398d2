"""What people ask of the agent: a stop, which needs nobody's name, and forms signed by a person's own key."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Flask, Response, request

from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import fail
from web_ui.guard import caller
from web_ui.sessions import Sessions
from web_ui.shapes_asking import Answer, Signed, Stop
from web_ui.throttle import StopThrottle


class Heard(Answer, frozen=True, kw_only=True):
    """What the agent says; `log_in`: the log-in is over."""

    log_in: bool = False


H = TypeVar("H", bound=Heard)


def install(app: Flask, desk: Desk, sessions: Sessions, throttle: StopThrottle) -> None:
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
        return said(passed_on(desk, sessions, body(Signed)))


def passed_on(desk: Desk, sessions: Sessions, form: Signed) -> Answer:
    """What the agent says to a signed form of whoever asks; fails where his log-in is over."""
    answer = answered(desk, sessions, form, Heard)
    return Answer(**{name: getattr(answer, name) for name in Answer.__struct_fields__})


def answered(desk: Desk, sessions: Sessions, form: Signed, kind: type[H]) -> H:
    """The same with all that it says beside its words."""
    if form.key != caller().session.key:
        fail("E-NOT-ALLOWED")
    line = {"do": "signed", "form": form.form, "key": form.key, "signature": form.signature}
    return heard(desk, sessions, line, kind)


def heard(desk: Desk, sessions: Sessions, line: Mapping[str, Any], kind: type[H]) -> H:
    """What the agent says to a line with the key of whoever asks; fails where his log-in is over."""
    session = caller().session
    answer = desk.say(line, kind)
    if answer.log_in:  # the agent has started anew, or somebody was denied: nothing signs with this key any more
        sessions.end(session)
        fail("E-NO-SESSION")
    return answer
