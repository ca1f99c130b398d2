"""What stands behind the box: the newest backup off it, and the UPS that it asks."""

import time
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.field import system_words
from edge_agent.ops.backup import age
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.folders import BACKUP_ARRIVED
from edge_agent.ops.nut import asked
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable, named_like
from edge_agent.store.far_folder import FarFolder, HangsError
from edge_agent.tell.live_file import read_live
from edge_agent.tell.upload.backups import arrived

PATIENCE_S = 5.0  # a share that needs longer to list a few names is as good as none
LIVE_S = 10.0  # an older picture says nothing of now
SEE_CLOCK = Words(
    "请核对本机时钟，并移走日期错误的备份", "see to the clock, and move a backup with a wrong date elsewhere"
)
SEE_TIMER = Words(
    "请查看 `systemctl status edge-agent-backup.timer` 和 `journalctl -u edge-agent-backup`",
    "see `systemctl status edge-agent-backup.timer` and `journalctl -u edge-agent-backup`",
)
SEE_STORE = Words(
    "请查看 [upload] 的存储服务器是否可达、`edge-agent-backup.timer` 是否启用",
    "see whether the store of [upload] is reached, and `edge-agent-backup.timer` enabled",
)


def backup_look(
    settings: Settings, table: BackupTable, utc: float | None = None, patience_s: float = PATIENCE_S
) -> Iterator[Finding]:
    """How old the newest backup of this unit is. The folder may be a share that hangs: then it says so."""
    into, site = Path(table.into), settings.site.site
    try:
        with FarFolder(into, patience_s) as far:
            found = far.names(named_like(site.id, site.unit))
    except PermissionError:
        says = Words(f"无权读取 {into}", f"{into} may not be read")
        yield unseen("backup", "no_permission", says, Words("请以 root 运行 doctor", "run the doctor as root"))
    except HangsError as hangs:
        says = Words(f"备份目录 {into} 无响应", f"the folder {into} of the backups does not answer")
        yield fault("backup", Layer.ANSWER, "backup_hangs", says, hangs.remedy)
    except (FileNotFoundError, NotADirectoryError):
        says = Words(f"备份目录 {into} 不存在", f"the folder {into} of the backups is not there")
        see = Words("请挂载磁盘或共享", "mount the disk or share")
        yield fault("backup", Layer.PLUG, "backup_nowhere", says, see)
    except OSError as refused:
        why = system_words.of(refused)
        says = Words(f"备份目录 {into} 无法读取：{why.zh}", f"the folder {into} cannot be read: {why.en}")
        yield fault(
            "backup", Layer.ANSWER, "backup_unread", says, Words("请检查磁盘或共享", "see to the disk or share")
        )
    else:
        if found:
            yield _aged(found[-1], "backup", age.NEWEST, SEE_TIMER, utc)
        else:
            yield fault("backup", Layer.VALUE, "backup_none", age.NONE, SEE_TIMER)


def arrived_look(settings: Settings, utc: float | None = None) -> Iterator[Finding]:
    """How old the newest backup is that the store of [upload] has taken whole."""
    last = arrived(settings.state_folder / BACKUP_ARRIVED)
    if last is None:
        yield fault("backup.sent", Layer.VALUE, "backup_none", age.NONE_ARRIVED, SEE_STORE)
        return
    yield _aged(last.name, "backup.sent", age.ARRIVED, SEE_STORE, utc)


def _aged(name: str, part: str, which: Words, see: Words, utc: float | None) -> Finding:
    """By the date in its name."""
    how = age.aged(which, age.made_utc(name), time.time() if utc is None else utc)
    if not how.code:
        return fine(part, how.says)
    return fault(part, Layer.VALUE, how.code, how.says, see if how.code == "backup_overdue" else SEE_CLOCK)


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
