"""The table of planted dangers: which rule alone finds each ("" where there are two), and how long it may take.

Without that rule's row the danger is missed, which is tested.
"""

from collections.abc import Callable

from msgspec import Struct

from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.work_limits import WorkLimits
from tests.soak import planting
from tests.soak.crew import Crew
from tests.soak.draw import WRISTBAND_GAPS
from tests.soak.planting import RISES_S, RUNS_OUT_S, TEST_EVERY_S
from tests.soak.yard import DAY_UTC, MIDNIGHT_UTC, NIGHT_UTC, SHIFT_CHANGE_UTC

Plant = Callable[[Crew], None]


class Danger(Struct, frozen=True, kw_only=True):
    """One kind of danger: how it is planted, which rule finds it, and how long that may take."""

    name: str
    rule: str
    plant: Plant
    within_s: Callable[[Rulebook, WorkLimits], float]
    kinds: tuple[str, ...] = ("confined_space",)
    wristband: bool | None = None  # None: either kind of tag on the guard
    alone: bool = False  # one worker only
    anew: bool = False  # a picture that cannot be trusted begins the waiting anew
    named: bool = False  # another rule would stop the work too: this one must be among the causes
    wired: bool = False  # the deadline holds however little is heard on the air
    excused: bool = False  # a hole of the network lengthens the deadline by its grace
    alarm: bool = False  # it shows only once the work has stopped: then its alarm must stand
    starts_utc: float = DAY_UTC
    tight: tuple[tuple[str, float], ...] = ()  # limits, tightened as a site may
    amends: Callable[[Ticket], Ticket] = lambda ticket: ticket


def at_once(_: Rulebook, __: WorkLimits) -> float:
    """The next word, and the step that it wakes."""
    return 1.5


def blind_gas(rules: Rulebook, work: WorkLimits) -> float:
    """Stale after ten seconds without a word, then the grace (docs/domain.md 2.3)."""
    return rules.gas.stale_min_s.value + (work.gas_grace_s or rules.gas.not_good_pause_s).value


def runs_out(_: Rulebook, __: WorkLimits) -> float:
    """The moment at which it is over."""
    return RUNS_OUT_S


def lost_in_a_hole(rules: Rulebook, _: WorkLimits) -> float:
    """His silence, of which so much may be put down to the network."""
    return rules.guard.lost_pause_s.value + rules.network.grace_s.value


UNTIL_CHANGE_S = 600.0  # a job begins so long before the change of shift
STAY_S, STEL_PPM, HANDOVER_S, GRACE_S = (
    600.0,
    12.0,
    240.0,
    240.0,
)  # tightened, so that an hour is not played for each of them

ANY = ("confined_space", "hot.1", "hot.special")
GAS = ("confined_space", "hot.1", "hot.special")
OUTDOORS = ("height.2", "lifting.3")

