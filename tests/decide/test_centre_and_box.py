"""One person's record, kept by the centre and by the box: what each says of him, and what neither takes away."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.domain.person import Person, PersonChange, Role
from edge_agent.domain.request import Ask
from tests.support.story import T0_UTC, Story, scenario_site

ADMIN = Person(id="boss", name="管理员", roles=(Role.ADMIN,), pin_hash="$boss")
SITE = scenario_site()
SITE = replace(SITE, persons=(*SITE.persons, ADMIN))
SENT = replace(
    next(one for one in SITE.persons if one.id == "li-na"), pin_hash=None, badge_hash=None, badge_hint=None
)


def begun() -> Story:
    told = Story(SITE)
    told.step()
    return told


def on_the_box(told: Story, **record: Any) -> None:
    """An administrator changes her record."""
    told.ask(Ask.PERSON, "boss", permit="", record=PersonChange(id="li-na", **record))
    told.step()
    assert told.decisions[-1].answers[0].accepted


def by_the_centre(told: Story, **record: Any) -> Event:
    """Her record arrives, as the centre has it; the event that tells of it."""
    told.bring(replace(SENT, **record))
    told.step()
    return next(event for event in told.decisions[-1].events if event.type.startswith("person."))


def li_na(told: Story) -> Person:
    return told.decisions[-1].state.persons["li-na"]


def test_a_pin_and_a_badge_given_on_the_box_outlive_a_record_without_any() -> None:
    told = begun()
    on_the_box(told, pin_hash="$pin", badge_hash="$badge", badge_hint="abc")
    event = by_the_centre(told, training_ok_until_utc=T0_UTC + 5)
    kept = li_na(told)
    assert (kept.pin_hash, kept.badge_hash, kept.badge_hint) == ("$pin", "$badge", "abc")
    assert kept.training_ok_until_utc == T0_UTC + 5, "all else is the centre's"
    assert event.data["kept_here"] == ["pin_hash", "badge_hash"]
    assert "$" not in repr(event.data)


def test_a_pin_or_a_badge_of_the_centres_own_counts_from_now_on() -> None:
    told = begun()
    on_the_box(told, pin_hash="$pin", badge_hash="$badge", badge_hint="abc")
    assert by_the_centre(told, pin_hash="$new").data["kept_here"] == ["badge_hash"]
    assert (li_na(told).pin_hash, li_na(told).badge_hint) == ("$new", "abc")
    assert by_the_centre(told, badge_hash="$other").data["kept_here"] == ["pin_hash"]
    assert (li_na(told).pin_hash, li_na(told).badge_hash, li_na(told).badge_hint) == ("$new", "$other", None)


def test_whom_the_box_has_barred_no_message_lets_in() -> None:
    told = begun()
    on_the_box(told, denied="medical")
    event = by_the_centre(told, pin_hash="$p", badge_hash="$b")
    assert (event.data["denied"], event.data["kept_here"]) == ("medical", ["denied"])
    assert by_the_centre(told, denied="no training").data["denied"] == "no training"
    assert by_the_centre(told).data["denied"] == "medical", "the centre takes back its own word alone"
    on_the_box(told, denied="")
    assert (li_na(told).denied, li_na(told).denied_here) == (None, None)
    assert by_the_centre(told).data["denied"] is None


def test_whom_the_centre_bars_is_barred_and_let_in_by_its_next_record() -> None:
    told = begun()
    assert by_the_centre(told, denied="no training").data["denied"] == "no training"
    assert li_na(told).denied == "no training"
    assert by_the_centre(told).data["denied"] is None
    assert li_na(told).denied is None


def test_a_record_past_its_deadline_takes_away_and_gives_nothing() -> None:
    told = begun()
    on_the_box(told, pin_hash="$pin", denied="medical")
    event = by_the_centre(told, pin_hash="$late", valid_until_utc=T0_UTC - 5)
    assert event.type == "person.refused"
    assert (li_na(told).pin_hash, li_na(told).denied, li_na(told).denied_here) == ("$pin", "medical", "medical")


def test_who_is_new_is_as_the_centre_says() -> None:
    told = begun()
    told.bring(replace(SENT, id="new-1", pin_hash="$new", denied="not yet"))
    told.step()
    new = told.decisions[-1].state.persons["new-1"]
    assert (new.pin_hash, new.denied, new.denied_here) == ("$new", "not yet", None)


def test_the_administrator_of_a_box_stays_one_when_the_centre_sends_his_record() -> None:
    """Without his PIN nobody would administer the box any more, and whoever stands before it could claim it."""
    told = begun()
    told.bring(replace(ADMIN, pin_hash=None))
    told.step()
    assert told.decisions[-1].state.persons["boss"].administers
