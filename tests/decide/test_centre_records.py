"""Copies of the centre's: kept with version and age, doubtful ones told as such, none of them permits anything."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.agent.context import context_of
from edge_agent.decide.asking.answer import NO_DRILLS
from edge_agent.decide.guides import guides, with_the_centres
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import (
    MOST,
    UNVERIFIED_S,
    Advice,
    Body,
    CentreRecord,
    ContactPerson,
    Contacts,
    GuideCard,
    Taxonomy,
    TaxonomyCode,
    TicketStatus,
    record_of,
    unverified,
    with_record,
)
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.delivery import CentreOrder, OrderDelivery, RecordDelivery
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.noted import ModelSettled, NoticeTold, UpdateSettled
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_upload import FetchTable
from edge_agent.tell import health, measured
from tests.support.story import T0_UTC, Story, scenario_site

DAY_S = 86400.0


@pytest.fixture
def told() -> Story:
    story = Story(scenario_site())
    story.begin_work()
    return story


def arrives(told: Story, body: Body, version: int = 1) -> Event:
    told.file(RecordDelivery(id=f"m-{version}", at_s=told.now_s, record=record_of(body, version, told.utc)))
    told.step()
    (event,) = [event for event in told.decisions[-1].events if event.type.startswith("record.")]
    (answer,) = told.decisions[-1].answers
    assert answer.accepted is (event.type == "record.updated")
    return event


def contacts(*people: ContactPerson, until_utc: float = T0_UTC + DAY_S) -> Contacts:
    return Contacts(id="contacts", people=people, valid_until_utc=until_utc)


def somebody(**changes: Any) -> ContactPerson:
    return ContactPerson(
        **{"name": "赵敏", "role": "manager", "phone": "13800000001", "verified_utc": T0_UTC - DAY_S, **changes}
    )


@pytest.mark.parametrize(
    ("changes", "doubtful"),
    [
        ({}, False),
        ({"verified_utc": None}, True),
        ({"verified_utc": T0_UTC - UNVERIFIED_S - 1}, True),
        ({"verified_utc": T0_UTC - UNVERIFIED_S + 1}, False),
        ({"verified_utc": T0_UTC + DAY_S}, True),  # nobody reached him tomorrow
        ({"phone": ""}, True),
        ({"phone": "", "second": "139-0000 0001"}, False),
        ({"phone": "", "second": "wecom:zhao"}, True),  # of a list that an older program took
    ],
)
def test_whom_nobody_has_reached_lately_is_unverified(changes: dict[str, Any], *, doubtful: bool) -> None:
    assert bool(list(unverified(contacts(somebody(**changes)), T0_UTC))) is doubtful


def test_contacts_are_told_with_those_who_are_unverified_and_show_their_age(told: Story) -> None:
    event = arrives(told, contacts(somebody(), somebody(name="冯涛", verified_utc=None)))
    assert "1 unverified: 冯涛" in event.data["words"]["en"]
    state = told.decisions[-1].state
    world = measured.world_of(told.settings, state, told.instant)
    voice = measured.Voice(site="s", unit="u", boot="b", demo=False)
    facts = msgspec.json.decode(health.health(told.settings, state, world, voice, "1").payload)["facts"]
    copy = facts["copies"]["contacts"]
    assert (copy["version"], copy["counts"], copy["unverified"]) == (1, True, ["冯涛"])
    assert copy["received"].startswith("2026-")


def test_one_that_had_run_out_before_it_came_is_refused_and_changes_nothing(told: Story) -> None:
    arrives(told, contacts(somebody()))
    event = arrives(told, contacts(until_utc=told.utc - 1), version=2)
    assert event.type == "record.refused"
    assert told.decisions[-1].state.centre["contacts"].version == 1


def context(told: Story) -> dict[str, Any]:
    event = Event(
        seq=1,
        type="alarm.raised",
        subject="P-1",
        at_s=told.now_s,
        at_utc=told.utc,
        priority=Priority.HIGH,
        data={"code": "GAS-01", "rule": "gas_dangerous"},
    )
    return context_of(event, told.decisions[-1].state, told.settings, told.instant)


def test_the_centres_codes_are_told_until_they_run_out(told: Story) -> None:
    assert context(told)["taxonomy"] == "GAS-01"
    codes = {"GAS-01": TaxonomyCode(code="3.2.1", words=Words("气体", "gas"))}
    arrives(told, Taxonomy(id="taxonomy", name="HT-2", codes=codes, valid_until_utc=told.utc + 60))
    assert (context(told)["taxonomy"], context(told)["taxonomy_version"]) == ("3.2.1", "HT-2")
    told.run(70)
    assert context(told)["taxonomy"] == "GAS-01"
    assert "taxonomy_version" not in context(told)


def test_the_centres_card_stands_beside_the_units_own() -> None:
    own = guides()
    card = GuideCard(id="GAS-01", name="ER-7", action=Words("走", "go"), card={"guard": Words("数", "count")})
    unknown = GuideCard(id="XYZ-99", name="ER-7", action=Words("走", "go"))
    after = with_the_centres(own, (card, unknown))
    assert after["GAS-01"].action.en == "go"
    assert after["GAS-01"].card["guard"].en == "count"
    assert after["GAS-01"].card.keys() >= own["GAS-01"].card.keys()
    assert after["GAS-01"].edition == "ER-7"
    assert after.keys() == own.keys()


def test_where_a_ticket_stands_and_what_the_centre_advises_is_said_to_people(told: Story) -> None:
    said = arrives(told, TicketStatus(id="R-7", event=5, status="overdue", deadline_utc=told.utc))
    assert said.data["words"]["zh"] == "整改工单 R-7（第 5 条事件）：已超期"
    assert (said.data["status"], said.data["event"]) == ("overdue", 5)
    advice = arrives(told, Advice(id="A-1", event=5, words=Words("通风", "ventilate")), version=2)
    assert advice.data["words"]["en"] == "ventilate"
    assert told.state is State.ACTIVE, "none of it stops or permits anything"


def test_copies_outlive_a_restart(told: Story) -> None:
    arrives(told, TicketStatus(id="R-7", event=5, status="open"))
    state = told.decisions[-1].state
    kept = msgspec.json.decode(msgspec.json.encode(state.centre["ticket/R-7"]), type=CentreRecord)
    assert kept == state.centre["ticket/R-7"]
    assert (kept.kind, kept.body.id) == ("ticket", "R-7")


@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1e9)), max_size=300))
def test_no_kind_takes_the_disk_and_the_newest_stay(arrivals: list[tuple[int, float]]) -> None:
    known: dict[str, CentreRecord] = {"contacts": record_of(contacts(somebody()), 1, 0.0)}
    for number, at_utc in arrivals:
        known = with_record(known, record_of(Advice(id=f"A-{number}", event=1, words=Words("", "")), 1, at_utc))
    advice = [one for one in known.values() if one.kind == "advice"]
    assert len(advice) <= MOST["advice"]
    assert "contacts" in known


def test_of_a_kind_that_has_too_many_the_oldest_goes_and_nothing_of_another_kind() -> None:
    known: dict[str, CentreRecord] = {"contacts": record_of(contacts(somebody()), 1, 0.0)}
    for number in range(MOST["advice"] + 1):
        advice = Advice(id=f"A-{number}", event=1, words=Words("", ""))
        known = with_record(known, record_of(advice, 1, 1000.0 - number))
    last = MOST["advice"]
    assert f"advice/A-{last}" not in known, "it came last and is the oldest"
    assert known.keys() == {"contacts", *(f"advice/A-{number}" for number in range(last))}


def with_drills(settings: Settings) -> Settings:
    """Of a site that lets the centre play a drill."""
    downlink = replace(settings.site.downlink, drills=True)
    return replace(settings, site=replace(settings.site, downlink=downlink))


def drill_order(**changes: Any) -> CentreOrder:
    step = DrillStep(after_s=1.0, kind="gas", source="gas-ch4", level=30.0, unit="%LEL")
    played = Drill(name="gas", steps=(step,), longest_s=60.0)
    asked = {"by": "zhao-min", "role": Role.SAFETY_OFFICER, "permit": "P-1", "drill": played, **changes}
    return CentreOrder(id="D-1", do="drill", **asked)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"by": "zhou-qiang"}, "only a safety officer"),
        ({"drill": None}, "nothing to play"),
        ({"by": "nobody"}, "only a safety officer"),
    ],
)
def test_the_centre_orders_a_drill_for_somebody_who_may_begin_one(changes: dict[str, Any], why: str) -> None:
    told = Story(with_drills(scenario_site()))
    told.begin_work()
    told.file(OrderDelivery(id="m-1", at_s=told.now_s, order=drill_order(**changes)))
    told.step()
    events = {event.type: event for event in told.decisions[-1].events}
    answered = events["order.answered"].data
    assert answered["accepted"] is (not why)
    assert ("drill.began" in events) is (not why)
    assert why in " ".join(reason["en"] for reason in answered["reasons"])


def test_where_the_site_does_not_allow_it_nobody_plays_a_drill_from_afar(told: Story) -> None:
    told.file(OrderDelivery(id="m-1", at_s=told.now_s, order=drill_order()))
    told.step()
    (answered,) = (event for event in told.decisions[-1].events if event.type == "order.answered")
    assert [one["en"] for one in answered.data["reasons"]] == [NO_DRILLS.en]
    assert not [event for event in told.decisions[-1].events if event.type == "drill.began"]


def offer(*cameras: str) -> ModelOffer:
    return ModelOffer(id="model", name="third", sha256="5f" * 32, size=1000, cameras=cameras)


def settled(told: Story, version: int, *reasons: Words) -> Event:
    told.file(
        ModelSettled(id="s", at_s=told.now_s, version=version, name="third", sha256="5f" * 32, reasons=reasons)
    )
    told.step()
    (event,) = [event for event in told.decisions[-1].events if event.type == "model.settled"]
    return event


def test_a_model_for_a_camera_that_is_not_there_is_refused(told: Story) -> None:
    event = arrives(told, offer("cam-1", "cam-77"))
    assert [one["en"] for one in event.data["reasons"]] == ["there is no camera cam-77"]
    assert "model" not in told.decisions[-1].state.centre


@pytest.mark.parametrize(
    ("url", "fetch", "why"),
    [
        ("https://models.example/m.zip", None, "fetches nothing from models.example"),
        ("https://models.example:8443/m.zip", FetchTable(hosts=("models.example",)), "from models.example:8443"),
        ("http://models.example/m.zip", FetchTable(hosts=("models.example",)), "plain http is not used"),
        ("https://models.example/m.zip", FetchTable(hosts=("models.example",)), ""),
    ],
)
def test_a_model_is_fetched_only_from_where_the_site_allows(url: str, fetch: FetchTable | None, why: str) -> None:
    site = scenario_site()
    told = Story(replace(site, site=replace(site.site, fetch=fetch)))
    told.step()
    event = arrives(told, replace(offer("cam-1"), url=url))
    reasons = [one["en"] for one in event.data.get("reasons", ())]
    assert (event.type == "record.updated") is (not why)
    assert why in " ".join(reasons)


def order(**more: Any) -> UpdateOrder:
    return UpdateOrder(id="update", release="0.4.0", sha256="6e" * 32, **more)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, []),
        ({"url": "https://models.example/b", "size": 9}, []),
        ({"url": "https://models.example/b"}, ["with a url goes its size, in bytes"]),
        (
            {"url": "https://elsewhere.example/b", "size": 9},
            ["this site fetches nothing from elsewhere.example (site.toml: [fetch] hosts)"],
        ),
    ],
    ids=["put there by somebody", "fetched", "of no size", "from elsewhere"],
)
def test_an_ordered_version_is_fetched_whole_and_from_where_the_site_allows(
    more: dict[str, Any], why: list[str]
) -> None:
    site = scenario_site()
    told = Story(replace(site, site=replace(site.site, fetch=FetchTable(hosts=("models.example",)))))
    told.step()
    event = arrives(told, order(**more))
    assert [one["en"] for one in event.data.get("reasons", ())] == why
    assert ("update" in told.decisions[-1].state.centre) is not bool(why)


def tried_out(told: Story, version: int, *reasons: Words) -> Event:
    item = UpdateSettled(
        id="u", at_s=told.now_s, version=version, release="0.4.0", sha256="6e" * 32, wave=0,
        passed=not reasons, reasons=reasons,
    )  # fmt: skip
    told.file(item)
    told.step()
    (event,) = [event for event in told.decisions[-1].events if event.type == "update.settled"]
    return event


def test_only_what_came_of_the_newest_order_counts_and_a_version_that_was_not_kept_says_why(told: Story) -> None:
    """As with a model: an older order's end stays on record and says nothing of the newest."""
    assert tried_out(told, 1).data["words"]["en"] == "version 0.4.0 runs now"
    assert "update" not in told.decisions[-1].state.centre
    arrives(told, order(), version=2)
    assert tried_out(told, 1).priority is Priority.MEDIUM
    assert told.decisions[-1].state.centre["update"].live is None
    event = tried_out(told, 2, Words("自检未通过", "its own test has failed"))
    assert event.priority is Priority.HIGH
    assert event.data["words"]["en"].startswith("version 0.4.0 was not kept")
    assert "its own test has failed" in event.data["words"]["en"]
    assert told.decisions[-1].state.centre["update"].live is False
    tried_out(told, 2)
    assert told.decisions[-1].state.centre["update"].live is True


