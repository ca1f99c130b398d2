"""Which rules a safety officer may let be for a while, for which work, and why not: one table to review.

An override (overrides.py) is for something that the box cannot know while people on site can: a dead badge, a
wet lens. It is never for the danger itself, never for the means to stop, and never where its price could be
somebody who lies inside while nobody outside knows (docs/domain.md section 3). A rule that does not stand here is
never let be.
"""

from collections.abc import Callable

from msgspec import Struct

from edge_agent.domain.outcome import Effect
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK, WorkLimits


def never(_work: WorkLimits) -> bool:
    """For no work."""
    return False


def unless_watched(work: WorkLimits) -> bool:
    """Not in a confined space, nor in special-grade hot work, nor in work that the book does not know."""
    return work is not UNKNOWN_WORK and not work.confined and not work.watched


def unless_filmed_by_law(work: WorkLimits) -> bool:
    """Not where the rulebook itself asks for video (special-grade hot work: GB 30871-2022 5.2.11)."""
    return work is not UNKNOWN_WORK and not work.video


class Ground(Struct, frozen=True, kw_only=True):
    """For which work a rule may be let be, and why so: words for whoever signs the rules page."""

    why: Words
    may: Callable[[WorkLimits], bool] = never


STOPS_NOTHING = Ground(why=Words("只提示，不停止作业，无需旁路", "it stops nothing: there is nothing to let be"))
NOT_CONSIDERED = Ground(why=Words("未经评审，不得旁路", "nobody has thought about it yet"))

DANGER = Ground(why=Words("这就是危险本身：先撤离", "it is the danger itself: people leave"))
EXPOSURE = Ground(
    why=Words("人员已超量接触，签字不能减少剂量", "people breathed too much: no signature takes it back")
)
STOP_MEANS = Ground(
    why=Words(
        "停止手段失效：旁路后将无法停止作业", "the means to stop are what fails: nothing could stop the work"
    )
)
STOP_ASKED = Ground(why=Words("有人要求停止：任何人可叫停", "somebody asked to stop: anybody may"))
GUARD_GONE = Ground(
    why=Words(
        "已知监护人不在或不能监护：里面的人出事无人知道、无人呼救",
        "the guard is known to be gone or unable: somebody could lie inside and nobody would know or call",
    )
)
GUARD_DOWN = Ground(
    why=Words(
        "监护人可能已倒下；走一步、按“我在岗”或重新签到即可解除",
        'he may have collapsed; a step, a press of "I\'m here" or a check-in clears it',
    )
)
GUARD_UNHEARD = Ground(
    may=unless_watched,
    why=Words(
        "监护人在场而设备不能证明时可旁路；受限空间和特级动火除外：那里监护人不在会死人",
        "where he is there and only his device cannot show it; not in confined spaces and special-grade hot work, "
        "where a guard who is gone costs a life",
    ),
)
SOMEBODY_INSIDE = Ground(why=Words("有人可能受困或失去知觉", "somebody may be trapped or unconscious"))
WRONG_PERSON = Ground(
    why=Words(
        "人叫出来即可解除；旁路等于允许无关人员进入", "calling him out clears it; letting it be lets anybody in"
    )
)
LIFE_LINE = Ground(
    why=Words("没有它一旦出事就会死人；戴上即可解除", "without it a slip kills; putting it on clears it")
)
AIR_UNKNOWN = Ground(
    may=unless_watched,
    why=Words(
        "不要求连续检测的作业，可由便携仪临时代替；受限空间和特级动火绝不",
        "where the law asks for no continuous measuring, a portable one may stand in; never in confined spaces "
        "and special-grade hot work",
    ),
)
AIR_UNSHOWN = Ground(
    why=Words(
        "气体是否安全没有依据：取样、标定或换检测仪",
        "nothing shows that the air is safe: sample, calibrate, replace",
    )
)
FILMED = Ground(
    may=unless_filmed_by_law,
    why=Words(
        "视频不是气体或监护的代替；作业票自行要求的可旁路，法规要求全程视频的（特级动火）不得",
        "video stands in for neither gas nor guard; let be where the ticket alone asks for it, never where the "
        "law does (special-grade hot work)",
    ),
)
ON_FILM = Ground(
    why=Words(
        "法规要求全程录像：修复或更换录像设备", "the law wants it on film: mend the recording, or replace it"
    )
)
UNHEARD = Ground(
    why=Words(
        "继电器失联就无法切断，手环失联就听不到求救：换设备或改票",
        "a silent relay cannot cut, a silent wearable cannot call for help: replace it, or change the ticket",
    )
)
PROVES_NOTHING = Ground(
    why=Words(
        "停用、报废或无人担保的设备不能作证：换一台",
        "a device that is withdrawn, or that nobody vouches for, proves nothing: replace it",
    )
)
CONDITION = Ground(
    why=Words("作业条件不满足：等条件恢复", "a condition of the work does not hold: wait until it does")
)
LAW = Ground(
    why=Words(
        "法规要求的人员、审批、时间或文件：补齐，不得代签", "papers, approvals and times of the law: bring them"
    )
)
BOX = Ground(why=Words("主机不能可靠监护时不得作业", "no work while the box itself cannot be relied on"))
AT_HAND = Ground(why=Words("现场几分钟即可办好", "it is done on site within minutes"))

