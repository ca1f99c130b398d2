"""The built front end: one page for every client route, and its files, whose names change with their content."""

from pathlib import Path

from flask import Flask, Response, send_from_directory

from web_ui.errors import fail

BUILT = Path(__file__).parent / "built"  # made by `make setup` from front/
INDEX = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
# The pages that the front end draws, as the browser asks for them.
PAGES = (
    "/",
    "/login",
    "/claim",
    "/p/<permit>",
    "/at/<point>",
    "/board",
    "/panel",
    "/alarms",
    "/events/<int:seq>",
    "/play/<int:seq>",
    "/day",
    "/actions",
    "/actions/<id>",
    "/works",
    "/review",
    "/drills",
    "/audit",
    "/me",
    "/log-ins",
    "/labels",
    "/report",
    "/people",
    "/devices",
    "/gas",
    "/map",
    "/commissioning",
    "/zones",
    "/setup",
    "/setup/<step>",
    "/settings",
    "/settings/limits",
    "/detectors",
    "/glossary",
    "/cameras",
    "/films",
    "/cameras/<camera>",
    "/cameras/<camera>/walk",
    "/tickets/new",
    "/print/<permit>",
)


def install(app: Flask, built: Path = BUILT) -> None:
    """Serve the front end, or say how to build it."""

    def page(**_values: object) -> Response:
        if not (built / INDEX).is_file():
            return _not_built()
        response = send_from_directory(built, INDEX)
        response.headers["Cache-Control"] = "no-store"
        return response

    for number, rule in enumerate(PAGES):
        app.add_url_rule(rule, f"page_{number}", page, methods=["GET"])

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        """A file whose name holds a hash of its content."""
        response = send_from_directory(built / "assets", name)
        response.headers["Cache-Control"] = FOR_EVER
        return response

    @app.get("/<name>")
    def file(name: str) -> Response:
        """An icon or a manifest beside the page."""
        if name == INDEX or not (built / name).is_file():
            fail("E-NO-ROUTE")
        return send_from_directory(built, name)


NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>edge_agent</title>
<h1>页面还没有构建</h1><p>请在本机运行 <code>make setup</code>，然后重新启动服务。</p>
<h1 lang="en">The pages have not been built</h1><p lang="en">On the box, run <code>make setup</code>,
then start the service again.</p></html>
"""


def _not_built() -> Response:
    return Response(NOT_BUILT, 503, mimetype="text/html")
