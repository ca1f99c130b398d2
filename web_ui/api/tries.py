"""A device looked at before it is entered into the settings: begun by whoever fits it, asked for until done."""

from urllib.parse import quote, urlsplit

from flask import Flask, Response

from web_ui.api.speak import body, said
from web_ui.errors import fail
from web_ui.guard import person
from web_ui.parts import Parts
from web_ui.setup_shapes import CamerasTry, DetectorTry, StreamTry
from web_ui.tries import Tries

LOOK_S = "4"


def install(app: Flask, parts: Parts, tries: Tries) -> None:
    """POST /tries/detector, /tries/cameras and /tries/stream; GET /tries/{id}."""
    site = str(parts.folders.site)

    @app.post("/api/v1/tries/detector")
    def try_detector() -> Response:
        """Raw registers, what they mean, value, unit, quality; without a profile: which one fits."""
        form = body(DetectorTry)
        command = ("probe", form.where, "--unit", str(form.unit), "--json", "--beside", site)
        return said(tries.begin("probed", command + tuple(_options(form)), person().id))

    @app.post("/api/v1/tries/cameras")
    def try_cameras() -> Response:
        """Which cameras answer on this network; a password stands in no list of processes."""
        form = body(CamerasTry)
        more = () if form.user is None else ("--user", form.user)
        given = (form.password or "") if form.user else ""
        command = ("camera", "find", "--json", *more)
        return said(tries.begin("cameras", command, person().id, _line(given)))

    @app.post("/api/v1/tries/stream")
    def try_stream() -> Response:
        """Open a stream: codec, size, rate; or what is wrong with it."""
        form = body(StreamTry)
        command = ("camera", "probe", "-", "--seconds", LOOK_S, "--json")
        return said(tries.begin("stream", command, person().id, _line(_with_login(form))))

    @app.get("/api/v1/tries/<id>")
    def tried(id: str) -> Response:  # noqa: A002 (the route's own name)
        """How far it is, and what it found."""
        found = tries.find(id, person().id)
        if found is None:
            fail("E-NO-TRY")
        return said(found)


def _options(form: DetectorTry) -> list[str]:
    told = (
        ("--profile", form.profile),
        ("--gas", form.gas),
        ("--channel", form.channel),
        ("--range", form.range),
        ("--in-unit", form.in_unit),
    )
    return [f"{option}={value}" for option, value in told if value]


def _line(text: str) -> bytes:
    return text.encode() + b"\n"


def _with_login(form: StreamTry) -> str:
    """The address with its user and password, for the decoder alone."""
    if form.user is None:
        return form.url
    parts = urlsplit(form.url)
    login = f"{quote(form.user, safe='')}:{quote(form.password or '', safe='')}"
    return parts._replace(netloc=f"{login}@{parts.netloc}").geturl()
