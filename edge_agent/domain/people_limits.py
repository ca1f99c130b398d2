"""The rulebook's limits of people: the guard, who is alone or inside, equipment, papers, their network."""

from msgspec import Struct

from edge_agent.domain.limit import Limit


class GuardLimits(Struct, frozen=True, kw_only=True):
    """The guard at his post (G1-G7)."""

    still_warn_s: Limit
    still_pause_s: Limit
    seated_warn_s: Limit
    seated_pause_s: Limit
    here_presses: Limit
    move_m: Limit
    post_warn_m: Limit
    post_pause_m: Limit
    level_m: Limit
    outside_on_s: Limit
    unsure_pause_s: Limit
    lost_warn_s: Limit
    lost_pause_s: Limit
    watched_permits: Limit
    unwatched_s: Limit  # ended hot work whose fire watch nobody keeps: told after so long
    video_left_s: Limit  # the post is empty, and nothing shows him there: asked at once
    video_warn_s: Limit
    video_ask_s: Limit  # ... while his wearable shows him at the post
    video_pause_s: Limit
    video_still_s: Limit  # what has not moved for so long at the post proves nobody
    video_fresh_s: Limit
    video_saves_s: Limit
    interval_count: Limit  # so many intervals of a tag, and its own are known
    interval_absent_s: Limit  # a tag that is silent for longer was away
    battery_warn_pct: Limit  # whoever wears a tag with no more of its charge left is to change it
    battery_least_pct: Limit  # a tag with no more of its charge left guards nobody


class NetworkLimits(Struct, frozen=True, kw_only=True):
    """When the network is said to be gone, and how much of a source's silence is put down to it."""

    hole_s: Limit
    witnesses_count: Limit
    warn_s: Limit
    grace_s: Limit


class LoneLimits(Struct, frozen=True, kw_only=True):
    """Somebody whom nobody sees: how long his wearable may lie still."""

    still_warn_s: Limit
    still_evacuate_s: Limit


class EntryLimits(Struct, frozen=True, kw_only=True):
    """People in confined spaces: counted in and out, in contact, out again when told to leave."""

    uncounted_on_s: Limit
    unauthorised_on_s: Limit
    stranger_on_s: Limit
    stranger_times: Limit
    inside_warn_s: Limit
    contact_grace_s: Limit
    still_inside_s: Limit


class PpeLimits(Struct, frozen=True, kw_only=True):
    """When an item of protective equipment counts as missing: in which share of how many pictures."""

    missing_pct: Limit
    over_s: Limit
    frames_count: Limit


class PeopleLimits(Struct, frozen=True, kw_only=True):
    """What is asked of people's papers, and how long somebody's word about a measure holds."""

    training: bool  # training on record (ledger 0-21)
    daily_class: bool  # the day's safety class (ledger 0-23)
    tester_certificates: tuple[str, ...]  # scopes that who samples gas must hold
    papers_warn_s: Limit  # warned so long before a certificate, training or record ends
    confirmed_fresh_s: Limit  # a manual measure was looked at so long before the start at most
