"""docs/upstream is what the box sends: schemas current, never broken, kept by every event of every scenario."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from edge_agent.tell import messages, signing
from edge_agent.tell.contract.catalogue import MESSAGES, Way
from edge_agent.tell.contract.check import event_fault, fault_of
from edge_agent.tell.contract.event_types import EVENTS, wire_type
from edge_agent.tell.contract.said_of import MEMBERS
from edge_agent.tell.contract.schema import schemas
from tests.support.store_values import permit
from tests.support.story import ticket
from tests.upstream.compatible import broken
from tests.upstream.write import DOCS, JOB, RELEASED, SCENARIOS, generated, sent, stories

EXAMPLES = sorted((DOCS / "examples" / "events").glob("*.json"))
VALID = {name: jsonschema_rs.validator_for(schema) for name, schema in schemas().items()}


def test_what_is_published_is_what_the_code_says() -> None:
    stale = [path for path, text in generated().items() if (DOCS / path).read_text() != text]
    assert not stale, f"{stale}: write them anew with python -m tests.upstream.write"


@pytest.mark.parametrize("name", schemas())
def test_each_schema_is_one(name: str) -> None:
    jsonschema_rs.meta.validate(schemas()[name])


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_nobody_who_built_on_a_released_schema_notices(message: Any) -> None:
    released = json.loads(RELEASED.read_text())
    if message.name in released:
        assert broken(released[message.name], schemas()[message.name], upward=message.way is Way.UP) == []


def test_no_released_message_is_gone() -> None:
    assert set(json.loads(RELEASED.read_text())) <= set(schemas())


def test_every_event_of_every_scenario_keeps_contract_and_schema() -> None:
    lines = [line for path in SCENARIOS.glob("*/expected.jsonl") for line in path.read_text().splitlines()]
    assert len(lines) > 5000
    envelope = json.loads(EXAMPLES[0].read_text())
    for line in lines:
        event = json.loads(line)
        assert event_fault(event["type"], event["data"]) == ""
        VALID["event"].validate({**envelope, "type": wire_type(event["type"]), "data": event["data"]})


def test_everything_that_is_sent_in_a_job_keeps_contract_and_schema() -> None:
    kinds = set()
    for topic, payload in sent(JOB, beside=True):
        assert fault_of(topic, messages.encode(payload)) == ""
        name = topic.split("/")[4]
        VALID[name].validate(payload)
        kinds.add(name)
    beside = {"health", "gas", "loc", "wear", "video", "timeline", "evidence", "change", "cmd_ack"}
    assert kinds == {"event", "permit", *beside}


def test_every_kind_of_message_has_an_example_and_each_is_valid() -> None:
    kinds = {message.name for message in MESSAGES if message.way is Way.UP} - {"event"}
    examples = {
        path.stem: json.loads(path.read_text()) for path in (DOCS / "examples" / "messages").glob("*.json")
    }
    assert set(examples) == kinds
    for name, payload in examples.items():
        VALID[name].validate(payload)


def test_every_kind_of_message_to_a_unit_has_an_example_and_each_is_valid() -> None:
    examples = {path.stem: json.loads(path.read_text()) for path in (DOCS / "examples" / "down").glob("*.json")}
    assert {f"dn-{name}" for name in examples} == {one.name for one in MESSAGES if one.way is Way.DOWN}
    for name, payload in examples.items():
        VALID[f"dn-{name}"].validate(payload)


def test_every_type_that_a_scenario_makes_has_an_example_and_each_is_valid() -> None:
    assert {path.stem for path in EXAMPLES} == set(stories())
    for path in EXAMPLES:
        example = json.loads(path.read_text())
        assert example["type"] == wire_type(path.stem)
        VALID["event"].validate(example)


def test_every_event_that_the_code_names_is_in_the_contract() -> None:
    told: set[str] = set()
    for path in Path("edge_agent/decide").rglob("*.py"):
        told |= set(re.findall(r'event\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text()))
    assert len(told) > 40
    assert told <= set(EVENTS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda event: event.pop("seq"),
        lambda event: event.update(seq="7"),
        lambda event: event.update(priority=7),
        lambda event: event["data"].pop("causes"),
        lambda event: event["data"].update(authorised=None),
        lambda event: event["data"]["causes"][0].pop("rule"),
    ],
)
def test_a_spoilt_message_is_refused_by_both(spoil: Any) -> None:
    event = json.loads((DOCS / "examples" / "events" / "permit.paused.json").read_text())
    spoil(event)
    assert fault_of("edge/s/u/up/event", messages.encode(event))
    assert not VALID["event"].is_valid(event)


def test_what_comes_later_is_passed_over_by_a_receiver_and_noticed_by_our_tests() -> None:
    event = json.loads((DOCS / "examples" / "events" / "permit.paused.json").read_text())
    event["data"]["brand_new"] = 1
    assert VALID["event"].is_valid(event)
    assert "brand_new" in fault_of("edge/s/u/up/event", messages.encode(event))
    assert VALID["event"].is_valid({**event, "type": "edge_agent.tomorrow.v1"})
    assert "no such event" in fault_of(
        "edge/s/u/up/event", messages.encode({**event, "type": "edge_agent.x.y.v1"})
    )


@pytest.mark.parametrize("name", [message.name for message in MESSAGES if message.way is Way.DOWN])
def test_whoever_writes_to_a_box_is_told_what_each_member_means(name: str) -> None:
    parts = schemas()[name]["$defs"]
    unsaid = [
        f"{part}.{member}"
        for part, schema in parts.items()
        for member, told in schema.get("properties", {}).items()
        if "description" not in told and part != "Words"
    ]
    assert not unsaid


def test_what_is_said_of_a_member_is_said_of_one_that_there_is() -> None:
    parts: dict[str, Any] = {}
    for schema in schemas().values():
        parts |= schema.get("$defs", {})
    for part, meanings in MEMBERS.items():
        assert set(meanings) <= set(parts[part]["properties"])


def test_health_and_permit_states_are_what_their_schemas_say() -> None:
    for online in (True, False):
        told = messages.health(site="s", unit="u", boot="b", online=online, demo=False)
        VALID["health"].validate(told)
        assert fault_of("edge/s/u/up/health", messages.encode(told)) == ""
    state = messages.permit_state(permit("P-1"), site="s", unit="u", demo=False)
    VALID["permit"].validate(json.loads(messages.encode(state)))
    assert fault_of("edge/s/u/up/permit/P-1", messages.encode(state)) == ""
    assert fault_of("edge/s/u/up/elsewhere", messages.encode(state))


def test_a_signed_ticket_is_what_its_schema_says_and_a_misspelt_member_is_not() -> None:
    payload = signing.envelope(
        ticket(), message="m-1", version=1, issued_at=1.8e9, expires_at=1.8e9 + 60, site="s", unit="u"
    )
    sent_ = json.loads(messages.encode(payload))
    VALID["dn-permit"].validate(sent_)
    assert not VALID["dn-person"].is_valid(sent_)
    for place in (sent_, sent_["body"], sent_["body"]["point"]):
        place["gaurd"] = "li-na"
        assert not VALID["dn-permit"].is_valid(sent_)
        del place["gaurd"]
    assert not VALID["dn-permit"].is_valid({**sent_, "issued_at": 1_800_000_000_000})
