"""How loose a rulebook may be: the outermost value of each limit, with its clause and ledger row.

A site moves a limit in the safe direction only (docs/domain.md 2). A DEMO rulebook may shorten times,
because it is refused off the machine; gas limits, distances and signers hold for it too. Rows of gases and
works are those of GB 30871-2022 and GBZ 2.1: a book written after another law has that law's (standards.py).
"""

from typing import Literal

from msgspec import Struct

AT_MOST: Literal["at_most"] = "at_most"
AT_LEAST: Literal["at_least"] = "at_least"


class Ceiling(Struct, frozen=True):
    """The loosest value of one limit. `row` is the row of docs/ledger.csv, "" where no row asked."""

    key: str
    bound: Literal["at_most", "at_least"]
    value: float
    unit: str
    clause: str
    row: str = ""


# Hold for every rulebook. ppm = mg/m3 x 24.45 / M at 25 degC, as tabled in docs/domain.md 2.2.
ALWAYS = (
    Ceiling("gases.ch4.stop_high", AT_MOST, 0.5, "%vol", "GB 30871-2022 5.3.2", "1-29"),
    Ceiling("gases.o2.stop_low", AT_LEAST, 19.5, "%vol", "GB 30871-2022 6.4 a", "1-29"),
    Ceiling("gases.o2.stop_high", AT_MOST, 23.5, "%vol", "GB 30871-2022 5.2.7, 6.4 a", "1-29"),
    Ceiling("gases.o2.entry_high", AT_MOST, 23.5, "%vol", "GB 30871-2022 6.4 a: 21 %vol, enriched 23.5", "1-29"),
    Ceiling("gases.h2s.stop_high", AT_MOST, 7.2, "ppm", "GBZ 2.1 MAC 10 mg/m3", "1-29"),
    Ceiling("gases.co.stop_high", AT_MOST, 26.2, "ppm", "GBZ 2.1 STEL 30 mg/m3", "1-29"),
    Ceiling("gases.cl2.stop_high", AT_MOST, 0.34, "ppm", "GBZ 2.1 MAC 1 mg/m3", "4-18"),
    Ceiling("gases.nh3.stop_high", AT_MOST, 43.1, "ppm", "GBZ 2.1 STEL 30 mg/m3", "1-29"),
    Ceiling("gases.so2.stop_high", AT_MOST, 3.82, "ppm", "GBZ 2.1 STEL 10 mg/m3", "1-29"),
    Ceiling("gases.c6h6.stop_high", AT_MOST, 1.88, "ppm", "GBZ 2.1-2019 amendment 1 STEL 6 mg/m3", "1-29"),
    Ceiling("guard.post_pause_m", AT_MOST, 50, "m", "ledger: 50 m from the point", "2-25"),
    Ceiling("guard.post_warn_m", AT_MOST, 15, "m", "docs/domain.md 2.5 G2", "2-25"),
    Ceiling("guard.move_m", AT_LEAST, 3, "m", "docs/domain.md 2.5 G1: jitter is no step", "2-24"),
    Ceiling("guard.still_pause_s", AT_MOST, 300, "s", "ledger: 5 minutes without movement", "2-24"),
    Ceiling("guard.seated_pause_s", AT_MOST, 3600, "s", "R: micro-movement alone, without a step", "2-24"),
    Ceiling("guard.here_presses", AT_MOST, 2, "presses", "docs/domain.md 2.5 G1: the third needs a scan", "2-24"),
    Ceiling("guard.level_m", AT_MOST, 5, "m", "docs/domain.md 2.5 G2", "2-25"),
    Ceiling("guard.watched_permits", AT_MOST, 2, "permits", "GB 30871-2022 4.10: does nothing else", "2-13"),
    Ceiling("guard.video_pause_s", AT_MOST, 300, "s", "docs/domain.md 2.5 G6", "2-15"),
    Ceiling("guard.video_left_s", AT_MOST, 15, "s", "docs/domain.md 2.5 G6: called back within 15 s", "2-15"),
    Ceiling("guard.video_still_s", AT_MOST, 300, "s", "docs/domain.md 2.5 G6: minutes, no more", "2-15"),
    Ceiling("guard.video_fresh_s", AT_MOST, 10, "s", "docs/domain.md 2.5 G6", "2-15"),
    Ceiling("guard.video_saves_s", AT_MOST, 300, "s", "docs/domain.md 2.5 G6: <= 5 min", "2-15"),
    Ceiling("lone.still_evacuate_s", AT_MOST, 300, "s", "docs/domain.md 2.6: lone no-motion", "2-47"),
    Ceiling("guard.battery_warn_pct", AT_LEAST, 20, "%", "docs/domain.md 4.2: warn 20 %", "2-24"),
    Ceiling("guard.battery_least_pct", AT_LEAST, 10, "%", "docs/domain.md 4.2: 10 % = replace", "2-24"),
    Ceiling("guard.interval_count", AT_MOST, 100, "count", "docs/domain.md 2.5 G3: as many are kept", "2-24"),
    Ceiling("guard.lost_pause_s", AT_MOST, 60, "s", "docs/domain.md 2.5 G3", "2-24"),
    Ceiling("guard.video_ask_s", AT_MOST, 240, "s", "docs/domain.md 2.5 G6: asked before the pause", "2-15"),
    Ceiling("network.grace_s", AT_MOST, 30, "s", "docs/domain.md 2.5 G3: the guard is lost after 60 s", "2-24"),
    Ceiling("network.hole_s", AT_LEAST, 3, "s", "docs/domain.md 2.3: three missed words are a silence", "0-11"),
    Ceiling("network.witnesses_count", AT_LEAST, 3, "count", "R: two beside the one that is asked about", "0-11"),
    Ceiling("guard.outside_on_s", AT_MOST, 10, "s", "docs/domain.md 2.5 G2", "2-25"),
    Ceiling("guard.unsure_pause_s", AT_MOST, 60, "s", "docs/domain.md 2.5 G2", "2-25"),
    Ceiling("gas.stale_min_s", AT_MOST, 10, "s", "docs/domain.md 2.3", "2-45"),
    Ceiling("gas.not_good_pause_s", AT_MOST, 30, "s", "docs/domain.md 2.3: confined space", "2-45"),
    Ceiling("gas.test_grace_s", AT_MOST, 600, "s", "R: time to fetch the tester", "2-29"),
    Ceiling("gas.warn_on_s", AT_MOST, 10, "s", "docs/domain.md 2.6: a warning after 5 s", "0-13"),
    Ceiling("gas.oxygen_warn_on_s", AT_MOST, 60, "s", "docs/domain.md 1.8", "1-29"),
    Ceiling("gases.co.stel", AT_MOST, 26.2, "ppm", "GBZ 2.1 STEL 30 mg/m3", "1-29"),
    Ceiling("gases.co.twa", AT_MOST, 17.5, "ppm", "GBZ 2.1 TWA 20 mg/m3", "1-29"),
    Ceiling("gases.nh3.stel", AT_MOST, 43.1, "ppm", "GBZ 2.1 STEL 30 mg/m3", "1-29"),
    Ceiling("gases.nh3.twa", AT_MOST, 28.8, "ppm", "GBZ 2.1 TWA 20 mg/m3", "1-29"),
    Ceiling("gases.so2.stel", AT_MOST, 3.82, "ppm", "GBZ 2.1 STEL 10 mg/m3", "1-29"),
    Ceiling("gases.so2.twa", AT_MOST, 1.91, "ppm", "GBZ 2.1 TWA 5 mg/m3", "1-29"),
    Ceiling("gases.c6h6.stel", AT_MOST, 1.88, "ppm", "GBZ 2.1-2019 amendment 1 STEL 6 mg/m3", "1-29"),
    Ceiling("gases.c6h6.twa", AT_MOST, 0.94, "ppm", "GBZ 2.1-2019 amendment 1 TWA 3 mg/m3", "1-29"),
    Ceiling("gas.hysteresis_pct", AT_MOST, 10, "%", "docs/domain.md 2.6: 5-10 % of the set point", "0-13"),
    Ceiling("gas.blind_retest_s", AT_MOST, 600, "s", "R: blind for longer, and the air is unknown", "2-45"),
    Ceiling("gas.daily_grace_s", AT_MOST, 1800, "s", "GB 30871-2022 5.3.1 c, d", "1-29"),
    Ceiling("gas.minute_known_pct", AT_LEAST, 50, "%", "docs/domain.md 2.2: missing minutes are told", "1-29"),
    Ceiling("gas.differ_pct", AT_MOST, 20, "%", "docs/domain.md 2.4", "2-45"),
    Ceiling("gas.differ_counts", AT_MOST, 10, "counts", "docs/domain.md 2.4", "2-45"),
    Ceiling("gas.differ_on_s", AT_MOST, 60, "s", "docs/domain.md 2.4", "2-45"),
    Ceiling("gas.catalytic_o2_pct", AT_LEAST, 10, "%", "docs/domain.md 2.3", "2-45"),
    Ceiling("gas.cell_o2_pct", AT_LEAST, 5, "%", "docs/domain.md 2.3", "2-45"),
    Ceiling("camera.film_days", AT_LEAST, 30, "days", "GB 30871-2022 B.3", "2-49"),
    Ceiling("camera.not_monitored_s", AT_MOST, 60, "s", "docs/domain.md 2.3: others", "2-49"),
    Ceiling("device.silent_pause_s", AT_MOST, 60, "s", "docs/domain.md 2.3: others", "2-45"),
    Ceiling("device.bump_s", AT_MOST, 300, "s", "R: time to open the bottle", "4-30"),
    Ceiling("device.calibration_days", AT_MOST, 366, "days", "docs/domain.md 2.3: verified within a year", "4-30"),
    Ceiling("device.graces_day_times", AT_MOST, 1, "times", "R: a second is a habit", "4-34"),
    Ceiling("device.graces_month_times", AT_MOST, 3, "times", "R: a fourth is a habit", "4-34"),
    Ceiling("device.exception_days", AT_MOST, 30, "days", "R: what is needed for longer is mended", "4-34"),
    Ceiling("device.isolation_s", AT_MOST, 2, "s", "docs/domain.md 3: feedback", "2-41"),
    Ceiling(
        "resume.sign_window_s", AT_MOST, 600, "s", "R: the yes of several people belongs to one moment", "2-27"
    ),
    Ceiling("alarm.local_s", AT_MOST, 30, "s", "docs/domain.md 2.6: escalation", "0-14"),
    Ceiling("alarm.officer_s", AT_MOST, 60, "s", "docs/domain.md 2.6: escalation", "2-26"),
    Ceiling("alarm.manager_s", AT_MOST, 300, "s", "docs/domain.md 2.6: escalation", "0-14"),
    Ceiling("alarm.siren_on_s", AT_MOST, 2, "s", "R: told from a steady tone at once (docs/domain.md 3)", "0-32"),
    Ceiling("alarm.siren_off_s", AT_MOST, 2, "s", "R: a pause, no silence (docs/domain.md 3)", "0-32"),
    Ceiling("alarm.shelf_s", AT_MOST, 1800, "s", "docs/domain.md 2.6: shelved <= 30 min"),
    Ceiling("override.longest_s", AT_MOST, 1800, "s", "docs/domain.md 3: override <= 30 min"),
    Ceiling("resume.person_stops", AT_MOST, 3, "stops", "docs/domain.md 3: 3 stops in a shift", "2-27"),
    Ceiling("resume.shift_s", AT_LEAST, 28800, "s", "R: a shift of 8 h", "2-27"),
    Ceiling("people.confirmed_fresh_s", AT_MOST, 86400, "s", "R: looked at on the same day", "2-49"),
    Ceiling("works.confined_space.sample_age_s", AT_MOST, 1800, "s", "GB 30871-2022 6.3 a", "1-29"),
    Ceiling("figures.repeat_times", AT_MOST, 3, "times", "ledger: repeated three times or more", "2-58"),
    Ceiling("drill.longest_s", AT_MOST, 7200, "s", "R: a drill stops real work, so it ends by itself", "0-29"),
    Ceiling("rectify.respond_s", AT_MOST, 7200, "s", "ledger: no response in 2 h: the next role", "2-07"),
    Ceiling("rectify.overdue_s", AT_MOST, 7200, "s", "ledger: 2 h past the deadline: the next role", "4-04"),
    Ceiling("rectify.close_s", AT_MOST, 86400, "s", "ledger: closed within 24 h", "4-36"),
    Ceiling(
        "entry.unauthorised_on_s", AT_MOST, 30, "s", "docs/domain.md 2.6: unauthorised person in zone", "2-13"
    ),
    Ceiling("entry.stranger_on_s", AT_MOST, 60, "s", "docs/domain.md 2.6: unauthorised person in zone", "2-13"),
    Ceiling("entry.stranger_times", AT_MOST, 3, "times", "R: three times an error is no error", "2-13"),
    Ceiling("entry.uncounted_on_s", AT_MOST, 60, "s", "docs/domain.md 2.6: count in = count out", "2-56"),
    Ceiling("entry.contact_grace_s", AT_MOST, 300, "s", "29 CFR 1910.146(i)(5)", "2-56"),
    Ceiling("entry.still_inside_s", AT_MOST, 300, "s", "GB 30871-2022 6.5: leave at once", "0-35"),
    Ceiling("ppe.missing_pct", AT_MOST, 60, "%", "docs/domain.md 2.6: >= 60 % of pictures", "4-38"),
    Ceiling("ppe.over_s", AT_MOST, 5, "s", "docs/domain.md 2.6: over 3-5 s", "4-38"),
    Ceiling("ppe.frames_count", AT_MOST, 10, "count", "docs/domain.md 2.6: over 3-5 s", "4-38"),
    Ceiling("works.confined_space.longest_s", AT_MOST, 86400, "s", "GB 30871-2022 6.10", "2-21"),
    Ceiling("works.confined_space.retest_after_s", AT_MOST, 3600, "s", "GB 30871-2022 6.3 f", "2-27"),
    Ceiling("simops.vertical_m", AT_LEAST, 5, "m", "docs/domain.md 3: vertical +-5 m", "2-22"),
    Ceiling("simops.embers_m", AT_LEAST, 10.7, "m", "29 CFR 1910.252(a)(2)(iii)(A): 35 feet", "2-21"),
    Ceiling("guard.unwatched_s", AT_MOST, 60, "s", "docs/domain.md 2.5 G3: lost after 60 s", "2-21"),
    Ceiling("simops.peer_stale_s", AT_MOST, 60, "s", "docs/domain.md 2.3: others", "2-22"),
    Ceiling("device.interlock_on_s", AT_MOST, 5, "s", "docs/domain.md 2.6: on-delay", "2-02"),
    Ceiling("shift.handover_s", AT_MOST, 1800, "s", "ledger: the 30 min after a change of shift", "2-53"),
    Ceiling("power.warn_s", AT_MOST, 30, "s", "docs/domain.md 3: fail-safe", "0-29"),
    Ceiling("power.backup_s", AT_MOST, 30, "s", "docs/domain.md 3: fail-safe", "2-41"),
    Ceiling("power.pause_s", AT_MOST, 600, "s", "docs/domain.md 3: fail-safe", "0-29"),
    Ceiling("weather.warn_pct", AT_MOST, 95, "%", "docs/domain.md 2.6: a warning before the stop", "2-22"),
    Ceiling("weather.gust_on_s", AT_MOST, 10, "s", "docs/domain.md 2.6: on-delay of danger", "2-22"),
    Ceiling("weather.not_good_pause_s", AT_MOST, 60, "s", "docs/domain.md 2.3: others", "2-45"),
)
# Shortening these loosens: only a DEMO rulebook may.
REAL_ONLY = (
    Ceiling("gas.danger_off_s", AT_LEAST, 60, "s", "docs/domain.md 2.6", "1-29"),
    Ceiling("device.calm_off_s", AT_LEAST, 60, "s", "docs/domain.md 2.6", "3-21"),
    Ceiling("resume.clean_s", AT_LEAST, 60, "s", "docs/domain.md 3 B", "2-27"),
    Ceiling("weather.calm_off_s", AT_LEAST, 300, "s", "docs/domain.md 2.6: gusts are one episode", "2-22"),
    Ceiling("time.near_end_s", AT_LEAST, 1800, "s", "docs/domain.md 2.6", "2-30"),
    Ceiling("time.upgrade_warn_s", AT_LEAST, 900, "s", "R: time to fetch a signature", "2-29"),
)

