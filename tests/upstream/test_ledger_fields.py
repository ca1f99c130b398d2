"""Every field that docs/ledger.csv promises to a centre really occurs in a message as it is sent.

The column `field` names members as MESSAGE:PATH, with a space between two: `event:data.context.work.team`,
`dn-permit:body.approvals.substitute`. Members of list items stand without a number.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from edge_agent.tell.contract.catalogue import MESSAGES, Way
from tests.tooling.test_ledger import asked_for, ledger
from tests.upstream.write import DOCS, sent

ROWS = [row for row in ledger() if row["field"]]
# Beside the published examples: a release of chlorine, of which more is told than of other gases.
MORE = "chlorine_in_three_levels"
# What the centre has to have for what the ledger leaves to it; none of them may fall out of the ledger again.
MUST = {
    "event:data.context.reporter",
    "event:data.context.ticket_hint.suggested_role",
    "event:data.context.work.risk",
    "event:data.context.work.team",
    "event:data.shift",
    "event:data.context.colour",
    "event:data.context.clause",
    "event:data.context.ticket_hint.cause_direct",
    "event:data.context.ticket_hint.cause_indirect",
    "event:data.context.repeats",
    "event:data.context.air.wind_mps",
    "event:data.context.air.wind_from_deg",
    "event:data.context.air.humidity_pct",
    "event:data.context.entity",
    "event:data.context.dimension",
    "event:data.context.place.lat",
    "event:data.context.place.x_m",
    "permit:approvals.substitute",
    "permit:template_version",
    "permit:risk_version",
    "permit:gas_interval_s",
    "dn-person:body.certificates.scopes",
    "dn-person:body.training_ok_until_utc",
    "dn-device:body.calibration_due_utc",
}


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Every member in a message, by its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{before}{key}"
            yield from paths(inner, f"{before}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, before)


@cache
def occurring() -> frozenset[str]:
    """Every member of every captured message, as MESSAGE:PATH."""
    found: set[str] = set()
    captured = [json.loads(line) for line in (DOCS / "examples" / "job.jsonl").read_text().splitlines()]
    more = [{"topic": topic, "payload": payload} for topic, payload in sent(MORE)]
    for one in (*captured, *more):
        found.update(f"{one['topic'].split('/')[4]}:{path}" for path in paths(one["payload"]))
    for folder, prefix in (("messages", ""), ("down", "dn-")):
        for file in (DOCS / "examples" / folder).glob("*.json"):
            found.update(f"{prefix}{file.stem}:{path}" for path in paths(json.loads(file.read_text())))
    for file in (DOCS / "examples" / "events").glob("*.json"):
        found.update(f"event:{path}" for path in paths(json.loads(file.read_text())))
    return frozenset(found)


@pytest.mark.parametrize("row", ROWS, ids=[row["row"] for row in ROWS])
def test_each_field_occurs_in_a_message_as_it_is_sent(row: dict[str, str]) -> None:
    missing = set(row["field"].split()) - occurring()
    assert not missing, f"{row['row']}: {missing} in no captured message"


@pytest.mark.parametrize("row", ROWS, ids=[row["row"] for row in ROWS])
def test_each_field_is_of_a_message_that_the_row_names(row: dict[str, str]) -> None:
    topics = {one.name: f"{one.way.value}/{one.leaf.split('/', maxsplit=1)[0]}" for one in MESSAGES}
    named = {"/".join(message.split("/")[:2]) for message in row["message"].split()}
    assert {topics[field.partition(":")[0]] for field in row["field"].split()} <= named


def test_what_a_centre_must_have_is_promised_by_some_row() -> None:
    promised = {field for row in ROWS for field in row["field"].split()}
    assert promised >= MUST, f"no row names {MUST - promised}"


def test_a_row_whose_messages_are_all_sent_says_which_of_their_fields_it_needs() -> None:
    there = {f"{one.way.value}/{one.leaf.split('/', maxsplit=1)[0]}" for one in MESSAGES}
    marks = {row: mark for row, mark, _ in asked_for()}
    silent = [
        row["row"]
        for row in ledger()
        if marks[row["row"]] == "CENTRAL"
        and row["message"]
        and not row["field"]
        and {"/".join(one.split("/")[:2]) for one in row["message"].split()} <= there
    ]
    assert not silent


def test_every_message_up_is_needed_by_some_row() -> None:
    up = {f"up/{one.leaf.split('/', maxsplit=1)[0]}" for one in MESSAGES if one.way is Way.UP}
    needed = {"/".join(message.split("/")[:2]) for row in ledger() for message in row["message"].split()}
    assert up <= needed
