"""Putting right: born of a pause or a report, one role higher when nobody answers, closed by a second person."""

from edge_agent.domain.centre_record import TicketStatus, record_of
from edge_agent.domain.delivery import RecordDelivery
from edge_agent.domain.rectification import Photo
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import Story

PICTURE = Photo(sha256="0f" * 32, size=41_000, by="", at_utc=0.0)


def reported(site: Settings) -> Story:
    """Somebody reports a leak; nobody works."""
    told = Story(site)
    told.run(2)
    told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="leak", area="tank-inside"))
    told.step()
    return told


def waits(told: Story, wait_s: float) -> None:
    """Nothing happens for so long; then three steps, one second each."""
    told.now_s += wait_s
    told.utc += wait_s
    told.run(3)


def born(told: Story) -> str:
    return next(iter(told.decisions[-1].state.rectifications))


@story
def a_leak_is_put_right_by_one_and_looked_at_by_another(site: Settings) -> Story:
    told = reported(site)
    one = born(told)
    told.ask(Ask.RECTIFY, "feng-tao", about=(one, "before"), photo=PICTURE)
    told.step()
    told.ask(Ask.RECTIFY, "feng-tao", about=(one, "done"))  # without a picture, and no reason
    told.step()
    told.ask(Ask.RECTIFY, "feng-tao", about=(one, "after"), photo=PICTURE)
    told.step()
    told.ask(Ask.RECTIFY, "feng-tao", about=(one, "done"))
    told.step()
    told.ask(Ask.VERIFY, "feng-tao", about=(one, "yes"))  # whoever did it
    told.step()
    told.ask(Ask.VERIFY, "zhao-min", about=(one, "no"), reason="滴漏未止 still drips")
    told.step()
    told.ask(Ask.RECTIFY, "feng-tao", about=(one, "done"), reason="防爆区禁用手机 no phones there")
    told.step()
    told.ask(Ask.VERIFY, "zhao-min", about=(one, "yes"))
    told.step()
    return told


@story
def a_leak_that_nobody_takes_on_goes_up_a_role_after_two_hours(site: Settings) -> Story:
    told = reported(site)
    waits(told, site.rulebook.rectify.respond_s.value - 2)
    return told


@story
def a_leak_that_is_taken_on_and_late_goes_up_a_role(site: Settings) -> Story:
    told = reported(site)
    told.ask(Ask.RECTIFY, "feng-tao", about=(born(told), "take"))
    told.step()
    limits = site.rulebook.rectify
    waits(told, limits.close_s.value + limits.overdue_s.value - 3)
    return told


@story
def the_centre_leads_what_it_has_a_ticket_for(site: Settings) -> Story:
    told = reported(site)
    event = next(iter(told.decisions[-1].state.rectifications.values())).event
    for version, status in enumerate(("accepted", "done", "verified"), start=1):
        ticket = TicketStatus(id="Z-7", event=event, status=status, owner="维修班", deadline_utc=told.utc + 3600)
        record = record_of(ticket, version, told.utc)
        told.file(RecordDelivery(id=f"z-{version}", at_s=told.now_s, record=record))
        told.step()
    return told


@story
def a_pause_is_judged_afterwards(site: Settings) -> Story:
    """By a safety officer; a guard may not, a false one needs a reason, and what has not happened is none."""
    told = working(site)
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(3)
    paused = next(e.seq for decision in told.decisions for e in decision.events if e.type == "permit.paused")
    for person, seq, verdict, reason in (
        ("li-na", paused, "right", ""),
        ("zhao-min", paused, "false", ""),
        ("zhao-min", 9999, "right", ""),
        ("zhao-min", paused, "maybe", ""),
        ("zhao-min", paused, "false", "标定气 calibration gas"),
        ("zhao-min", paused, "right", ""),
    ):
        told.ask(Ask.JUDGE, person, about=(str(seq), verdict), reason=reason)
        told.step()
    return told