# By rule. Whoever adds a rule that blocks, pauses or evacuates adds its line here; a test asks for it.
GROUNDS: dict[str, Ground] = {
    # gas
    "gas_dangerous": DANGER,
    "gas_area_dangerous": DANGER,
    "gas_level_clears": DANGER,
    "gas_level_ends": DANGER,
    "sample_dangerous": DANGER,
    "gas_stel": EXPOSURE,
    "gas_twa": EXPOSURE,
    "gas_not_good": AIR_UNKNOWN,
    "gas_unwatched": AIR_UNSHOWN,
    "gas_test_overdue": AIR_UNSHOWN,
    "gas_area_doubtful": AIR_UNSHOWN,
    "gas_calibration_overdue": AIR_UNSHOWN,
    "gas_calibration_overdue_next_shift": AIR_UNSHOWN,
    "gas_not_sampled": AIR_UNSHOWN,
    "gas_not_sampled_today": AIR_UNSHOWN,
    # the guard
    "guard_absent": GUARD_GONE,
    "guard_too_far": GUARD_GONE,
    "guard_off_level": GUARD_GONE,
    "guard_off_site": GUARD_GONE,
    "guard_post_empty": GUARD_GONE,
    "guard_post_unsure_too_long": GUARD_UNHEARD,
    "guard_went_in": GUARD_GONE,
    "guard_perhaps_went_in": GUARD_GONE,
    "guard_off_post": GUARD_GONE,
    "guard_not_checked_in": AT_HAND,
    "guard_still_too_long": GUARD_DOWN,
    "guard_without_wearable": GUARD_UNHEARD,
    "guard_perhaps_too_far": GUARD_UNHEARD,
    "guard_lost": GUARD_UNHEARD,
    "guard_lost_a_while": CONDITION,
    "guard_tag_off": GUARD_UNHEARD,
    "guard_tag_too_slow": PROVES_NOTHING,
    "badge_of_two": AT_HAND,
    "handover_missed": AT_HAND,
    # people
    "sos": DANGER,
    "fall": DANGER,
    "lone_still": DANGER,
    "contact_lost": SOMEBODY_INSIDE,
    "still_inside": SOMEBODY_INSIDE,
    "people_not_out_at_the_end": SOMEBODY_INSIDE,
    "power_serves_nothing": LAW,
    "not_cleared": SOMEBODY_INSIDE,
    "embers_beside": CONDITION,
    "inside_before_start": WRONG_PERSON,
    "inside_unauthorised": WRONG_PERSON,
    "stranger_seen_inside": WRONG_PERSON,
    "kept_out": WRONG_PERSON,
    "stop_zone_entered": WRONG_PERSON,
    "inside_too_long": EXPOSURE,
    "ppe_critical_missing": LIFE_LINE,
    # devices, and the stop itself
    "camera_required_not_monitored": FILMED,
    "recording_required_not_kept": ON_FILM,
    "device_silent": UNHEARD,
    "device_unbound": LAW,
    "device_withdrawn": PROVES_NOTHING,
    "device_not_vouched_for": PROVES_NOTHING,
    "gas_under_test": PROVES_NOTHING,
    "no_permissive_output": STOP_MEANS,
    "isolation_failed": STOP_MEANS,
    "output_not_following": STOP_MEANS,
    "power_taken": STOP_ASKED,
    "stop_button": STOP_ASKED,
    # surroundings, and works that meet
    "wind_strong": CONDITION,
    "wind_unknown": CONDITION,
    "gauge_beyond": DANGER,
    "gauge_unknown": CONDITION,
    "interlock_open": CONDITION,
    "earth_clamp_off": CONDITION,
    "light_curtain_broken": CONDITION,
    "water_in": DANGER,
    "siren_line_broken": STOP_MEANS,
    "siren_not_heard": STOP_MEANS,
    "works_conflict": CONDITION,
    "works_uncoordinated": AT_HAND,
    "peers_unknown": CONDITION,
    "peer_evacuates": DANGER,
    "peer_evacuation_unknown": CONDITION,
    "network_silent": CONDITION,
    # the permit
    "outside_window": LAW,
    "power_outlasts_work": LAW,
    "person_unfit": LAW,
    "no_licence": LAW,
    "out_of_scope": LAW,
    "untrained": LAW,
    "no_daily_class": LAW,
    "record_ran_out": LAW,
    "not_approved": LAW,
    "upgrade_not_approved": LAW,
    "upgrade_outlasted": LAW,
    "no_jsa": LAW,
    "measure_not_confirmed": AT_HAND,
    "measure_not_verified": CONDITION,
    # the box
    "clock_not_trusted": BOX,
    "not_commissioned": BOX,
    "records_failing": BOX,
    "mains_lost_for_long": BOX,
    "supply_unknown_for_long": BOX,
}


def ground(rule: str, effect: Effect) -> Ground:
    """Why this rule may or may not be let be."""
    if effect < Effect.BLOCK_START:
        return STOPS_NOTHING
    return GROUNDS.get(rule, NOT_CONSIDERED)
