"""A report and a ticket from the box's own console: the command line, the agent behind it, and what it records."""

import json

import pytest

from edge_agent.ops.demo.job import PINS
from tests.support.command_line import typed
from tests.system.site import Site


def said(site: Site, person: str, *words: str) -> dict[str, object]:
    """What the agent answers to a command of somebody's."""
    ask, *more = words
    done = typed("request", site.stage.site, ask, "--by", person, *more, pin=PINS[person])
    assert "Traceback" not in done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    assert (done.returncode == 0) is answer["accepted"]
    return answer


def test_a_report_becomes_an_event_with_shift_and_wind(site: Site) -> None:
    assert said(site, "qian-wei", "report", "--kind", "leak", "--note", "from the console")["accepted"]
    event = site.event("hazard.reported", by="qian-wei", note="from the console")
    assert (event.data["kind"], event.data["shift_words"]["en"]) == ("leak", site.stage.live().shift.en)
    assert [one["station"] for one in event.data["wind"]] == ["weather-1"]


def test_a_ticket_is_drawn_up_and_approved(site: Site, request: pytest.FixtureRequest) -> None:
    words = ("--type", "confined_space", "--area", "tank-inside", "--until", "+4h", "--content", "clean the tank")
    refused = said(site, "wang-lei", "ticket", *words)
    assert "not given: guards" in json.dumps(refused)
    before = site.last_seq()
    assert said(site, "wang-lei", "ticket", *words, "--guard", "li-na", "--worker", "zhou-qiang")["accepted"]
    made = site.event("permit.received", before, by="wang-lei")
    request.addfinalizer(
        lambda: said(site, "zhao-min", "revoke", "--permit", made.subject, "--reason", "test over")
    )
    held = [one["id"] for one in made.data["ticket"]["measures"]]
    assert (made.data["left_out"], "rescue_ready" in held) == ([], True)
    assert said(site, "feng-tao", "approve", "--permit", made.subject)["accepted"]
    assert site.event("permit.approved", before, by="feng-tao").subject == made.subject