def test_an_offered_model_is_told_as_live_or_refused_and_only_the_newest_offer_counts(told: Story) -> None:
    assert "judged once its file is here" in arrives(told, offer("cam-1")).data["words"]["en"]
    assert told.decisions[-1].state.centre["model"].live is None
    arrives(told, offer("cam-1"), version=2)
    assert settled(told, 1).data["live"], "it is on record all the same"
    assert told.decisions[-1].state.centre["model"].live is None
    event = settled(told, 2, Words("落后", "it sees less"))
    assert not event.data["live"]
    assert "it sees less" in event.data["words"]["en"]
    assert told.decisions[-1].state.centre["model"].live is False
    assert settled(told, 2).data["live"]
    voice = measured.Voice(site="s", unit="u", boot="b", demo=True)
    state = told.decisions[-1].state
    world = measured.world_of(told.settings, state, told.instant)
    payload = msgspec.json.decode(health.health(told.settings, state, world, voice, "0").payload)
    assert payload["facts"]["copies"]["model"]["live"] is True
    assert payload["facts"]["may_update"] is False, "work is under way"


def test_a_model_that_was_judged_after_its_offer_went_changes_nothing_else(told: Story) -> None:
    assert settled(told, 9).data["version"] == 9
    assert "model" not in told.decisions[-1].state.centre


@pytest.mark.parametrize(("state", "priority"), [("sent", Priority.LOW), ("unanswered", Priority.HIGH)])
def test_what_became_of_a_short_message_is_on_record(told: Story, state: str, priority: Priority) -> None:
    notice = NoticeTold(id="n", at_s=told.now_s, about=7, name="Feng", number="…0002", verified=False, state=state)
    told.file(notice)
    told.step()
    (event,) = [event for event in told.decisions[-1].events if event.type == "notice.told"]
    assert event.priority is priority
    assert "Feng" in event.data["words"]["en"]
    assert event.data["words"]["en"].endswith("the number is unverified")
