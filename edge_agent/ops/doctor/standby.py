"""What stands behind the box: the newest backup off it, and the UPS that it asks."""

import time
from calendar import timegm
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.backup.command import backups
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.folders import BACKUP_ARRIVED
from edge_agent.ops.nut import asked
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable
from edge_agent.tell.live_file import read_live
from edge_agent.tell.upload.backups import arrived

OVERDUE_S = 2 * 86_400.0  # one each night, and a box that was off makes up for it (edge-agent-backup.timer)
STAMP = "%Y%m%dT%H%M%SZ"
AHEAD_S = 3600.0
LIVE_S = 10.0  # an older picture says nothing of now
SEE_CLOCK = Words(
    "请核对本机时钟，并移走日期错误的备份", "see to the clock, and move a backup with a wrong date elsewhere"
)
SEE_TIMER = Words(
    "请查看 `systemctl status edge-agent-backup.timer` 和 `journalctl -u edge-agent-backup`",
    "see `systemctl status edge-agent-backup.timer` and `journalctl -u edge-agent-backup`",
)
NEWEST = Words("最近的备份", "the newest backup")
ARRIVED = Words("存储服务器上最近的备份", "the newest backup at the store")
NONE_ARRIVED = Words("还没有备份送达存储服务器", "no backup has arrived at the store yet")
SEE_STORE = Words(
    "请查看 [upload] 的存储服务器是否可达、`edge-agent-backup.timer` 是否启用",
    "see whether the store of [upload] is reached, and `edge-agent-backup.timer` enabled",
)


def backup_look(settings: Settings, table: BackupTable, utc: float | None = None) -> Iterator[Finding]:
    """How old the newest backup of this unit is."""
    into = Path(table.into)
    try:
        there, found = into.is_dir(), backups(settings, into)
    except PermissionError:
        says = Words(f"无权读取 {into}", f"{into} may not be read")
        yield unseen("backup", "no_permission", says, Words("请以 root 运行 doctor", "run the doctor as root"))
        return
    if not there:
        says = Words(f"备份目录 {into} 不存在", f"the folder {into} of the backups is not there")
        yield fault(
            "backup", Layer.PLUG, "backup_nowhere", says, Words("请挂载磁盘或共享", "mount the disk or share")
        )
        return
    if not found:
        yield fault("backup", Layer.VALUE, "backup_none", Words("还没有备份", "there is no backup yet"), SEE_TIMER)
        return
    yield _aged(found[-1].name, "backup", NEWEST, SEE_TIMER, utc)


def arrived_look(settings: Settings, utc: float | None = None) -> Iterator[Finding]:
    """How old the newest backup is that the store of [upload] has taken whole."""
    last = arrived(settings.state_folder / BACKUP_ARRIVED)
    if last is None:
        yield fault("backup.sent", Layer.VALUE, "backup_none", NONE_ARRIVED, SEE_STORE)
        return
    yield _aged(last.name, "backup.sent", ARRIVED, SEE_STORE, utc)


def _aged(name: str, part: str, which: Words, see: Words, utc: float | None) -> Finding:
    """By the date in its name."""
    stamp = name.rpartition("-")[2].partition(".")[0]
    age_s = (time.time() if utc is None else utc) - timegm(time.strptime(stamp, STAMP))
    old = Words(f"{which.zh}在 {age_s / 3600:.0f} 小时前", f"{which.en} is {age_s / 3600:.0f} h old")
    if age_s < -AHEAD_S:
        ahead = Words(
            f"{which.zh}日期比本机时钟晚 {-age_s / 3600:.0f} 小时：无法得知备份有多旧",
            f"{which.en} is dated {-age_s / 3600:.0f} h ahead of this clock: nobody knows how old it is",
        )
        return fault(part, Layer.VALUE, "backup_ahead", ahead, SEE_CLOCK)
    return fault(part, Layer.VALUE, "backup_overdue", old, see) if age_s > OVERDUE_S else fine(part, old)


def _short(settings: Settings) -> Words | None:
    """The agent's own reckoning: that the back-up ends before the work does; None: it does not say so."""
    now = read_live(settings.runtime_folder)
    if now is None or now.supply is None or not 0 <= time.time() - now.at_utc < LIVE_S:
        return None
    return now.supply.means if now.supply.lasts is False else None


def ups_look(settings: Settings) -> Iterator[Finding]:
    """What whoever knows says of the supply."""
    table = settings.site.power
    told = asked(table)()
    see = Words("请检查 UPS 和 upsd", "see to the UPS and its upsd")
    if told.on_mains is None:
        says = told.why or Words("供电状态未知", "nobody knows what feeds the box")
        yield fault("power.ups", Layer.ANSWER, "ups_unknown", says, see)
    elif told.wrong:
        yield fault("power.ups", Layer.VALUE, "ups_wrong", told.wrong, see)
    elif not told.on_mains:
        says = Words("由电池供电", "the box runs on its battery")
        yield fault("power.ups", Layer.VALUE, "on_battery", says, Words("请恢复市电", "see to the mains"))
    elif (short := _short(settings)) is not None:
        yield fault(
            "power.ups",
            Layer.VALUE,
            "ups_too_short",
            short,
            Words("请提前收工，或检查更换电池", "end the work earlier; check the battery"),
        )
    else:
        zh, en = (
            ("可用时间未知", "lasts nobody knows how long")
            if told.minutes is None
            else (f"可用 {told.minutes:.0f} 分钟", f"lasts {told.minutes:.0f} min")
        )
        yield fine("power.ups", Words(f"市电正常，电池{zh}", f"the mains are there; the battery {en}"))
