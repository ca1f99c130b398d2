"""The spine: one job in every state, and each part of the field that fails."""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import ChainBreak, Kept
from edge_agent.domain.noted import Rejected
from edge_agent.domain.observation import Contact, Observation, Quality, View
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Permit, Sample, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Point
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import DEVICES, GOOD_AIR, HOT, T0_S, T0_UTC, Story, scenario_site, ticket

SENSOR_FAULT = Words("传感器故障（状态 03）", "sensor fault (status 03)")
REFUSED = Words("连接被拒绝", "connection refused")

NIGHT = "2026-11-18/night"  # the shift in which the stories happen


@story
def a_quiet_job(site: Settings) -> Story:
    told = working(site)
    told.run(10)
    told.comes_out()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.run(3)
    return told


@story
def start_refused_while_a_detector_warms_up(site: Settings) -> Story:
    told = Story(site)
    told.field.gas["gas-co"] = {"level": None, "quality": Quality.WARMUP}
    told.bring(ticket())
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.run(2)
    told.field.gas["gas-co"] = {"level": 1.0}
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "li-na")
    told.run(2)
    return told


@story
def gas_over_its_limit(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(2)
    told.comes_out()
    told.run(2)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.field.gas["gas-ch4"] = {"level": 0.0}
    told.run(8)
    told.ask(Ask.RESUME, "wang-lei")  # no re-test yet
    told.step()
    told.ask(Ask.RETEST, "wang-lei", samples=GOOD_AIR)  # not a tester
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR[:2])  # two gases missing
    told.step()
    told.ask(
        Ask.RETEST, "sun-yan", samples=(*GOOD_AIR[:11], Sample(gas="co", level=40.0, unit="ppm", place="lower"))
    )
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(4)
    told.ask(Ask.RESUME, "zhou-qiang")  # a worker cannot
    told.step()
    told.ask(Ask.RESUME, "zhao-min")
    told.step()
    told.ask(Ask.RESUME, "zhao-min")  # not twice
    told.step()
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.RESUME, "li-na")
    told.step()
    told.run(3)
    return told


