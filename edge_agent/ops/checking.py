"""Every fault of a site at once: of its settings, and of the profiles and models that they name."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from edge_agent.act import relay_profile
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.shadow import grave
from edge_agent.domain.outcome import Output
from edge_agent.domain.words import Words
from edge_agent.field.film import key
from edge_agent.fuse.sirens import SOUNDERS
from edge_agent.ops import camera_walk
from edge_agent.ops.recordings.room import needed
from edge_agent.ops.voice import heard
from edge_agent.sense import profile_file, weather_profile
from edge_agent.sense.camera import board, manifest
from edge_agent.sense.sampled import profile as sampled
from edge_agent.sense.wearables import profile as wearable_profile
from edge_agent.settings import load as settings
from edge_agent.settings import loosening
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings
from edge_agent.settings.toml_files import Files

GAS_FOLDER = Path("firmware_configs") / "gas"
UNSAID = {
    "sos": Words("佩戴者不能一键求助", "nobody can call for help with them"),
    "fall": Words("跌倒不会被发现", "no fall is noticed"),
    "worn": Words("不知是否佩戴", "nobody knows whether they are worn"),
    "call": Words("不能振动提醒佩戴者", "their wearers cannot be called: they feel nothing"),
}
FROM_RELEASE = Words("请从发布包恢复", "restore it from the release")


def faults(folder: Path, root: Path) -> list[Fault]:
    """Everything that would keep the agent from guarding the site in `folder`; empty means that it can."""
    found = settings.check(folder, root)
    found += _profiles(folder, root, "gas", GAS_FOLDER, profile_file.load)
    found += _profiles(folder, root, "weather", weather_profile.WEATHER_FOLDER, weather_profile.load)
    for table in ("gas", "weather"):
        found += _profiles(folder, root, table, sampled.MQTT_FOLDER, sampled.load_mqtt)
        found += _profiles(folder, root, table, sampled.OPCUA_FOLDER, sampled.load_opcua)
    found += _profiles(folder, root, "wearables", wearable_profile.WEARABLE_FOLDER, wearable_profile.load)
    found += _profiles(folder, root, "relays", relay_profile.RELAY_FOLDER, relay_profile.load)
    if found:
        return found
    site = settings.load(folder, root)
    return [*_models(site, root), *board.faults(site, root), *_shadow(site, root), *_film_key(site, root)]


def overdue(folder: Path, root: Path, utc: float) -> list[Fault]:
    """Loosened limits of a site without other faults whose time is over by the machine's date."""
    site = settings.load(folder, root)
    return list(loosening.expired(site.rulebook, utc, f"rulebook {site.rulebook.name}"))


def notes(folder: Path, root: Path) -> Iterator[Words]:
    """What the people of a site without faults should know of it: its sirens, and what its wearables never say."""
    site = settings.load(folder, root)
    if not site.site.downlink.keys:
        yield Words(
            "未填中心公钥：不接收中心下发的作业票，由本机人员填写",
            "no key of a centre: nothing is taken from one, the people of this box draw up the tickets",
        )
    yield from _sirens(site)
    yield from _hearts(site)
    yield from _unsaid(site, root)
    yield from _called(site, root)
    yield from camera_walk.due(site, root)
    yield from heard.notes(site, root)
    if site.site.recording is not None:
        yield needed(site.site.recording, len(site.site.cameras), site.rulebook.camera.film_days.value)


def _sirens(site: Settings) -> Iterator[Words]:
    """What they say, and where none is heard."""
    sirens = [
        table
        for table in site.site.relays.values()
        if any(Output(row.does) in SOUNDERS for row in table.outputs.values())
    ]
    if not sirens:
        yield Words(
            "没有警报器：撤离只能靠屏幕和人员传达", "no siren: only screens and people tell others to leave"
        )
        return
    limits = site.rulebook.alarm
    on_s, off_s = limits.siren_on_s.value, limits.siren_off_s.value
    yield Words(
        f"警报器：响 {on_s:g} 秒停 {off_s:g} 秒为停止作业，连续鸣响为撤离。请在班前会上告知所有人员",
        f"sirens: {on_s:g} s on, {off_s:g} s off means stop work; without a break means leave. Tell everybody",
    )
    yield from _untried(site)
    heard = {area for table in sirens for area in table.areas}
    for area in site.areas:
        if area.id not in heard:
            yield Words(
                f"区域 {area.id}：没有警报器，该区域撤离时全站警报器鸣响",
                f"area {area.id}: no siren is heard there; when it must be left, every siren of the site sounds",
            )


def _hearts(site: Settings) -> Iterator[Words]:
    """What a heartbeat asks of its output, and of the relay outside."""
    for id_, table in site.site.relays.items():
        for name, row in table.outputs.items():
            if row.period_s is not None:
                a_day = round(86_400 / row.period_s)
                yield Words(
                    f"{id_}/{name}：心跳每天 {a_day} 次，须用晶体管输出；看门狗继电器监视时间略大于 "
                    f"{1.5 * row.period_s:g} 秒，并须手动复位",
                    f"{id_}/{name}: beats {a_day} times a day, so use a transistor output; set the watchdog relay "
                    f"to a little over {1.5 * row.period_s:g} s, and to reset by hand",
                )