DANGERS = (
    Danger(name="gas over its limit", rule="gas_dangerous", plant=planting.gas_over, within_s=at_once, kinds=GAS),
    Danger(
        name="one sample over the limit",
        rule="gas_dangerous",
        plant=planting.gas_spike,
        within_s=at_once,
        kinds=GAS,
    ),
    Danger(
        name="gas over range", rule="gas_dangerous", plant=planting.gas_over_range, within_s=at_once, kinds=GAS
    ),
    Danger(
        name="the detector's own alarm",
        rule="gas_dangerous",
        plant=planting.gas_device_alarm,
        within_s=at_once,
        kinds=GAS,
    ),
    Danger(
        name="a siren that does not sound",
        rule="siren_not_heard",
        plant=planting.siren_mute,
        within_s=lambda book, _: 3.5 + book.device.isolation_s.value,
        kinds=GAS,
        alarm=True,
    ),
    Danger(name="detector silent", rule="gas_not_good", plant=planting.gas_silent, within_s=blind_gas, kinds=GAS),
    Danger(
        name="detector not good", rule="gas_not_good", plant=planting.gas_not_good, within_s=blind_gas, kinds=GAS
    ),
    Danger(
        name="guard leaves",
        rule="guard_too_far",
        plant=planting.guard_leaves,
        # the tag's next word (a lost one is made up within 9 s), then the delay
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard cannot be placed, nobody seen",
        rule="guard_perhaps_too_far",
        plant=planting.guard_unsure_and_unseen,
        # the last picture that showed him counts for a while
        within_s=lambda book, _: book.guard.unsure_pause_s.value + book.guard.video_fresh_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard cannot be placed, somebody seen",
        rule="guard_perhaps_too_far",
        plant=planting.guard_unsure,
        # video saves a badge that says too little no longer than a dead one (docs/domain.md 2.5 G6)
        within_s=lambda book, _: book.guard.unsure_pause_s.value + book.guard.video_saves_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="badge hung on a rail",
        rule="guard_still_too_long",
        plant=planting.badge_hung,
        within_s=lambda book, _: book.guard.still_pause_s.value,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="badge off the wrist",
        rule="guard_tag_off",
        plant=planting.badge_off,
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard leaves the site",
        rule="guard_off_site",
        plant=planting.guard_leaves_the_site,
        within_s=lambda book, _: book.guard.outside_on_s.value + 9.0,
        wristband=False,
        kinds=ANY,
        named=True,
    ),
    Danger(
        name="guard checks out", rule="guard_absent", plant=planting.guard_checks_out, within_s=at_once, kinds=ANY
    ),
    Danger(
        name="guard on another level",
        rule="guard_off_level",
        plant=planting.guard_climbs,
        within_s=lambda book, _: book.guard.unsure_pause_s.value + 9.0,
        wristband=False,
        kinds=ANY,
    ),
    Danger(name="somebody falls", rule="fall", plant=planting.fall, within_s=at_once, kinds=ANY),
    Danger(
        name="guard's tag silent",
        rule="guard_lost",
        plant=planting.tag_silent,
        within_s=lambda book, _: book.guard.lost_pause_s.value,
        excused=True,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard's tag dead, somebody seen",
        rule="",  # found by two: without a word he has not moved either
        plant=planting.tag_dead_and_seen,
        within_s=lambda book, _: book.guard.lost_pause_s.value + book.guard.video_saves_s.value,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="guard without a tag",
        rule="guard_without_wearable",
        plant=planting.without_tag,
        within_s=at_once,
        kinds=ANY,
    ),
    Danger(
        name="the guard's tag is somebody else's too",
        rule="badge_of_two",
        plant=planting.tag_of_two,
        within_s=at_once,
        kinds=ANY,
    ),
    Danger(name="SOS", rule="sos", plant=planting.sos, within_s=at_once, kinds=ANY),
    Danger(name="somebody is barred", rule="person_unfit", plant=planting.barred, within_s=at_once, kinds=ANY),
    Danger(
        name="relay module silent",
        rule="device_silent",
        plant=planting.relay_silent,
        within_s=lambda book, _: 10.0 + book.device.silent_pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="contactor falls",
        rule="output_not_following",
        plant=planting.relay_opens,
        within_s=lambda book, _: 1.0 + book.device.isolation_s.value,
        kinds=ANY,
    ),
    Danger(name="stop button", rule="stop_button", plant=planting.stop_button, within_s=at_once, kinds=ANY),
    Danger(
        name="required camera shows nothing",
        rule="camera_required_not_monitored",
        plant=planting.camera_gone,
        within_s=lambda book, _: 10.0 + book.camera.not_monitored_s.value,
        kinds=("hot.special",),
    ),
    Danger(
        name="required recording fails",
        rule="recording_required_not_kept",
        plant=planting.recording_fails,
        within_s=lambda book, _: 10.0 + book.camera.not_monitored_s.value,
        kinds=("hot.special",),
    ),
    Danger(name="licence revoked", rule="no_licence", plant=planting.licence_revoked, within_s=at_once, kinds=ANY),
    Danger(
        name="licence of another kind",
        rule="out_of_scope",
        plant=planting.licence_of_another_kind,
        within_s=at_once,
        kinds=ANY,
    ),
    Danger(name="training runs out", rule="untrained", plant=planting.training_ends, within_s=runs_out, kinds=ANY),
    Danger(
        name="record runs out", rule="record_ran_out", plant=planting.record_ends, within_s=runs_out, kinds=ANY
    ),
    Danger(
        name="a lone worker lies still",
        rule="lone_still",
        plant=planting.lies_still,
        # his wristband's last word may be a while old when he falls
        within_s=lambda book, _: book.lone.still_evacuate_s.value + WRISTBAND_GAPS[-1][1],
        kinds=("hot.1", "hot.2"),
        alone=True,
    ),
    Danger(
        name="nobody at the post by video",
        rule="guard_post_empty",
        plant=planting.post_empty,
        anew=True,
        within_s=lambda book, _: book.guard.video_pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="a coat at the post",
        rule="guard_post_unsure_too_long",
        plant=planting.coat_at_post,
        anew=True,
        # the last movement is the one by which whoever lived there went away: most of five pictures
        within_s=lambda book, _: 5.0 + book.guard.video_pause_s.value,
        wristband=False,
        kinds=ANY,
    ),
    Danger(
        name="storm",
        rule="wind_strong",
        plant=planting.storm,
        within_s=lambda book, _: 4.0 + book.weather.gust_on_s.value,
        kinds=OUTDOORS,
    ),
    Danger(
        name="wind unknown",
        rule="wind_unknown",
        plant=planting.station_silent,
        within_s=lambda book, _: 15.0 + book.weather.not_good_pause_s.value,
        kinds=OUTDOORS,
    ),
    Danger(
        name="pit full",
        rule="gauge_beyond",
        plant=planting.pit_full,
        within_s=lambda _, __: 3.0,
        kinds=ANY,
    ),
    Danger(
        name="pit unknown",
        rule="gauge_unknown",
        plant=planting.pit_silent,
        within_s=lambda book, _: 15.0 + book.device.silent_pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="earth clamp off",
        rule="earth_clamp_off",
        plant=planting.clamp_open,
        within_s=lambda book, _: 1.0 + book.device.interlock_on_s.value,
        kinds=ANY,
    ),
    Danger(
        name="a panel's door opens",
        rule="interlock_open",
        plant=planting.door_open,
        within_s=lambda book, _: 1.0 + book.device.interlock_on_s.value,
        kinds=ANY,
    ),
    Danger(
        name="light curtain broken",
        rule="light_curtain_broken",
        plant=planting.curtain_broken,
        within_s=lambda _, __: 1.0,
        kinds=ANY,
    ),
    Danger(
        name="water",
        rule="water_in",
        plant=planting.water,
        within_s=lambda book, _: 1.0 + book.device.interlock_on_s.value,
        kinds=ANY,
    ),
    Danger(
        name="a siren's line is cut",
        rule="siren_line_broken",
        plant=planting.siren_cut,
        within_s=lambda book, _: 1.0 + book.device.silent_pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="mains gone for long",
        rule="mains_lost_for_long",
        plant=planting.mains_gone,
        within_s=lambda book, _: 1.0 + book.power.pause_s.value,
        kinds=ANY,
    ),
    Danger(
        name="a stranger goes in",
        rule="inside_unauthorised",
        plant=planting.stranger_goes_in,
        within_s=lambda book, _: book.entry.unauthorised_on_s.value + 9.0,
    ),
    Danger(
        name="a stranger walks under the load",
        rule="kept_out",
        plant=planting.stranger_under_the_load,
        within_s=lambda book, _: book.entry.unauthorised_on_s.value + 9.0,
        kinds=("lifting.3",),
    ),
    Danger(
        name="somebody is seen in a stop zone",
        rule="stop_zone_entered",
        plant=planting.seen_in_the_swing,
        anew=True,
        within_s=at_once,  # with the next picture, one a second
        kinds=("lifting.3",),
    ),
    Danger(
        name="the guard goes in",
        rule="guard_went_in",
        plant=planting.guard_goes_in,
        within_s=lambda book, _: book.entry.unauthorised_on_s.value + 9.0,
        wristband=False,
    ),
    Danger(
        name="the guard goes in with a coarse wearable",
        rule="guard_perhaps_went_in",
        plant=planting.guard_goes_in_coarsely,
        within_s=lambda book, _: book.guard.unsure_pause_s.value + 9.0,
        wristband=False,
    ),
    Danger(
        name="nobody inside answers",
        rule="contact_lost",
        plant=planting.nobody_answers,
        within_s=lambda book, work: (
            (work.contact_s.value if work.contact_s else 0) + book.entry.contact_grace_s.value
        ),
    ),
    Danger(
        name="no harness at height",
        rule="ppe_critical_missing",
        plant=planting.without_harness,
        within_s=lambda book, _: 2 * book.ppe.over_s.value,
        kinds=("height.2",),
    ),
    Danger(
        name="guard leaves in a hole of the network",
        rule="",  # found by two: by where he is when the network is back, or by his silence
        plant=planting.guard_leaves_in_a_hole,
        within_s=lost_in_a_hole,
        wired=True,
        wristband=False,
        kinds=("confined_space", "hot.1"),
    ),
    Danger(
        name="the network stays away",
        rule="guard_lost",
        plant=planting.network_gone,
        within_s=lost_in_a_hole,
        wired=True,
        kinds=("confined_space", "hot.1"),
    ),
    Danger(
        name="gas rises while nothing else is heard",
        rule="gas_dangerous",
        plant=planting.gas_rises_unseen,
        within_s=lambda _, __: RISES_S + 1.5,
        wired=True,
        kinds=("confined_space", "hot.1"),
    ),
    Danger(
        name="gas beside the work, over range",
        rule="gas_area_dangerous",
        plant=planting.gas_beside_over_range,
        within_s=at_once,
    ),
    Danger(
        name="chlorine beside the work",
        rule="gas_level_clears",
        plant=planting.chlorine_beside,
        within_s=at_once,
        kinds=("blind_plate",),
    ),
    Danger(
        name="chlorine of the third level",
        rule="gas_level_ends",
        plant=planting.chlorine_at_its_worst,
        within_s=at_once,
        kinds=("blind_plate",),
        named=True,
    ),
    Danger(
        name="withdrawn, and nobody comes out",
        rule="people_not_out_at_the_end",
        plant=planting.withdrawn,
        within_s=lambda book, _: book.entry.still_inside_s.value,
        alarm=True,
    ),
    Danger(
        name="a quarter of an hour of bad air",
        rule="gas_stel",
        plant=planting.bad_air,
        within_s=lambda _, __: 600.0,  # ten minutes of twice the average are over it, whatever came before
        tight=(("gases.co.stel", STEL_PPM),),
    ),
    Danger(
        name="calibration runs out before the next shift",
        rule="gas_calibration_overdue_next_shift",
        plant=planting.calibration_runs_out,
        within_s=lambda _, __: UNTIL_CHANGE_S,
        kinds=GAS,
        starts_utc=SHIFT_CHANGE_UTC - UNTIL_CHANGE_S,
    ),
    Danger(
        name="nobody hands over",
        rule="handover_missed",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: UNTIL_CHANGE_S + HANDOVER_S,
        kinds=("hot.1", "hot.special"),
        starts_utc=SHIFT_CHANGE_UTC - UNTIL_CHANGE_S,
        tight=(("shift.handover_s", HANDOVER_S),),
    ),
    Danger(
        name="a detector is scrapped",
        rule="device_withdrawn",
        plant=planting.scrapped,
        within_s=at_once,
        kinds=GAS,
    ),
    Danger(
        name="night, and nobody of the higher level has signed",
        rule="upgrade_not_approved",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: UNTIL_CHANGE_S,
        kinds=("hot.1",),
        starts_utc=NIGHT_UTC - UNTIL_CHANGE_S,
    ),
    Danger(
        name="night, and the ticket is too old for it",
        rule="upgrade_outlasted",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: UNTIL_CHANGE_S,
        kinds=("hot.2",),
        starts_utc=NIGHT_UTC - UNTIL_CHANGE_S,
        amends=planting.issued_this_morning_with_every_signature,
    ),
    Danger(
        name="power for work that is over",
        rule="power_serves_nothing",
        plant=planting.served_work_ends,
        within_s=at_once,
        kinds=("temporary_power",),
        amends=planting.for_another_work,
    ),
    Danger(
        name="a sample beyond the limit",
        rule="sample_dangerous",
        plant=planting.sampled_beyond,
        within_s=at_once,
        kinds=GAS,
    ),
    Danger(
        name="nobody tests the gas again",
        rule="gas_test_overdue",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: TEST_EVERY_S + GRACE_S,
        kinds=("hot.2",),
        amends=planting.tested_by_hand_every_five_minutes,
        tight=(("gas.test_grace_s", GRACE_S),),
    ),
    Danger(
        name="a new day, and nobody samples",
        rule="gas_not_sampled_today",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: UNTIL_CHANGE_S + GRACE_S,
        kinds=("hot.special",),
        starts_utc=MIDNIGHT_UTC - UNTIL_CHANGE_S,
        tight=(("gas.daily_grace_s", GRACE_S),),
    ),
    Danger(
        name="inside too long",
        rule="inside_too_long",
        plant=planting.nothing_is_done,
        within_s=lambda _, __: STAY_S,
        tight=(("works.confined_space.inside_max_s", STAY_S),),
    ),
    Danger(
        name="nobody comes out",
        rule="still_inside",
        plant=planting.gas_over,  # they are told to leave, and stay
        within_s=lambda book, _: 1.5 + book.entry.still_inside_s.value,
        alarm=True,
    ),
    Danger(
        name="the contactor is welded",
        rule="isolation_failed",
        plant=planting.welded,
        within_s=lambda book, _: 1.5 + book.device.isolation_s.value,
        alarm=True,
        kinds=ANY,
    ),
    Danger(
        name="another box's work beside it",
        rule="works_conflict",
        plant=planting.work_beside,
        within_s=lambda _, __: 11.0,  # boxes tell each other every ten seconds
        kinds=("hot.1", "hot.special"),
    ),
    Danger(
        name="people leave at another box",
        rule="peer_evacuates",
        plant=planting.people_leave_beside,
        within_s=lambda _, __: 11.0,
        kinds=ANY,
    ),
    Danger(name="stopped by hand", rule="", plant=planting.stopped_by_hand, within_s=at_once, kinds=ANY),
)
