"""openapi.json is made from the access table and the shapes, and the service does what it says (schemathesis)."""

import json
import re
import time
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, given
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.examples import few
from tests.support.pages import make_client
from web_ui.access import ACCESS, API
from web_ui.api.openapi import SPEECH, document
from web_ui.records import Records
from web_ui.sessions import COOKIE, Sessions
from web_ui.viewers import Bounds

CHECKS = [content_type_conformance, response_schema_conformance]


def test_every_route_of_the_api_is_described() -> None:
    assert SPEECH.keys() == {row for row in ACCESS if row[1].startswith(API)}
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document())))
    assert len(named) > 20
    assert named <= document()["components"]["schemas"].keys()


def test_the_live_picture_and_its_parts_are_described() -> None:
    schemas = document()["components"]["schemas"]
    assert "permits" in schemas["Live"]["properties"]
    assert {"code", "cause", "next"} <= schemas["Error"]["properties"].keys()


def test_whatever_is_sent_is_answered_as_described(site: Path, folder: Folder, peer: DeskPeer) -> None:
    """Every operation with what schemathesis makes of its description: no crash, no answer of another shape."""
    assert peer
    folder.put(live())
    folder.put_still()
    client = make_client(site, bounds=Bounds(lifetime_s=0.01, beat_s=0.01))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", client.application)
    for found in schema.get_all_operations():
        _try(found.ok(), site)


def _try(operation: schemathesis.APIOperation, site: Path) -> None:
    @given(case=operation.as_strategy())
    @few(6, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        records = Records(site / "web")
        secret, session = Sessions(records, time.time).begin("chen-admin", "kid", time.time() + 60)
        records.close()
        answer = case.call(headers={"Cookie": f"{COOKIE}={secret}", "X-CSRF": session.csrf, "X-Edge": "1"})
        assert answer.status_code != 500
        case.validate_response(answer, checks=CHECKS)

    ask()