def _untried(site: Settings) -> Iterator[Words]:
    """Sirens of which nobody would learn that they are broken."""
    if site.site.siren_test is None:
        yield Words(
            '警报器没有每日测试：损坏后到需要时才发现。请添加 [siren_test] at = "07:50"',
            'sirens are never tried: a broken one shows when it is needed. Add [siren_test] at = "07:50"',
        )
    for id_, table in site.site.relays.items():
        judged = {one.of for one in table.contacts.values() if one.kind == "feedback"}
        for name, row in table.outputs.items():
            if Output(row.does) in SOUNDERS and name not in judged:
                yield Words(
                    f"{id_}/{name}：没有反馈触点，是否鸣响只能靠人听",
                    f"{id_}/{name}: no feedback contact, so that only people can tell whether it sounds",
                )


def _unsaid(site: Settings, root: Path) -> Iterator[Words]:
    """A profile may leave a signal out, where the wearable has none: then its rules never find anything."""
    for name in sorted({table.profile for table in site.site.wearables.values()}):
        known = wearable_profile.load(root, name)
        for signal, without in UNSAID.items():
            if getattr(known, signal) is None:
                yield Words(
                    f"手环配置 {name} 没有 {signal}：{without.zh}", f"wearables {name}: no {signal}: {without.en}"
                )


def _called(site: Settings, root: Path) -> Iterator[Words]:
    """What calls to the wearers need of the site, and how late they may be."""
    for name in sorted({table.profile for table in site.site.wearables.values()}):
        call = wearable_profile.load(root, name).call
        if call is None:
            continue
        if call.of_the_site and name not in site.site.positioning.call_at:
            yield Words(
                f'手环配置 {name}：缺 [positioning.call_at] {name} = "…"，不能提醒佩戴者',
                f'wearables {name}: cannot be called before [positioning.call_at] {name} = "..." is there',
            )
        if call.with_uplink:
            yield Words(
                f"手环配置 {name}：提醒随设备下一次上报送达，可能晚几分钟",
                f"wearables {name}: a call reaches them after their next uplink, perhaps minutes later",
            )


def sound(folder: Path, root: Path) -> Settings:
    """The settings of a site without any fault; raises BadSettings with every one."""
    found = faults(folder, root)
    if found:
        raise BadSettings(tuple(found))
    return settings.load(folder, root)


def _profiles(
    folder: Path, root: Path, table: str, where: Path, load: Callable[[Path, str], object]
) -> Iterator[Fault]:
    """Faults inside the profiles that are named and exist (settings tell of those that do not)."""
    for name in sorted(_named(folder, table)):
        if (root / where / f"{name}.toml").is_file():
            try:
                load(root, name)
            except BadSettings as bad:
                yield from bad.faults


def _named(folder: Path, table: str) -> set[str]:
    """The profiles that site.toml names, as far as it can be read: it may have other faults."""
    try:
        site = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return set()
    rows = site.get(table)
    entries = rows.values() if isinstance(rows, dict) else ()
    named = {entry.get("profile") for entry in entries if isinstance(entry, dict)}
    return {name for name in named if isinstance(name, str)}


def _shadow(site: Settings, root: Path) -> Iterator[Fault]:
    """A rule in shadow mode exists, and is one that may be so alone."""
    known = {rule.name: rule for rule in RULES}
    for number, row in enumerate(site.site.shadow):
        if row.scope != "rule":
            continue
        rule = known.get(row.what)
        if rule is None:
            problem = Words("没有这条规则", "there is no such rule")
        elif grave(rule.effect, rule.pause_class):
            problem = Words("这条规则不能单独进入影子模式", "this rule is never put in shadow mode alone")
        else:
            continue
        remedy = Words("见 edge-agent rules；紧急类规则除外", "see edge-agent rules; none that is an emergency")
        file = Files(root).name(site.folder / "site.toml")
        yield Fault(file=file, key=f"shadow[#{number + 1}].what", value=row.what, problem=problem, remedy=remedy)


def _film_key(site: Settings, root: Path) -> Iterator[Fault]:
    """Films are sealed with a key that is there and that nobody else can read."""
    table = site.site.recording
    if table is None:
        return
    try:
        key.read(site.folder / table.key_file)
    except key.FilmKeyError as bad:
        file = Files(root).name(site.folder / "site.toml")
        yield Fault(file=file, key="recording.key_file", value=table.key_file, problem=bad.words, remedy=key.HOW)


def _models(site: Settings, root: Path) -> Iterator[Fault]:
    for name in sorted({camera.model for camera in site.site.cameras.values()}):
        try:
            manifest.model(root / "models", name)
        except manifest.ModelError as bad:
            problem = Words(f"模型不能使用：{bad}", f"cannot be used: {bad}")
            yield Fault(file="models/manifest.toml", key=name, problem=problem, remedy=FROM_RELEASE)
