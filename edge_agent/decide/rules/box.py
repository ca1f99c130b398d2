"""Rules about the box's own condition: its power, and what it cannot take in."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def mains_lost(world: World) -> Iterator[Finding]:
    """The box runs on its battery: by a contact of its supply, or by what the supply says itself."""
    power = world.health.get("power")
    if power is not None and not power.ok:
        words = Words("主机由电池供电", "the box runs on its battery")
        yield Finding("", "power", words.then(power.detail))
    for relay in world.relays.values():
        for contact in relay.not_well:
            if contact.kind == "mains":
                name, channel = relay.device.name, contact.channel
                words = Words(f"{name.zh} {channel}：市电中断", f"{name.en} {channel}: no mains")
                yield Finding("", f"{relay.device.id}/{channel}", words)


def supply_unknown(world: World) -> Iterator[Finding]:
    """Nobody says what feeds the box: that is neither the mains nor the battery (ops/power_cut.py)."""
    return unwell(world, "supply")


def unwell(world: World, source: str) -> Iterator[Finding]:
    """What a part of the box says of itself, while all is not well."""
    health = world.health.get(source)
    if health is not None and not health.ok:
        yield Finding("", source, health.detail)


def inbox_thinned(world: World) -> Iterator[Finding]:
    """More was heard than the box could take in: older words of some sources were left out."""
    return unwell(world, "inbox")


def evidence_not_kept(world: World) -> Iterator[Finding]:
    """What led to an alarm cannot be written down for people to look at later."""
    return unwell(world, "evidence")


def model_refused(world: World) -> Iterator[Finding]:
    """Another model judges the pictures than the one that site.toml names: that one did not pass the gate."""
    return unwell(world, "model")


def cameras_too_many(world: World) -> Iterator[Finding]:
    """More pictures come than the box can judge: each camera is judged less often than site.toml says."""
    return unwell(world, "load")


def decoder_failed(world: World) -> Iterator[Finding]:
    """The processor decodes a camera's stream, which the board's own decoder should: that one failed."""
    return unwell(world, "decoder")


def network_silent(world: World) -> Iterator[Finding]:
    """Everything on the air fell silent at once: wearables and cameras say nothing until the network is back."""
    since_s = world.network.silent_since_s
    if since_s is not None:
        silent_s = world.now_s - since_s
        words = Words(f"所有无线设备 {silent_s:.0f} 秒无信号", f"nothing on the air is heard for {silent_s:.0f} s")
        yield Finding("", "network", words)


ON_BATTERY = Words("市电中断或电源适配器故障", "no mains, or the supply has failed")
NOT_SAID = Words("UPS、其数据线或 UPS 服务不应答", "the UPS, its cable or its service does not answer")

RULES = (
    Rule(
        name="mains_lost",
        code="SYS-01",
        find=mains_lost,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.warn_s.value,
        act_within_s=600,
        clause="docs/domain.md 3: fail-safe",
        ledger="0-29",
        text=Text(
            title=Words("主机断电", "The box has lost its mains"),
            cause=ON_BATTERY,
            consequence=Words("电池耗尽后监护中断", "guarding ends with the battery"),
            action=Words("恢复供电，准备收工", "Restore the mains; get ready to stop"),
        ),
    ),
    Rule(
        name="mains_lost_for_long",
        code="SYS-02",
        find=mains_lost,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.pause_s.value,
        act_within_s=60,
        clause="docs/domain.md 3: fail-safe: the work stops before the battery does",
        ledger="0-29",
        text=Text(
            title=Words("主机长时间断电", "The box has been without mains for long"),
            cause=ON_BATTERY,
            consequence=Words("监护随时可能中断", "guarding may end at any moment"),
            action=Words("停止作业，恢复供电", "Stop work and restore the mains"),
        ),
    ),
    Rule(
        name="supply_unknown",
        code="SYS-33",
        find=supply_unknown,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.warn_s.value,
        act_within_s=600,
        clause="docs/domain.md 3: fail-safe",
        ledger="0-29",
        text=Text(
            title=Words("主机供电状态未知", "Nobody knows what feeds the box"),
            cause=NOT_SAID,
            consequence=Words("断电和电池耗尽无从得知", "a loss of mains and an empty battery go unnoticed"),
            action=Words("检查 UPS、数据线和 UPS 服务", "See to the UPS, its cable and its service"),
        ),
    ),
    Rule(
        name="supply_unknown_for_long",
        code="SYS-34",
        find=supply_unknown,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.pause_s.value,
        act_within_s=60,
        clause="docs/domain.md 3: fail-safe: the work stops before the battery does",
        ledger="0-29",
        text=Text(
            title=Words("主机供电状态长时间未知", "For long nobody has known what feeds the box"),
            cause=NOT_SAID,
            consequence=Words("监护可能随时中断", "guarding may end at any moment"),
            action=Words("停止作业，检查 UPS 和 UPS 服务", "Stop work; see to the UPS and its service"),
        ),
    ),
    Rule(
        name="inbox_thinned",
        code="SYS-03",
        find=inbox_thinned,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        off_delay=lambda book, _: book.device.uplink_warn_s.value,
        act_within_s=600,
        clause="docs/domain.md 3: fail-safe: what was not looked at is said",
        ledger="0-11",
        text=Text(
            title=Words("数据过多，部分未处理", "More data than the box can take"),
            cause=Words("某个数据源发送过快，或主机过载", "a source floods it, or the box is overloaded"),
            consequence=Words("较早的数值未被查看", "older values were not looked at"),
            action=Words("检查网络和数据源", "See to the network and the sources"),
        ),
    ),
    Rule(
        name="evidence_not_kept",
        code="SYS-05",
        find=evidence_not_kept,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=3600,
        clause="docs/requirements.md 4-27: no failure is silent; guarding and the records go on without it",
        ledger="4-27",
        text=Text(
            title=Words("证据没有留存", "Evidence is not kept"),
            cause=Words("磁盘已满或不可写", "the disk is full or cannot be written"),
            consequence=Words("事后看不到报警前的曲线和画面", "nobody can look later at what led to an alarm"),
            action=Words("清理或更换磁盘", "Make room on the disk, or replace it"),
        ),
    ),
    Rule(
        name="model_refused",
        code="SYS-07",
        find=model_refused,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=86_400,
        clause="docs/requirements.md 4-27: no failure is silent; the model that was accepted goes on judging",
        ledger="4-27",
        text=Text(
            title=Words("新模型未启用", "A new model was refused"),
            cause=Words("新模型未通过启用检查", "it did not pass the check before a model goes live"),
            consequence=Words("画面仍由原模型分析", "the pictures are judged by the model before it"),
            action=Words(
                "用现场图片比较，或在设置中改回原模型",
                "Judge both on pictures of the site, or name the old model in site.toml",
            ),
        ),
    ),
    Rule(
        name="cameras_too_many",
        code="SYS-08",
        find=cameras_too_many,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=3600,
        clause="docs/requirements.md 4-27: no failure is silent; the box is never slower than it says",
        ledger="4-27",
        text=Text(
            title=Words("画面识别跟不上", "The box cannot keep up with its cameras"),
            cause=Words(
                "摄像机太多、帧率太高或主机过热降频",
                "too many cameras, too many pictures a second, or a box that is hot and slows down",
            ),
            consequence=Words("每路画面识别次数减少，发现变慢", "each is judged less often and seen later"),
            action=Words(
                "减少摄像机或降低 fps，或换更快的运行时、更小的模型",
                "Take cameras off or lower their fps, or choose a quicker runtime or a smaller model",
            ),
        ),
    ),
    Rule(
        name="decoder_failed",
        code="SYS-12",
        find=decoder_failed,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=86_400,
        clause="docs/requirements.md 4-27: no failure is silent; the processor goes on decoding",
        ledger="4-27",
        text=Text(
            title=Words("主板解码器故障", "The board's video decoder has failed"),
            cause=Words(
                "解码芯片、驱动或插件异常，或码流不受支持",
                "the chip, its driver or GStreamer's plug-in, or a stream that it cannot decode",
            ),
            consequence=Words(
                "改由处理器解码，画面照常识别，但主机负荷增加",
                "the processor decodes, pictures are judged as before, and the box has more to do",
            ),
            action=Words(
                "运维检查驱动和插件，或在设置中停用主板解码",
                'Maintenance: see to driver and plug-in, or set decoding = "processor" in site.toml',
            ),
        ),
    ),
    Rule(
        name="network_silent",
        code="SYS-04",
        find=network_silent,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        on_delay=lambda book, _: book.network.warn_s.value,
        off_delay=lambda book, _: book.network.grace_s.value,
        act_within_s=30,
        clause="R: one cause, one alarm (docs/domain.md 2.6); what hangs on a wire is watched on",
        ledger="0-11",
        text=Text(
            title=Words("无线网络中断", "The wireless network is silent"),
            cause=Words("接入点、网关或交换机断电或故障", "an access point, gateway or switch is off or broken"),
            consequence=Words(
                "人员和画面暂时无法确认，持续中断将暂停作业",
                "people and pictures are not known for now; the work is paused if it lasts",
            ),
            action=Words(
                "监护人留在岗位；检查无线网络供电", "Guard, stay at the post; see to the power of the network"
            ),
        ),
    ),
)