# Who must say yes at least (docs/domain.md 3); a rulebook may add capacities, never drop one.
SIGNERS: dict[str, tuple[frozenset[str], ...]] = {
    # Each set is one capacity that must be named; where it holds two, either will do.
    "start_signers": (frozenset({"holder"}), frozenset({"guard"})),
    "close_signers": (frozenset({"holder"}), frozenset({"area_owner"})),
    "resume_signers.A": (frozenset({"safety_officer"}), frozenset({"holder"}), frozenset({"guard"})),
    "resume_signers.B": (frozenset({"holder"}), frozenset({"guard"})),
    "resume_signers.C": (
        frozenset({"holder"}),
        frozenset({"guard"}),
        frozenset({"shift_lead", "safety_officer"}),
    ),
    "resume_signers.D": (frozenset({"holder"}), frozenset({"guard"})),
}

# Works that are kept apart at least (docs/domain.md 3): first, second, how, metres at least, what
# alone may lift it (tickets of one job that name each other; a deck between), clause.
DECK_UP_TO_M = 24.0  # GB 30871-2022 8.2.8: above it the deck is a double one
CONFLICTS: tuple[tuple[str, str, str, float, str, str], ...] = (
    ("hot", "confined_space", "area", 0, "linked", "GB 30871-2022 4.6, 6.7"),
    ("hot", "blind_plate", "area", 30, "", "GB 30871-2022 7.6"),
    ("blind_plate", "blind_plate", "pipe", 0, "", "GB 30871-2022 7.10"),
    ("hot", "painting", "area", 10, "", "GB 30871-2022 5.2.9"),
    ("hot", "solvent", "area", 10, "", "GB 30871-2022 5.2.9"),
    ("hot", "dust_sweeping", "area", 10, "", "GB 30871-2022 5.2.9"),
    ("hot", "venting", "area", 30, "", "GB 30871-2022 5.2.9"),
    ("hot", "draining", "area", 15, "", "GB 30871-2022 5.2.9"),
    ("hot", "tank_sampling", "area", 0, "", "GB 30871-2022 5.2.8"),
    ("hot", "dewatering", "area", 0, "", "GB 30871-2022 5.2.8"),
    ("height", "height", "fall_line", 3, "deck", "GB 30871-2022 8.2.8"),
)
