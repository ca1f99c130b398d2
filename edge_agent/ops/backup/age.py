"""When a backup is too old: the one limit, for the doctor and for the alarm of the running box."""

from calendar import timegm
from time import strptime

from msgspec import Struct

from edge_agent.domain.words import Words

OVERDUE_S = 2 * 86_400.0  # one each night, and a box that was off makes up for it (edge-agent-backup.timer)
AHEAD_S = 3600.0  # by so much a clock may have been set back meanwhile
STAMP = "%Y%m%dT%H%M%SZ"

NEWEST = Words("最近的备份", "the newest backup")
ARRIVED = Words("存储服务器上最近的备份", "the newest backup at the store")
NONE = Words("还没有备份", "there is no backup yet")
NONE_ARRIVED = Words("还没有备份送达存储服务器", "no backup has arrived at the store yet")


class Aged(Struct, frozen=True):
    """How old one is, in words; `code` is empty where that is as it should be."""

    says: Words
    code: str = ""


def made_utc(name: str) -> float | None:
    """By the date in its name, seconds; None: it has none that can be read."""
    try:
        return float(timegm(strptime(name.rpartition("-")[2].partition(".")[0], STAMP)))
    except ValueError:
        return None


def aged(which: Words, made: float | None, utc: float) -> Aged:
    """`made` and `utc` in seconds of UTC. One of the future, or without a date, is as bad as none."""
    if made is None:
        undated = Words(
            f"{which.zh}没有日期：无法得知有多旧", f"{which.en} has no date: nobody knows how old it is"
        )
        return Aged(undated, "backup_undated")
    age_s = utc - made
    if age_s < -AHEAD_S:
        ahead = Words(
            f"{which.zh}日期比本机时钟晚 {-age_s / 3600:.0f} 小时：无法得知备份有多旧",
            f"{which.en} is dated {-age_s / 3600:.0f} h ahead of this clock: nobody knows how old it is",
        )
        return Aged(ahead, "backup_ahead")
    old = Words(f"{which.zh}在 {age_s / 3600:.0f} 小时前", f"{which.en} is {age_s / 3600:.0f} h old")
    return Aged(old, "backup_overdue" if age_s > OVERDUE_S else "")
