"""The box's clock: who keeps it, whether it can be trusted, how far it is off, what a power cut would leave.

Without a trusted date nothing starts or resumes; what runs goes on, for durations are counted without a date.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edge_agent.clock import EARLIEST_UTC, Clock, Discipline, discipline
from edge_agent.domain.words import Words, joined
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.timekeeper import Timekeeper, chip_utc, hidden, keepers
from edge_agent.settings.site import Settings
from edge_agent.tell.live import LIVE_S
from edge_agent.tell.live_clock import LiveClock
from edge_agent.tell.live_file import read_live

PART = "clock"
SYS = Path("/sys")
RTC_OFF_S = 120.0  # a box that comes up without a network would live by it: minutes matter to permits
OFF_S, ERROR_S = 0.5, 5.0  # more than this is no clock that keeps step

SET_IT = Words(
    "请启用 chrony 或 systemd-timesyncd，并填写能到达的时间服务器（NTP）；有 PTP 时用 ptp4l 和 phc2sys",
    "switch chrony or systemd-timesyncd on and name a time server that it reaches; with PTP: ptp4l and phc2sys",
)
REACH_IT = Words(
    "请检查时间服务器地址，并放行 UDP 123；随后用 chronyc 或 timedatectl 查看",
    "check the time server's address and let UDP 123 through; then see chronyc sources, or timedatectl",
)
BATTERY = Words("请更换 RTC 电池", "change the battery of its clock chip")
WRITE_IT = Words(
    "网络校时后会自动写入；若不写入请检查 RTC 电池",
    "once it is synchronised it is written by itself; else see to its battery",
)
STOPS = Words("不能开工或复工", "nothing may start or resume")


def look(settings: Settings, clock: Clock, sys: Path = SYS, told: Discipline | None = None) -> Iterator[Finding]:
    """Whether the date can be trusted, by whom, and whether it outlives a power cut."""
    now, kernel = clock.instant(), told or discipline()
    if now.utc < EARLIEST_UTC:
        day = f"{datetime.fromtimestamp(now.utc, UTC):%Y-%m-%d}"
        says = Words(f"日期 {day} 不可能，{STOPS.zh}", f"the date {day} cannot be true: {STOPS.en}")
        yield fault(PART, Layer.ANSWER, "clock_not_trusted", says, SET_IT)
        return
    if settings.site.clock.source == "declared":
        yield fine(
            PART,
            Words("设置声明时钟可信（仅演示站点）", "the settings declare it trusted (a demo site's own word)"),
        )
        return
    who = keepers()
    told_by_agent = None if kernel is not None else _live(settings, now.utc)
    if told_by_agent is not None:
        yield _by_agent(told_by_agent)
        return
    if kernel is None:
        says = Words("内核不允许查询时钟状态", "the kernel does not let us ask how its clock is kept")
        yield unseen(PART, "may_not_ask", says, Words("请在命令行运行 doctor", "run the doctor at the console"))
        return
    if not now.trusted:
        yield _untrusted(who)
        return
    if abs(kernel.offset_s) > OFF_S or kernel.error_s > ERROR_S:
        says = Words(
            f"时钟偏差 {kernel.offset_s:+.3f} 秒，误差可达 {kernel.error_s:.1f} 秒",
            f"the clock is off by {kernel.offset_s:+.3f} s, perhaps by {kernel.error_s:.1f} s",
        )
        yield fault(PART, Layer.VALUE, "clock_off", says, REACH_IT)
        return
    chip = list(_chip(sys, now.utc))
    yield from chip
    if not any(one.code != "fine" for one in chip):
        yield fine(PART, joined((_kept(who), _error(kernel))))


def _live(settings: Settings, utc: float) -> LiveClock | None:
    """The running agent's own word, where the pages' service may not ask the kernel."""
    live = read_live(settings.runtime_folder)
    return live.clock if live is not None and abs(utc - live.at_utc) < LIVE_S else None


def _by_agent(told: LiveClock) -> Finding:
    if told.trusted:
        return fine(PART, Words("时钟可信（由程序报告）", "the clock is trusted, says the agent"))
    says = Words(f"时钟未同步，{STOPS.zh}", f"the clock is not synchronised: {STOPS.en}")
    return fault(PART, Layer.ANSWER, "clock_not_trusted", says, SET_IT)


def _untrusted(who: tuple[Timekeeper, ...]) -> Finding:
    if not who and hidden():
        says = Words(f"时钟未同步，{STOPS.zh}", f"the clock is not synchronised: {STOPS.en}")
        return fault(PART, Layer.ANSWER, "clock_not_trusted", says, SET_IT)
    if not who:
        says = Words(f"没有校时服务在运行，{STOPS.zh}", f"no time service runs here: {STOPS.en}")
        return fault(PART, Layer.PLUG, "no_time_service", says, SET_IT)
    names = ", ".join(one.program for one in who)
    says = Words(
        f"{names} 在运行，但尚未同步，{STOPS.zh}",
        f"{names} runs but has not synchronised the clock: {STOPS.en}",
    )
    return fault(PART, Layer.ANSWER, "time_server_silent", says, REACH_IT)


def _kept(who: tuple[Timekeeper, ...]) -> Words:
    if not who:
        return Words("时钟已同步", "the clock is synchronised")
    names = ", ".join(f"{one.program} ({one.kind})" for one in who)
    return Words(f"时钟已由 {names} 同步", f"the clock is synchronised by {names}")


def _error(kernel: Discipline) -> Words:
    return Words(
        f"偏差 {1000 * kernel.offset_s:+.1f} 毫秒，误差不超过 {1000 * kernel.error_s:.0f} 毫秒，"
        f"频率修正 {kernel.drift_ppm:+.1f} ppm",
        f"off by {1000 * kernel.offset_s:+.1f} ms, by {1000 * kernel.error_s:.0f} ms at most, "
        f"its rate corrected by {kernel.drift_ppm:+.1f} ppm",
    )


def _chip(sys: Path, utc: float) -> Iterator[Finding]:
    """The clock that runs on a battery: what the box would believe after a power cut without a network."""
    read = chip_utc(sys)
    if read is None:
        yield fine(
            PART,
            Words(
                "没有带电池的时钟：断电后须等网络校时才能开工",
                "no clock on a battery: after a power cut nothing starts until a time server has spoken",
            ),
        )
        return
    if read < EARLIEST_UTC:
        says = Words("RTC 没有保住日期（电池耗尽）", "the clock chip has lost the date: its battery is empty")
        yield fault(PART, Layer.PLUG, "rtc_lost", says, BATTERY)
    elif abs(read - utc) > RTC_OFF_S:
        off = read - utc
        says = Words(
            f"RTC 偏差 {off:+.0f} 秒，断电后日期会错",
            f"the clock chip is off by {off:+.0f} s: after a power cut the date would be wrong",
        )
        yield fault(PART, Layer.VALUE, "rtc_off", says, WRITE_IT)
