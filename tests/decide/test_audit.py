"""What the ticket's self-audit faults, one thing at a time, and nothing in a ticket that is in order."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide import audit
from edge_agent.domain.permit import Confirmed, Inside, Permit, Retest, Signature, State
from edge_agent.domain.ticket import Approval, Measure, MeasureKind, Ticket
from edge_agent.domain.words import Words
from tests.support.story import GOOD_AIR, T0_S, T0_UTC, scenario_site, ticket

BOOK = scenario_site().rulebook
CLEARED = Measure(id="cleared", kind=MeasureKind.MANUAL, words=Words("已清理", "cleared"))
COMPLETE = {
    "content": Words("清罐", "Cleaning"),
    "risk": "H2S",
    "team": "team 3",
    "measures": (CLEARED,),
    "video_required": False,
}


def complete(**changes: Any) -> Ticket:
    return ticket(**COMPLETE | changes)


def permit(about: Ticket, **changes: Any) -> Permit:
    """Everything in order: sampled, confirmed, begun, and accepted by holder and area owner."""
    air = tuple(replace(sample, at_utc=T0_UTC - 1790) for sample in GOOD_AIR)
    base = Permit(
        ticket=about,
        state=State.ACTIVE,
        since_s=T0_S,
        since_utc=T0_UTC,
        end_at_s=T0_S + 3600,
        started_utc=T0_UTC,
        retest=Retest(tester="sun-yan", at_s=T0_S, at_utc=T0_UTC, samples=air, passed=True),
        confirmed=(Confirmed(measure="cleared", person="li-na", at_s=T0_S, at_utc=T0_UTC),),
        signatures=tuple(
            Signature(person=who, capacity=as_, at_s=T0_S, at_utc=T0_UTC)
            for who, as_ in (("wang-lei", "holder"), ("feng-tao", "area_owner"))
        ),
    )
    return replace(base, **changes)


def both(audited: Permit, *others: Permit, later_s: float = 0.0) -> tuple[list[str], list[str]]:
    """What is faulted at the start and at the close."""
    permits = {one.ticket.id: one for one in (audited, *others)}
    begun = audit.at_start(audited, permits, BOOK, T0_S + later_s)
    return [words.en for words in begun], [words.en for words in audit.at_close(audited, permits, BOOK)]


def test_nothing_is_faulted_that_is_in_order() -> None:
    assert both(permit(complete())) == ([], [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"content": None}, "the content of the work is not written down"),
        ({"content": Words(" ", "")}, "the content of the work is not written down"),
        ({"risk": " "}, "the risks found are not written down"),
        ({"team": ""}, "who does the work (team or contractor) is not written down"),
        ({"measures": ()}, "no protective measures are listed"),
        ({"approvals": ()}, "nobody has signed it"),
    ],
)
def test_an_empty_field_is_faulted_twice(changes: dict[str, Any], words: str) -> None:
    assert both(permit(complete(**changes))) == ([words], [words])


def test_samples_are_passed_and_fresh_at_the_start() -> None:
    retest = permit(complete()).retest
    assert retest is not None
    assert both(permit(complete()), later_s=10)[0] == []
    assert both(permit(complete()), later_s=11)[0] == ["sampled too long before the start"]
    for missing in (None, replace(retest, passed=False)):
        assert both(permit(complete(), retest=missing))[0] == ["no samples passed before the start"]
    unsampled = complete(type="height", level="2")
    assert both(permit(unsampled, retest=None))[0] == []


def test_times_are_in_order() -> None:
    late = Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC + 1)
    assert both(permit(complete(approvals=(late,))))[1] == ["feng-tao signed after the start"]
    assert both(permit(complete(valid_from_utc=T0_UTC)))[1] == []
    assert both(permit(complete(valid_from_utc=T0_UTC + 1)))[1] == ["the work began before the ticket's time"]
    assert both(permit(complete(), started_utc=None))[1] == ["when the work began is not on record"]


def test_a_manual_measure_has_a_name_beside_it() -> None:
    words = "nobody is named who confirmed the measure cleared"
    assert both(permit(complete(), confirmed=())) == ([words], [words])
    watched = replace(CLEARED, kind=MeasureKind.IOT, source="gas-o2")
    assert both(permit(complete(measures=(watched,)), confirmed=())) == ([], [])


def test_acceptance_counts_signatures_people_and_tools() -> None:
    inside = Inside(person="wu-gang", since_s=T0_S, since_utc=T0_UTC, heard_s=T0_S)
    left = permit(complete(), signatures=(), inside=(inside,), tools_inside=2)
    assert both(left)[1] == [
        "not accepted by holder",
        "not accepted by area_owner",
        "1 people are not counted out",
        "2 tools are not counted out",
    ]


def test_cross_work_is_named_in_both_tickets_and_coordinated() -> None:
    other = permit(complete(id="P-2"))
    shares = "it shares its area with P-2 and names no coordinator"
    assert both(permit(complete()), other) == ([shares], [shares])
    assert both(permit(complete(coordinator="qian-wei")), other) == ([], [])
    assert both(permit(complete()), permit(complete(id="P-2", area="yard"))) == ([], [])
    assert both(permit(complete()), replace(other, state=State.CLOSED)) == ([], [])
    one_way = "ticket P-2 does not name this one in turn"
    assert both(permit(complete(linked=("P-2",))), other) == ([one_way], [one_way])
    assert both(permit(complete(linked=("P-2",))), permit(complete(id="P-2", linked=("P-1",)))) == ([], [])
    unknown = "the linked ticket P-7 is not known here"
    assert both(permit(complete(linked=("P-7",)))) == ([unknown], [unknown])
