"""Which way every field of a rulebook may be moved without a signature: one table, tested to be complete.

A new limit gets its line here: AT_MOST where a smaller value is the safer one, AT_LEAST where a greater one is,
FIXED where neither is (a site may then not move it), FREE for what decides nothing.
Lists of people, certificates, gases or equipment may only grow, and what is demanded (true) stays demanded.
"""

from enum import StrEnum


class Direction(StrEnum):
    """The safe way."""

    AT_MOST = "at_most"  # the base's value is the greatest
    AT_LEAST = "at_least"  # ... the smallest
    FIXED = "fixed"
    FREE = "free"


AT_MOST, AT_LEAST, FIXED, FREE = Direction.AT_MOST, Direction.AT_LEAST, Direction.FIXED, Direction.FREE

DIRECTIONS: dict[str, Direction] = {
    # what decides nothing: names and sources
    "name": FREE,
    "version": FREE,
    "title": FREE,
    "extends": FREE,
    "loosened": FREE,
    "clause": FREE,
    "row": FREE,
    # what a book is
    "standard": FIXED,
    "demo": FIXED,
    # gases
    "stop_high": AT_MOST,
    "stop_low": AT_LEAST,
    "warn_high": AT_MOST,
    "warn_low": AT_LEAST,
    "entry_high": AT_MOST,
    "stel": AT_MOST,
    "twa": AT_MOST,
    "above": AT_MOST,  # where a response level begins
    "at_least": AT_MOST,
    "hysteresis": AT_LEAST,
    "hidden_by": AT_MOST,
    "resolution": FIXED,
    "lel_pct_vol": FIXED,  # properties of the gas, not limits
    "molar_mass": FIXED,
    # gas: how long a channel may be unusable, and how long a danger must be gone
    "stale_min_s": AT_MOST,
    "not_good_pause_s": AT_MOST,
    "danger_off_s": AT_LEAST,
    "warn_on_s": AT_MOST,
    "test_grace_s": AT_MOST,
    "oxygen_warn_on_s": AT_MOST,
    "hysteresis_pct": AT_LEAST,
    "blind_retest_s": AT_MOST,
    "daily_grace_s": AT_MOST,
    "minute_known_pct": AT_LEAST,
    "differ_pct": AT_MOST,
    "differ_counts": AT_MOST,
    "differ_on_s": AT_MOST,
    "catalytic_o2_pct": AT_LEAST,
    "cell_o2_pct": AT_LEAST,
    # trend: how far ahead it may speak; how a slope is measured is no matter of strictness
    "ahead_s": AT_LEAST,
    "long_ahead_s": AT_LEAST,
    "bucket_s": FIXED,
    "window_s": FIXED,
    "long_bucket_s": FIXED,
    "long_window_s": FIXED,
    "least_count": FIXED,
    "bound_sigma": FIXED,
    # guard, and whoever is alone
    "still_warn_s": AT_MOST,
    "still_pause_s": AT_MOST,
    "seated_warn_s": AT_MOST,
    "seated_pause_s": AT_MOST,
    "still_evacuate_s": AT_MOST,
    "here_presses": AT_MOST,
    "watched_permits": AT_MOST,
    "unwatched_s": AT_MOST,
    "level_m": AT_MOST,
    "video_left_s": AT_MOST,
    "video_warn_s": AT_MOST,
    "video_still_s": AT_MOST,
    "video_ask_s": AT_MOST,
    "video_pause_s": AT_MOST,
    "video_fresh_s": AT_MOST,
    "video_saves_s": AT_MOST,
    "interval_count": AT_MOST,
    "interval_absent_s": AT_LEAST,  # a pause in its signal that is no absence is an interval
    "battery_warn_pct": AT_LEAST,
    "battery_least_pct": AT_LEAST,
    "move_m": AT_LEAST,  # jitter is no step
    "post_warn_m": AT_MOST,
    "post_pause_m": AT_MOST,
    "outside_on_s": AT_MOST,
    "unsure_pause_s": AT_MOST,
    "lost_warn_s": AT_MOST,
    "lost_pause_s": AT_MOST,
    # the network: more must be silent for longer before it is said to be gone, and less is put down to it
    "hole_s": AT_LEAST,
    "witnesses_count": AT_LEAST,
    "grace_s": AT_MOST,
    # cameras, devices, the way to the centre
    "uncounted_on_s": AT_MOST,
    "unauthorised_on_s": AT_MOST,
    "stranger_on_s": AT_MOST,
    "stranger_times": AT_MOST,  # the fewer, the sooner somebody is nobody that is known
    "inside_warn_s": AT_LEAST,
    "contact_grace_s": AT_MOST,
    "still_inside_s": AT_MOST,
    "missing_pct": AT_MOST,
    "over_s": AT_MOST,
    "frames_count": AT_MOST,
    "not_monitored_s": AT_MOST,
    "film_days": AT_LEAST,
    "silent_pause_s": AT_MOST,
    "isolation_s": AT_MOST,
    "uplink_warn_s": AT_MOST,
    "bump_s": AT_MOST,
    "calibration_days": AT_MOST,
    "graces_day_times": AT_MOST,
    "graces_month_times": AT_MOST,
    "exception_days": AT_MOST,
    # resume and time
    "clean_s": AT_LEAST,
    "sign_window_s": AT_MOST,
    "person_stops": AT_MOST,
    "shift_s": AT_LEAST,
    "near_end_s": AT_LEAST,
    "upgrade_warn_s": AT_LEAST,
    # interlocks, power, shifts, and works beside each other
    "interlock_on_s": AT_MOST,
    "backup_s": AT_MOST,
    "warn_s": AT_MOST,
    "pause_s": AT_MOST,
    "handover_s": AT_MOST,
    "peer_stale_s": AT_MOST,
    "point_m": AT_LEAST,  # what a point is off by, a conflict reaches further
    "vertical_m": AT_LEAST,
    "within_m": AT_LEAST,
    "embers_m": AT_LEAST,
    "first": FIXED,
    "second": FIXED,
    "effect": FIXED,
    "near": FIXED,
    "unless": FIXED,
    "unless_up_to_m": AT_MOST,
    "unless_above": FIXED,
    "linked_ok": FIXED,
    "shown_by": FIXED,
    # weather
    "calm_off_s": AT_LEAST,
    "gust_on_s": AT_MOST,
    "warn_pct": AT_MOST,
    # alarms
    "local_s": AT_MOST,
    "officer_s": AT_MOST,
    "manager_s": AT_MOST,
    "shelf_s": AT_MOST,
    "on_time_s": AT_MOST,
    "repeat_times": AT_MOST,
    "repeat_s": AT_LEAST,
    "ppe_s": AT_MOST,
    "way_pct": AT_LEAST,
    "way_tries": AT_MOST,
    "chatter_s": FIXED,  # what chatters or floods is grouped, never silenced: no way is the safer one
    "chatter_times": FIXED,
    "chatter_off_s": FIXED,
    "flood_s": FIXED,
    "flood_alarms": FIXED,
    "siren_on_s": FIXED,  # one signal means one thing on every site of the company
    "siren_off_s": FIXED,
    # people's papers, and their word
    "papers_warn_s": AT_LEAST,
    "confirmed_fresh_s": AT_MOST,
    # putting right
    "respond_s": AT_MOST,
    "overdue_s": AT_MOST,
    "close_s": AT_MOST,
    # kinds of work
    "longest_s": AT_MOST,
    "guards": AT_LEAST,
    "sample_age_s": AT_MOST,
    "gas_grace_s": AT_MOST,
    "retest_after_s": AT_MOST,
    "wind_stop_mps": AT_MOST,
    "fire_watch_s": AT_LEAST,
    "inside_max_s": AT_MOST,
    "contact_s": AT_MOST,
    "keep_out_m": AT_LEAST,
    "make_safe": FIXED,  # whether a stop cuts at once or lets people down first: neither is safer for other work
    "upgraded_to": FIXED,
}

# An optional limit that is absent means "none", so to add it tightens; but these stand in place of another one.
IN_PLACE_OF = {"gas_grace_s": "gas.not_good_pause_s", "hysteresis": "gas.hysteresis_pct"}