@story
def oxygen_too_low(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-o2"] = {"level": 19.4}
    told.run(3)
    return told


@story
def oxygen_exactly_at_its_limit_is_permitted(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-o2"] = {"level": 19.5}
    told.run(5)
    return told


@story
def over_range_is_danger_not_a_fault(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.OVERRANGE}
    told.run(3)
    return told


@story
def the_detectors_own_alarm(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 1.0, "device_alarm": True}
    told.run(3)
    return told


@story
def gas_above_its_warning(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 5.5}
    told.run(4)  # one second short of the warning's delay
    told.field.gas["gas-h2s"] = {"level": 1.0}
    told.run(2)
    told.field.gas["gas-h2s"] = {"level": 5.5}
    told.run(7)
    told.field.gas["gas-h2s"] = {"level": 1.0}
    told.run(5)
    return told


@story
def oxygen_above_its_warning(site: Settings) -> Story:
    """Clean air stands just below it, so oxygen may stray there for longer than a poison."""
    told = working(site)
    told.field.gas["gas-o2"] = {"level": 21.4}
    told.run(9)  # one second short of the warning's delay
    told.field.gas["gas-o2"] = {"level": 20.9}
    told.run(2)
    told.field.gas["gas-o2"] = {"level": 21.4}
    told.run(12)
    told.field.gas["gas-o2"] = {"level": 20.9}
    told.run(5)
    return told


@story
def detector_goes_silent(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("gas-h2s")
    told.run(10)
    told.field.silent.clear()
    told.run(6)
    told.ask(Ask.RESUME, "wang-lei")  # blind gas in a confined space: a re-test first
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.resume()
    told.run(2)
    return told


@story
def detector_faulty_for_a_moment(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-co"] = {"level": None, "quality": Quality.FAULT, "detail": SENSOR_FAULT}
    told.run(2)  # shorter than its grace
    told.field.gas["gas-co"] = {"level": 0.0}
    told.run(4)
    return told


@story
def every_quality_but_good_pauses(site: Settings) -> Story:
    told = working(site)
    for quality in Quality:
        if quality not in {Quality.GOOD, Quality.OVERRANGE, Quality.CAL_OVERDUE}:
            told.field.gas["gas-co"] = {"level": None, "quality": quality}
            told.run(2)
    return told


@story
def calibration_overdue_blocks_the_start_only(site: Settings) -> Story:
    told = Story(site)
    told.field.gas["gas-co"] = {"level": 0.0, "quality": Quality.CAL_OVERDUE}
    told.bring(ticket())
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.field.gas["gas-co"] = {"level": 0.0}
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "li-na")
    told.step()
    told.field.gas["gas-co"] = {"level": 0.0, "quality": Quality.CAL_OVERDUE}
    told.run(3)
    told.field.gas["gas-co"] = {"level": 30.0, "quality": Quality.CAL_OVERDUE}  # its danger still counts
    told.run(2)
    told.field.gas["gas-co"] = {"level": 0.0}
    told.run(6)
    return told


@story
def a_tank_without_an_oxygen_detector(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(devices=("gas-h2s", "relay-1")))
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def a_tank_without_a_poison_detector(site: Settings) -> Story:
    """A methane head says nothing of poison; a carbon monoxide cell nothing of what may explode."""
    told = Story(site)
    told.bring(ticket(devices=("gas-ch4", "gas-o2", "relay-1", "cam-1")))
    told.step()
    told.ready()
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.bring(ticket(devices=("gas-co", "gas-o2", "relay-1", "cam-1"), version=2))
    told.step()
    told.ready()
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.bring(ticket(devices=("gas-ch4", "gas-co", "gas-o2", "relay-1", "cam-1"), version=3))
    told.step()
    told.ready()
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def a_ticket_without_any_output_and_its_next_version(site: Settings) -> Story:
    """With the relay bound, something can stop the work."""
    told = Story(site)
    told.begin_work(devices=tuple(id_ for id_ in DEVICES if id_ != "relay-1"))
    told.run(2)
    told.begin_work(version=2)
    return told


@story
def nothing_could_stop_this_work(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(devices=("gas-ch4", "gas-o2", "gas-h2s"), video_required=False))
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def video_required_and_no_camera_bound(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(devices=("gas-ch4", "gas-o2", "gas-h2s", "relay-1")))
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def guard_walks_away_and_comes_back(site: Settings) -> Story:
    told = working(site)
    told.field.guard["x_m"] = 30.0
    told.run(4)
    told.field.guard["x_m"] = 62.0
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")  # too far for that
    told.step()
    told.field.guard["x_m"] = 6.0
    told.run(5)
    told.ask(Ask.RESUME, "wang-lei")  # the guard must check in again first
    told.step()
    told.resume()
    told.run(3)
    return told


@story
def guard_just_inside_fifty_metres(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"x_m": 6.5, "y_m": 49.0, "accuracy_m": 0.5}
    told.run(12)
    return told


@story
def guard_just_outside_for_one_second_too_few(site: Settings) -> Story:
    told = working(site)
    told.field.guard["y_m"] = 52.0
    told.run(2)
    told.field.guard["y_m"] = 40.0
    told.run(4)
    return told


@story
def guards_fix_too_coarse_to_tell(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"y_m": 20.0, "accuracy_m": 40.0}
    told.run(5)
    told.field.guard |= {"y_m": 2.0, "accuracy_m": 1.0}
    told.run(2)
    told.field.guard |= {"y_m": 20.0, "accuracy_m": 40.0}
    told.run(8)
    told.field.guard |= {"y_m": 2.0, "accuracy_m": 1.0}
    told.run(4)
    return told


@story
def guards_place_is_unknown(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"x_m": None, "y_m": None}
    told.run(5)
    told.run(6)
    return told


@story
def guard_sits_and_his_badge_hangs_on_a_rail(site: Settings) -> Story:
    told = working(site)
    told.field.guard["moving"] = False
    told.run(22)
    told.field.guard["moving"] = True
    told.run(2)
    told.field.guard["moving"] = False
    told.run(43)
    told.field.guard["moving"] = True
    told.run(4)
    return told


@story
def gnss_jitter_is_not_a_step(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"moving": None, "accuracy_m": 4.0}
    for second in range(42):
        told.field.guard["x_m"] = 6.5 + (2.9 if second % 2 else 0.0)
        told.step()
    return told


@story
def a_walk_without_an_imu_is_motion(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"moving": None, "accuracy_m": 0.5}
    for second in range(44):
        told.field.guard["y_m"] = 0.5 + (second // 10) * 3.6 % 8
        told.step()
    return told


@story
def guard_falls_silent(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("tag-guard")
    told.run(5)
    told.field.silent.clear()
    told.run(3)
    told.field.silent.add("tag-guard")
    told.run(10)
    told.field.silent.clear()
    told.run(4)
    return told


@story
def guard_takes_his_wearable_off(site: Settings) -> Story:
    told = working(site)
    told.field.guard["worn"] = False
    told.step()
    told.field.guard["worn"] = True
    told.run(3)
    told.field.guard["worn"] = False
    told.run(4)
    told.run(3)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.field.guard["worn"] = True
    told.run(4)
    return told


@story
def the_guards_wearable_is_taken_from_the_list(site: Settings) -> Story:
    told = working(site)
    told.bring(told.known("li-na", tag=None))
    told.run(3)
    told.bring(told.known("li-na"))
    told.run(4)
    return told


@story
def camera_goes_where_video_is_required(site: Settings) -> Story:
    told = working(site)
    told.field.view = View.GONE
    told.run(3)
    told.field.view = View.CLEAR
    told.run(3)
    for view in (View.FROZEN, View.DARK, View.UNJUDGED):
        told.field.view = view
        told.run(2)
    told.field.view = View.CLEAR
    told.run(4)
    told.resume()
    told.run(2)
    return told


@story
def camera_falls_silent(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("cam-1")
    told.run(10)
    return told


@story
def camera_goes_where_video_is_not_required(site: Settings) -> Story:
    told = working(site, video_required=False)
    told.field.view = View.GONE
    told.run(7)
    told.field.view = View.CLEAR
    told.run(2)
    told.field.view = View.GONE
    told.run(3)  # back in time
    told.field.view = View.CLEAR
    told.run(2)
    return told


@story
def relay_module_falls_silent(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("relay-1")
    told.run(14)
    told.field.silent.clear()
    told.run(4)
    return told


@story
def a_bound_wearable_falls_silent(site: Settings) -> Story:
    told = working(site, devices=("gas-ch4", "gas-o2", "gas-h2s", "relay-1", "tag-worker-1"), video_required=False)
    told.field.silent.add("tag-worker-1")
    told.run(14)
    return told


@story
def a_bound_wearable_is_heard_again_in_time(site: Settings) -> Story:
    told = working(site, devices=("gas-ch4", "gas-o2", "gas-h2s", "relay-1", "tag-worker-1"), video_required=False)
    told.field.silent.add("tag-worker-1")
    told.run(9)
    told.field.silent.clear()
    told.run(3)
    return told


@story
def contact_welded(site: Settings) -> Story:
    told = working(site)
    told.field.stuck = True
    told.ask(Ask.STOP, "zhou-qiang", proof=Proof.NONE, reason="smell")
    told.run(4)
    told.field.stuck = None
    told.run(4)
    return told


@story
def relay_does_not_hold(site: Settings) -> Story:
    told = working(site)
    told.field.stuck = False
    told.run(4)
    return told


@story
def stop_button_pressed(site: Settings) -> Story:
    told = working(site)
    told.field.stop_closed = False
    told.run(2)
    told.field.stop_closed = True
    told.run(4)
    told.ask(Ask.ACKNOWLEDGE, "wang-lei")
    told.step()
    told.resume()
    told.run(2)
    return told


@story
def before_its_time(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(valid_from_utc=T0_UTC + 600))
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def the_end_of_its_time(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(valid_to_utc=T0_UTC + 70)
    told.run(70)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    return told


@story
def the_clock_is_moved_back_a_year(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(valid_to_utc=T0_UTC + 70)
    told.utc -= 365 * 86400
    told.run(70)
    return told


@story
def the_clock_is_moved_forward_a_year(site: Settings) -> Story:
    told = working(site)
    told.utc += 365 * 86400
    told.run(2)
    return told


@story
def boot_without_time(site: Settings) -> Story:
    told = Story(site, trusted=False)
    told.bring(ticket())
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.trusted = True
    told.run(2)
    return told


@story
def a_worker_calls_for_help(site: Settings) -> Story:
    told = working(site)
    told.field.worker["sos"] = True
    told.run(2)
    told.field.worker["sos"] = False
    told.run(6)
    return told


@story
def a_worker_is_barred_while_he_works(site: Settings) -> Story:
    told = working(site)
    told.bring(told.known("wu-gang", denied="left the company"))
    told.run(2)
    told.ask(Ask.STOP, "wu-gang", reason="anyone may stop")
    told.step()
    told.ask(Ask.ACKNOWLEDGE, "wu-gang")
    told.step()
    told.bring(told.known("wu-gang"))
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.ask(Ask.RESUME, "qian-wei")  # the shift lead must agree to a class C resume
    told.step()
    told.resume()
    told.run(2)
    return told


@story
def records_cannot_be_kept(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["store"] = Words("磁盘已满", "disk full")
    told.run(2)
    told.ask(Ask.STOP, "wang-lei", reason="tea")
    told.step()
    told.run(4)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.field.unwell["store"] = NOTHING
    told.run(4)
    return told


@story
def the_centre_is_not_reached(site: Settings) -> Story:
    told = working(site)
    for _ in range(3):  # it flaps: no alarm
        told.field.unwell["uplink"] = REFUSED
        told.run(2)
        told.field.unwell["uplink"] = NOTHING
        told.run(2)
    told.field.unwell["uplink"] = REFUSED
    told.run(7)
    told.field.unwell["uplink"] = NOTHING
    told.run(2)
    told.field.unwell["uplink"] = REFUSED
    told.run(1)
    told.field.unwell["uplink"] = NOTHING
    told.run(8)
    return told


@story
def tickets_that_are_refused(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(id="P-bad", area="nowhere", devices=("gas-xx",), guards=("zhou-qiang",), holder="nobody"))
    told.bring(ticket(id="P-late", valid_from_utc=T0_UTC - 7200, valid_to_utc=T0_UTC - 3600))
    told.bring(ticket(id="P-long", valid_to_utc=T0_UTC + 30 * 86400))
    told.bring(ticket(id="P-turned", valid_from_utc=T0_UTC + 3600, valid_to_utc=T0_UTC + 1800))
    told.bring(ticket(id="P-alone", guards=(), workers=()))
    signed = tuple(Approval(role="area_owner", person=who, at_utc=T0_UTC) for who in ("li-na", "zhou-qiang"))
    himself = (Approval(role="area_owner", person="wang-lei", at_utc=T0_UTC),)
    told.bring(ticket(id="P-own", approvals=himself))
    told.bring(ticket(id="P-same", approvals=signed, guards=("li-na", "wang-lei")))
    told.bring(ticket())
    told.step()
    told.bring(ticket(version=1))
    told.bring(ticket(version=2, level="II"))
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.step()
    told.bring(ticket(version=3))
    told.step()
    told.file(
        Rejected(id="x1", at_s=told.now_s, origin="desk", person="li-na", reason=Words("密码错误", "wrong PIN"))
    )
    told.step()
    return told


@story
def requests_that_are_refused(site: Settings) -> Story:
    told = Story(site)
    told.ask(Ask.START, "wang-lei", permit="P-none")
    told.bring(ticket())
    told.step()
    told.ask(Ask.START, "nobody")
    told.ask(Ask.START, "wang-lei", proof=Proof.NONE)
    told.ask(Ask.START, "wang-lei", proof=Proof.SIGNED)
    told.ask(Ask.CHECK_IN, "wang-lei")
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.ask(Ask.RESUME, "wang-lei")
    told.ask(Ask.STOP, "wang-lei")
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.END_WORK, "wang-lei")
    told.ask(Ask.REVOKE, "zhou-qiang")
    told.ask(Ask.REPORT, "zhou-qiang")
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "zhou-qiang")
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.CLOSE, "wang-lei", people_inside=1)
    told.ask(Ask.CLOSE, "wang-lei")
    told.step()
    told.ask(Ask.REVOKE, "central", proof=Proof.SIGNED, reason="order of the centre")
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def the_centre_may_stop_but_not_resume(site: Settings) -> Story:
    told = working(site)
    told.ask(Ask.STOP, "central", proof=Proof.SIGNED, reason="storm warning")
    told.step()
    told.run(4)
    told.ask(Ask.RESUME, "central", proof=Proof.SIGNED)
    told.step()
    told.resume()
    told.run(2)
    return told


@story
def a_stop_wins_over_a_start_in_the_same_step(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.STOP, "zhou-qiang", proof=Proof.NONE, reason="wait")
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.run(2)
    return told


@story
def signatures_that_do_not_come_together(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.run(63)
    told.ask(Ask.START, "li-na")
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.STOP, "wang-lei", reason="tea")
    told.step()
    told.run(3)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(63)
    told.ask(Ask.RESUME, "li-na")
    told.step()
    return told


@story
def a_long_break_needs_a_retest(site: Settings) -> Story:
    told = working(site)
    told.comes_out()
    told.ask(Ask.STOP, "wang-lei", reason="lunch")
    told.step()
    told.run(1860, every_s=30.0)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.RESUME, "li-na")
    told.step()
    return told


@story
def hot_work_and_its_fire_watch(site: Settings) -> Story:
    told = working(site, **HOT)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.END_WORK, "li-na")
    told.ask(Ask.END_WORK, "wang-lei")
    told.step()
    told.ask(Ask.END_WORK, "wang-lei")
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(21)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    return told


@story
def guard_is_relieved(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(goes_in=("wu-gang",), guards=("li-na", "chen-jie"), workers=("wu-gang",))
    told.field.worker |= {"x_m": 7.0, "y_m": 1.0}
    told.field.also["tag-guard-2"] = {"x_m": 7.0, "y_m": 0.5, "moving": True}
    told.run(2)
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.run(2)
    told.field.guard["x_m"] = 80.0
    told.run(4)
    return told


EVERY_STATE = {
    State.RECEIVED: "P-received",
    State.READY: "P-ready",
    State.ACTIVE: "P-active",
    State.PAUSED: "P-paused",
    State.SUSPENDED: "P-suspended",
    State.RESUME_CHECK: "P-resume-check",
    State.FIRE_WATCH: "P-fire-watch",
}


OWN_POWER = "relay-2"
OWN_DEVICES = (*(one for one in DEVICES if one != "relay-1"), OWN_POWER)


def guarded_by_seven() -> Settings:
    """The demo tank with a wearable for each guard of `every_state`: no two people have one between them."""
    site = scenario_site()
    worn = site.site.wearables["tag-guard"]
    more = {f"tag-{id_}": replace(worn, provider_id=f"tag-{id_}") for id_ in EVERY_STATE.values()}
    relays = {**site.site.relays, OWN_POWER: site.site.relays["relay-1"]}
    table = replace(site.site, wearables={**site.site.wearables, **more}, relays=relays)
    return replace(site, site=table, devices=derived(table, site.rulebook))


def _own_power(now: Instant) -> Iterator[Observation]:
    """A module of which nobody has a button to press."""
    yield Contact(source=OWN_POWER, at_s=now.now_s, channel="stop-button", closed=True)


def every_state(site: Settings) -> Story:
    """Seven permits, one in each open state. Those that may work share no power with those that are stopped."""
    told = Story(site)
    told.wires[OWN_POWER] = _own_power
    guard = next(one for one in site.persons if one.id == "li-na")
    for state, id_ in EVERY_STATE.items():
        told.bring(replace(guard, id=f"guard-{id_}", tag=f"tag-{id_}"))  # one guard per permit
        told.field.also[f"tag-{id_}"] = told.field.guard
        told.bring(
            ticket(
                **(HOT if state is State.FIRE_WATCH else {}),
                id=id_,
                guards=(f"guard-{id_}",),
                # Far enough from the tank, near enough to the guard; one person coordinates all of them.
                area="yard" if state is State.FIRE_WATCH else "tank-inside",
                point=Point(6.5, 14.0) if state is State.FIRE_WATCH else Point(6.5, 0.0),
                coordinator="qian-wei",
                devices=OWN_DEVICES if state in {State.READY, State.ACTIVE} else DEVICES,
                video_required=state is State.PAUSED,
                valid_to_utc=T0_UTC + 600,
            ),
        )
    told.step()
    for id_ in list(EVERY_STATE.values())[1:]:
        told.ask(Ask.CHECK_IN, f"guard-{id_}", permit=id_)
        told.ask(Ask.RETEST, "sun-yan", permit=id_, samples=GOOD_AIR)
    told.run(2)
    for id_ in list(EVERY_STATE.values())[2:]:
        told.ask(Ask.START, "wang-lei", permit=id_)
        told.ask(Ask.START, f"guard-{id_}", permit=id_)
    told.ask(Ask.START, "qian-wei", permit="P-fire-watch")  # hot work is verified by the shift lead
    told.step()
    told.field.view = View.GONE
    told.ask(Ask.END_WORK, "wang-lei", permit="P-fire-watch")
    told.ask(Ask.STOP, "wang-lei", permit="P-suspended")
    told.ask(Ask.STOP, "wang-lei", permit="P-resume-check")
    told.step()
    told.run(5)
    told.ask(Ask.RESUME, "wang-lei", permit="P-resume-check")
    told.step()
    return told


@story_at(guarded_by_seven)
def every_state_expires(site: Settings) -> Story:
    told = every_state(site)
    told.run(560, every_s=20.0)
    told.ask(Ask.RETEST, "sun-yan", permit="P-resume-check", samples=GOOD_AIR)
    told.ask(Ask.RESUME, "guard-P-resume-check", permit="P-resume-check")
    told.run(60, every_s=10.0)
    return told


@story_at(guarded_by_seven)
def every_state_withdrawn(site: Settings) -> Story:
    told = every_state(site)
    for id_ in EVERY_STATE.values():
        told.ask(Ask.REVOKE, "zhao-min", permit=id_, reason="grave violation")
    told.run(2)
    return told


@story_at(guarded_by_seven)
def one_of_several_jobs_is_withdrawn(site: Settings) -> Story:
    """Its people are still to be counted: that keeps new work waiting, and stops nobody who is at work."""
    told = every_state(site)
    told.ask(Ask.REVOKE, "zhao-min", permit="P-paused", reason="grave violation")
    told.run(3)
    return told


@story_at(guarded_by_seven)
def every_state_stopped_by_hand(site: Settings) -> Story:
    told = every_state(site)
    for id_ in EVERY_STATE.values():
        told.ask(Ask.STOP, "zhou-qiang", permit=id_, proof=Proof.NONE, reason="smell")
    told.run(2)
    return told


@story
def nobody_named_stops_the_work_again_and_again(site: Settings) -> Story:
    told = working(site)
    for reason in ("smoke", "smoke", ""):  # the first is recorded
        told.ask(Ask.STOP, "", proof=Proof.NONE, reason=reason)
        told.step()
    told.ask(
        Ask.STOP, "zhou-qiang", proof=Proof.NONE, reason="smoke here too"
    )  # somebody with a name is heard again
    told.step()
    return told


@story_at(guarded_by_seven)
def every_state_meets_gas(site: Settings) -> Story:
    told = every_state(site)
    told.field.gas["gas-h2s"] = {"level": 20.0}
    told.run(3)
    return told


@story_at(guarded_by_seven)
def every_state_asked_to_close(site: Settings) -> Story:
    told = every_state(site)
    told.run(20)
    for person in ("wang-lei", "feng-tao"):
        for id_ in EVERY_STATE.values():
            told.ask(Ask.CLOSE, person, permit=id_, people_inside=0)
    told.step()
    return told


@story_at(guarded_by_seven)
def every_state_after_a_restart(site: Settings) -> Story:
    guard = next(one for one in site.persons if one.id == "li-na")
    guards = tuple(replace(guard, id=f"guard-{id_}", tag=f"tag-{id_}") for id_ in EVERY_STATE.values())
    told = Story(site, kept=Kept(permits=tuple(_kept()), alarms=_alarms(site), persons=guards, seq=41))
    told.field.also = {f"tag-{id_}": told.field.guard for id_ in EVERY_STATE.values()}
    told.run(3)
    for id_ in EVERY_STATE.values():
        told.ask(Ask.RESUME, "wang-lei", permit=id_)
    told.run(2)
    for id_ in EVERY_STATE.values():
        told.ask(Ask.CHECK_IN, f"guard-{id_}", permit=id_)
        told.ask(Ask.RETEST, "sun-yan", permit=id_, samples=GOOD_AIR)
    told.run(4)
    return told


def _alarms(site: Settings) -> tuple[Alarm, ...]:
    """A latched alarm, one that stands, and one that had only just been seen when the box went down."""
    told = working(site)
    told.field.stop_closed = False
    told.step()
    told.field.stop_closed = True
    told.field.gas["gas-ch4"] = {"level": 30.0}
    told.run(2)
    told.field.guard["y_m"] = 60.0
    told.step()
    return tuple(told.decisions[-1].state.alarms.values())


def _kept() -> Iterator[Permit]:
    for state, id_ in (*EVERY_STATE.items(), (State.CLOSED, "P-closed"), (State.EXPIRED, "P-expired")):
        yield Permit(
            ticket=ticket(id=id_, guards=("li-na", f"guard-{id_}"), coordinator="qian-wei", video_required=False),
            state=state,
            since_s=T0_S + 5_000_000,  # another boot's clock
            since_utc=T0_UTC - 300,
            end_at_s=T0_S + 5_009_000,
            guard="li-na",
            checked_in_s=T0_S + 5_000_000,
            guard_shift=NIGHT,
            handed_over=NIGHT,
            stopped_s=None if state in {State.ACTIVE, State.READY} else T0_S + 5_000_000,
            stopped_utc=None if state in {State.ACTIVE, State.READY} else T0_UTC - 300,
        )


@story
def a_bound_device_was_taken_out_of_the_settings(site: Settings) -> Story:
    permit = next(kept for kept in _kept() if kept.state is State.ACTIVE)
    gone = replace(permit, ticket=replace(permit.ticket, devices=(*permit.ticket.devices, "gas-removed")))
    told = Story(site, kept=Kept(permits=(gone,)))
    told.run(3)
    told.ask(Ask.REVOKE, "zhao-min", permit="P-active", reason="its detector is gone")
    told.run(4)
    return told


@story
def a_device_that_was_taken_out_of_the_settings_comes_off_the_ticket_too(site: Settings) -> Story:
    """Once the guard has read the change, nothing is bound any more that nobody knows."""
    before = working(site, goes_in=())
    permit = before.decisions[-1].state.permits["P-1"]
    bound = replace(permit.ticket, devices=(*permit.ticket.devices, "gas-removed"))
    told = Story(site, kept=Kept(permits=(replace(permit, ticket=bound),)), utc=before.utc + 30)
    told.run(3)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.bring(ticket(version=2))
    told.run(2)
    told.ask(Ask.ACCEPT_CHANGE, "li-na", about=("2",))
    told.run(3)
    return told


@story
def the_clock_loses_its_trust_during_the_work(site: Settings) -> Story:
    told = working(site)
    told.trusted = False
    told.run(5)
    told.trusted = True
    told.run(4)
    return told


@story
def bindings_with_which_nothing_may_be_resumed(site: Settings) -> Story:
    """A ticket of an older version of the box: neither oxygen nor any output is bound."""
    permit = next(kept for kept in _kept() if kept.state is State.PAUSED)
    poor = replace(permit, ticket=replace(permit.ticket, id="P-1", devices=("gas-h2s",)))
    told = Story(site, kept=Kept(permits=(poor,)))
    told.run(3)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.REVOKE, "zhao-min", reason="issued for another box")
    told.run(4)
    return told


@story
def people_of_a_kept_permit_are_no_longer_on_the_list(site: Settings) -> Story:
    permit = next(kept for kept in _kept() if kept.state is State.PAUSED)
    told = Story(
        site, kept=Kept(permits=(replace(permit, ticket=replace(permit.ticket, id="P-1", workers=("gone",))),))
    )
    told.run(3)
    return told


@story
def a_retest_in_a_unit_that_cannot_be_compared(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.step()
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.run(5)
    told.ask(Ask.RETEST, "sun-yan", samples=(*GOOD_AIR, Sample(gas="h2s", level=0.0, unit="mg/L", place="lower")))
    told.step()
    told.ask(
        Ask.RETEST, "sun-yan", samples=(*GOOD_AIR[1:], Sample(gas="ch4", level=0.2, unit="%vol", place="upper"))
    )
    told.step()
    return told


@story
def the_guards_place_was_never_heard(site: Settings) -> Story:
    told = Story(site)
    told.field.silent.add("tag-guard")
    told.bring(ticket())
    told.run(2)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.field.silent.clear()
    told.run(1)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.bring(told.known("chen-jie", tag=None))
    told.bring(told.known("li-na", tag="tag-guard-2"))  # never heard
    told.run(3)
    return told


@story
def a_reading_whose_unit_cannot_be_compared(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-co"] = {"level": 1.0, "unit": "mg/L"}
    told.run(5)
    return told


@story
def the_box_starts_after_its_records_were_damaged(site: Settings) -> Story:
    told = Story(site, kept=Kept(seq=41, broken=ChainBreak(why="damaged", aside="agent.sqlite.corrupt-1")))
    told.run(2)
    return told


HEAD = "9f2c" * 16


@story
def the_work_is_known_by_the_journal_when_the_records_are_lost(site: Settings) -> Story:
    broken = ChainBreak(why="damaged", aside="agent.sqlite.corrupt-1", rows=40, head=HEAD, by_journal=True)
    told = Story(site, kept=Kept(permits=tuple(_kept()), seq=41, broken=broken))
    told.run(2)
    return told


@story
def the_records_are_an_older_copy(site: Settings) -> Story:
    told = Story(site, kept=Kept(seq=41, broken=ChainBreak(why="older", rows=12, head=HEAD)))
    told.run(2)
    return told


@story
def a_spare_goes_on_from_a_backup(site: Settings) -> Story:
    broken = ChainBreak(why="restored", rows=40, head=HEAD, made_utc=1_794_990_000.0)
    told = Story(site, kept=Kept(permits=tuple(_kept()), seq=41, broken=broken))
    told.run(2)
    return told


@story
def the_records_are_damaged_and_somebody_has_read_it(site: Settings) -> Story:
    """It is told once, as the start found it, and stays until it is acknowledged."""
    told = working(site)
    told.field.unwell["records"] = Words("记录已损坏", "the records were damaged")
    told.run(2)
    told.field.unwell["records"] = NOTHING
    told.run(3)
    told.ask(Ask.ACKNOWLEDGE, "li-na", alarm="records_damaged||records")
    told.run(3)
    return told


@story
def the_records_are_looked_at_and_hold(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["records"] = NOTHING
    told.run(3)
    return told


@story
def a_stopped_fire_watch_goes_on_as_a_fire_watch(site: Settings) -> Story:
    """The work has ended: no resume gives the tools their power again."""
    told = working(site, **HOT)
    told.ask(Ask.END_WORK, "wang-lei")
    told.run(3)
    told.ask(Ask.STOP, "li-na", reason="smoke")
    told.run(5)
    told.resume()
    told.run(2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)  # the watch begins anew
    told.run(22)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    return told
