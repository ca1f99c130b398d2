"""What stops the work, who may let it go on, and what a safety officer may let be for a while."""

from edge_agent.domain.observation import Quality, View
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import HOT, Story, ticket

WORN_OFF = "guard_tag_off"
LENS = "camera_required_not_monitored"


def _strap_breaks(told: Story) -> None:
    told.field.guard["worn"] = False
    told.run(6)


def _strap_is_mended(told: Story) -> None:
    told.field.guard["worn"] = True
    told.run(5)


@story
def the_third_stop_by_people_in_a_shift_needs_the_safety_officer(site: Settings) -> Story:
    told = working(site)
    for _ in range(2):
        _strap_breaks(told)
        _strap_is_mended(told)
        told.resume()
        told.run(2)
    _strap_breaks(told)
    _strap_is_mended(told)
    told.run(10)  # it chatters by now, so it must stay away for longer
    told.resume()
    told.run(2)  # holder and guard are no longer enough
    told.ask(Ask.RESUME, "zhao-min")
    told.run(2)
    return told


@story
def stops_by_devices_and_by_hand_count_against_nobody(site: Settings) -> Story:
    told = working(site)
    for _ in range(2):
        told.field.view = View.DARK
        told.run(6)
        told.field.view = View.CLEAR
        told.run(5)
        told.resume()
        told.ask(Ask.STOP, "wu-gang", reason="a cable lies in the way")
        told.run(5)
        told.resume()
    _strap_breaks(told)
    _strap_is_mended(told)
    told.resume()
    told.run(2)
    return told


@story
def a_safety_officer_overrides_one_rule_for_a_while(site: Settings) -> Story:
    """The strap is broken and a new one is on its way: seen by all, paused again when the time is up."""
    told = working(site, **HOT)
    _strap_breaks(told)
    told.ask(Ask.OVERRIDE, "zhao-min", rule=WORN_OFF, for_s=30, reason="strap broken, guard stands beside me")
    told.run(3)
    _strap_is_mended(told)  # for the check-in; then it breaks again
    told.resume()
    _strap_breaks(told)
    told.run(15)  # work goes on, with an amber light, until the time is up
    told.run(2)
    return told


@story
def an_override_is_taken_back(site: Settings) -> Story:
    told = working(site, video_required=True)
    told.field.view = View.DARK
    told.run(6)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=600, reason="lens is wet")
    told.run(5)
    told.resume()
    told.run(3)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=60, reason="a little longer")
    told.ask(Ask.OVERRIDE, "li-na", rule="camera_required_not_monitored", for_s=0)
    told.run(3)
    told.ask(Ask.OVERRIDE, "li-na", rule="camera_required_not_monitored", for_s=0)  # it is over already
    told.step()
    return told


@story
def an_override_ends_with_its_permit(site: Settings) -> Story:
    told = working(site)
    told.field.view = View.DARK
    told.run(6)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=600, reason="lens is wet")
    told.step()
    told.ask(Ask.REVOKE, "zhao-min", reason="enough")
    told.run(3)
    return told


@story
def overrides_that_are_refused(site: Settings) -> Story:
    told = Story(site)
    told.begin_work()
    told.run(2)
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=60, reason="just in case")  # nothing is found
    told.step()
    told.field.view = View.DARK
    told.step()
    told.ask(Ask.OVERRIDE, "wang-lei", rule=LENS, for_s=60, reason="I am in a hurry")  # the holder himself
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=1801, reason="lens is wet")  # too long
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, reason="lens is wet")  # for how long?
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=60, reason=" ")  # why?
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=60, reason="from afar", proof=Proof.SIGNED)
    told.step()
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=600, reason="lens is wet")
    _strap_breaks(told)
    told.field.gas["gas-o2"] = {"level": None, "quality": Quality.FAULT}
    told.field.gas["gas-ch4"] = {"level": 15.0}
    told.field.worker["sos"] = True
    told.run(7)
    told.ask(Ask.OVERRIDE, "zhao-min", rule=WORN_OFF, for_s=60, reason="a second one")
    told.ask(Ask.OVERRIDE, "zhao-min", rule=LENS, for_s=0)
    told.step()
    # Never, whoever asks; nor the guard's own device while people are in a confined space.
    for rule in ("gas_dangerous", "sos", "gas_not_good", WORN_OFF):
        told.ask(Ask.OVERRIDE, "zhao-min", rule=rule, for_s=60, reason="it is nothing")
    told.step()
    return told


@story
def an_override_before_the_work_began_is_refused(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.field.view = View.DARK
    told.run(6)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=60, reason="start anyway")
    told.step()
    return told


@story
def a_close_that_was_signed_agrees_to_no_resume(site: Settings) -> Story:
    """The holder wants it closed; the guard's signature alone begins nothing, and neither does it close."""
    told = working(site, goes_in=())
    told.ask(Ask.STOP, "wu-gang", reason="enough for today")
    told.run(site.rulebook.resume.clean_s.value + 2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    told.ask(Ask.RESUME, "li-na")
    told.step()
    told.ask(Ask.RESUME, "wang-lei")  # now he does agree to it
    told.run(2)
    return told


@story
def a_resume_that_was_signed_agrees_to_no_close(site: Settings) -> Story:
    """The other way round: the holder agrees to go on, and the area owner alone closes nothing."""
    told = working(site, goes_in=())
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    told.ask(Ask.STOP, "wu-gang", reason="a cable lies in the way")
    told.run(site.rulebook.resume.clean_s.value + 2)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(2)
    return told
