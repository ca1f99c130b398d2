"""Interlocks on site, the box's own power, and more data than it can take in."""

from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import ContactTable
from edge_agent.settings.site_told import SirenTestTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import Story, scenario_site

# What each contact reads while all is well.
WELL = {
    "earth-clamp": True,
    "door": True,
    "mains": True,
    "curtain": True,
    "sump": False,
    "siren-line": True,
    "siren-sounds": False,
}


def interlocked() -> Settings:
    """The demo tank with every kind of contact on its relay module."""
    base = scenario_site()
    relay = base.site.relays["relay-1"]
    contacts = {
        "earth-clamp": ContactTable(input=2, kind="earth_clamp", name=Words("接地夹", "Earth clamp")),
        "door": ContactTable(input=3, kind="interlock"),
        "mains": ContactTable(input=4, kind="mains"),
        "curtain": ContactTable(input=5, kind="light_curtain", name=Words("冲压光栅", "Press's light curtain")),
        "sump": ContactTable(
            input=6, kind="flood", normal="open", break_unseen=True, name=Words("集水坑", "Sump")
        ),
        "siren-line": ContactTable(input=7, kind="siren_line", name=Words("警报器线路", "Siren's line")),
        "siren-sounds": ContactTable(input=8, kind="feedback", of="siren"),
    }
    relay = replace(relay, contacts={**relay.contacts, **contacts})
    return replace(base, site=replace(base.site, relays={"relay-1": relay}))


def tried() -> Settings:
    """The same, and its sirens are tried each day, soon after these stories begin (19:06:40)."""
    base = interlocked()
    return replace(base, site=replace(base.site, siren_test=SirenTestTable(at="19:08", told_s=30.0)))


def unwell(told: Story, source: str, words: Words) -> Story:
    """A part of the box says that all is well, then what is wrong, then that all is well again."""
    for said, seconds in ((NOTHING, 2), (words, 3), (NOTHING, 3)):
        told.field.unwell[source] = said
        told.run(seconds)
    return told


def guarded(site: Settings) -> Story:
    """Work is under way with everything closed."""
    told = Story(site)
    told.field.contacts = dict(WELL)
    told.begin_work()
    told.run(2)
    return told


@story_at(interlocked)
def the_earth_clamp_comes_off(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["earth-clamp"] = False
    told.step()
    told.field.contacts["earth-clamp"] = True  # it bounces
    told.run(2)
    told.field.contacts["earth-clamp"] = False
    told.run(3)
    told.field.contacts["earth-clamp"] = True
    told.run(5)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(2)
    return told


@story_at(interlocked)
def a_door_contact_that_cannot_be_read_is_open(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["door"] = False
    told.step()
    told.field.contacts["door"] = True  # it bounces
    told.run(2)
    told.field.contacts["door"] = None
    told.run(3)
    return told


@story_at(interlocked)
def no_start_with_an_interlock_that_was_never_heard(site: Settings) -> Story:
    told = Story(site)
    told.field.contacts = {name: closed for name, closed in WELL.items() if name != "door"}
    told.begin_work()
    told.run(2)
    return told


@story_at(interlocked)
def somebody_reaches_into_a_light_curtain(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["curtain"] = False
    told.step()
    told.field.contacts["curtain"] = True
    told.run(3)
    return told


@story_at(interlocked)
def a_light_curtain_that_cannot_be_read_is_open(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["curtain"] = None
    told.run(3)
    return told


@story_at(interlocked)
def water_comes_into_the_sump(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["sump"] = True  # a wave
    told.step()
    told.field.contacts["sump"] = False
    told.run(2)
    told.field.contacts["sump"] = True
    told.run(2)
    told.field.contacts["siren-sounds"] = True
    told.run(3)
    return told


@story_at(interlocked)
def a_flood_switch_that_cannot_be_read_stops_the_work(site: Settings) -> Story:
    """Nobody leaves for a cable, and nobody goes on working without it."""
    told = guarded(site)
    told.field.contacts["sump"] = None
    told.run(10)
    return told


@story_at(interlocked)
def a_sirens_line_is_cut(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["siren-line"] = False
    told.run(5)  # not long enough
    told.field.contacts["siren-line"] = True
    told.run(2)
    told.field.contacts["siren-line"] = False
    told.run(9)
    return told


def trying(site: Settings, *, sounds: bool) -> Story:
    """Work is under way when the sirens are tried: told half a minute before, three seconds long."""
    told = guarded(site)
    at = site.local_time.local(told.utc).replace(hour=19, minute=8, second=0, microsecond=0).timestamp()
    told.run(at - told.utc - 1)
    told.field.contacts["siren-sounds"] = sounds
    told.run(4)
    told.field.contacts["siren-sounds"] = False
    told.run(3)
    return told


@story_at(tried)
def the_sirens_are_tried_and_heard(site: Settings) -> Story:
    return trying(site, sounds=True)


@story_at(tried)
def a_siren_does_not_sound_when_it_is_tried(site: Settings) -> Story:
    """It is heard the next time that it has to sound: the work was stopped, and gas makes everybody leave."""
    told = trying(site, sounds=False)
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.run(2)
    told.field.contacts["siren-sounds"] = True
    told.run(4)
    return told


@story_at(tried)
def a_siren_on_a_flasher_is_heard(site: Settings) -> Story:
    """Its feedback opens by turns while it sounds: that is no silence. One that stays open is."""
    told = guarded(site)
    at = site.local_time.local(told.utc).replace(hour=19, minute=8, second=0, microsecond=0).timestamp()
    told.run(at - told.utc - 1)
    for closed in (True, False, True, False):
        told.field.contacts["siren-sounds"] = closed
        told.step()
    told.run(3)
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.run(2)
    for closed in (True, False, True, False, True, False):
        told.field.contacts["siren-sounds"] = closed
        told.step()
    told.run(3)
    return told


@story_at(tried)
def gas_comes_while_the_sirens_are_tried(site: Settings) -> Story:
    """What they say then is meant: to leave, for as long as it is dangerous."""
    told = guarded(site)
    at = site.local_time.local(told.utc).replace(hour=19, minute=8, second=0, microsecond=0).timestamp()
    told.run(at - told.utc + 1)
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.field.contacts["siren-sounds"] = True
    told.run(6)
    return told


@story_at(interlocked)
def the_box_loses_its_mains(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["mains"] = False
    told.run(2)  # shorter than a switch-over
    told.field.contacts["mains"] = True
    told.run(2)
    told.field.contacts["mains"] = False
    told.run(20)
    told.run(3)
    told.field.contacts["mains"] = True
    told.run(5)
    told.resume()
    told.run(2)
    return told


@story_at(interlocked)
def the_mains_are_back_before_the_battery_is_low(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["mains"] = False
    told.run(18)
    told.field.contacts["mains"] = True
    told.run(3)
    return told


def on_two_supplies() -> Settings:
    """The demo tank whose relay module watches the mains and the back-up supply, and an escape-suit cabinet."""
    base = scenario_site()
    relay = base.site.relays["relay-1"]
    contacts = {
        "mains": ContactTable(input=4, kind="mains"),
        "generator": ContactTable(input=10, kind="backup"),
        "suits": ContactTable(input=11, kind="cabinet", area="tank-mouth", name=Words("防化服柜", "Escape suits")),
    }
    relay = replace(relay, contacts={**relay.contacts, **contacts})
    return replace(base, site=replace(base.site, relays={"relay-1": relay}))


def supplied(site: Settings) -> Story:
    """Work is under way, on the mains."""
    told = Story(site)
    told.field.contacts = {"mains": True, "generator": False, "suits": True}
    told.begin_work()
    told.run(2)
    return told


def switched(told: Story, *, mains: bool | None, generator: bool | None, seconds: float) -> None:
    """Both contacts say this for so long."""
    told.field.contacts |= {"mains": mains, "generator": generator}
    told.run(seconds)


@story_at(on_two_supplies)
def the_back_up_supply_comes_in_late(site: Settings) -> Story:
    """Once in three seconds, once too late, and once it is lost again with its contact unread."""
    told = supplied(site)
    switched(told, mains=False, generator=False, seconds=3)
    switched(told, mains=False, generator=True, seconds=2)
    switched(told, mains=True, generator=False, seconds=3)
    switched(told, mains=False, generator=False, seconds=7)
    switched(told, mains=False, generator=True, seconds=2)
    switched(told, mains=None, generator=True, seconds=2)
    switched(told, mains=True, generator=True, seconds=2)
    return told


@story_at(on_two_supplies)
def a_cabinet_of_escape_suits_is_opened(site: Settings) -> Story:
    """It is told and shown, and the work goes on; then its contact cannot be read for a while, and for longer."""
    told = supplied(site)
    for closed, seconds in ((False, 3), (True, 2), (None, 4), (True, 2), (None, 8)):
        told.field.contacts["suits"] = closed
        told.run(seconds)
    return told


@story
def the_battery_speaks_for_itself(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["power"] = Words("电池剩余 40 %", "battery at 40 %")
    told.run(5)
    told.field.unwell["power"] = NOTHING
    told.run(3)
    return told


@story
def nobody_says_what_feeds_the_box(site: Settings) -> Story:
    """Once for a moment, which is nobody's alarm, once for a while, and once for as long as no work goes on."""
    told = working(site)
    silent = Words("upsd 没有应答", "upsd does not answer")
    for said, seconds in ((silent, 1), (NOTHING, 3), (silent, 15), (NOTHING, 3), (silent, 25), (NOTHING, 3)):
        told.field.unwell["supply"] = said
        told.run(seconds)
    return told


@story
def the_battery_does_not_last_until_the_end_of_the_work(site: Settings) -> Story:
    """Once for a moment, as the load swings, and once for good."""
    told = working(site)
    short = Words(
        "电池可用 20 分钟，到作业结束需要 95 分钟", "the battery lasts 20 min; 95 min until the end of the work"
    )
    for said, seconds in ((NOTHING, 2), (short, 1), (NOTHING, 3), (short, 6), (NOTHING, 3)):
        told.field.unwell["ups"] = said
        told.run(seconds)
    return told


@story
def a_new_model_is_refused(site: Settings) -> Story:
    """The one before it goes on, and the work with it."""
    return unwell(working(site), "model", Words("模型 b 未通过启用检查，仍用 a", "b was refused, a goes on"))


@story
def more_pictures_come_than_are_judged(site: Settings) -> Story:
    return unwell(
        working(site), "load", Words("cam-1 每秒识别 1.0 帧，应为 5.0 帧", "cam-1: 1.0 of 5.0 are judged")
    )


@story
def the_boards_decoder_fails(site: Settings) -> Story:
    """The processor decodes instead, and the work goes on."""
    why = Words(
        "cam-1 主板解码器不可用：解码进程已退出", "cam-1: the board's decoder cannot be used: its program ended"
    )
    return unwell(working(site), "decoder", why)


@story
def the_disk_refuses_the_evidence(site: Settings) -> Story:
    """The work goes on: what is decided is recorded elsewhere."""
    return unwell(working(site), "evidence", Words("磁盘已满", "no space left on the disk"))


@story
def the_box_cannot_speak(site: Settings) -> Story:
    """The work goes on: sirens, lights and screens say the same."""
    return unwell(working(site), "voice", Words("default：声卡打不开", "default: the sound device does not open"))


@story
def wearers_cannot_be_called(site: Settings) -> Story:
    """Told once it has lasted: a broker is away for a moment now and then."""
    told = working(site)
    told.field.unwell["calls"] = Words(
        "李娜的定位卡：未收到振动提醒的回执", "Li Na's card: no receipt of the call"
    )
    told.run(site.rulebook.device.uplink_warn_s.value + 2)
    told.field.unwell["calls"] = NOTHING
    told.run(2)
    return told


@story
def wearers_cannot_be_called_for_a_moment(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["calls"] = Words("连接中断", "the connection was lost")
    told.run(site.rulebook.device.uplink_warn_s.value - 1)
    told.field.unwell["calls"] = NOTHING
    told.run(2)
    return told


@story
def more_is_heard_than_the_box_can_take_in(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["inbox"] = Words("120 条较早的数据未处理", "120 older values left out")
    told.run(2)
    told.field.unwell["inbox"] = NOTHING
    told.run(8)
    return told


@story
def what_reaches_people_elsewhere_fails(site: Settings) -> Story:
    """The second line carries, somebody's number is dead, and the modem has no network: first for a moment."""
    told = working(site)
    unwell(told, "uplink-way", Words("已连接（备用线路）", "connected by the second way"))
    unwell(told, "contacts", Words("冯涛 …0002", "Feng Tao …0002"))
    no_network = Words("短信：未注册到移动网络", "short messages: no network")
    told.field.unwell["short-messages"] = no_network
    told.run(5)
    told.field.unwell["short-messages"] = NOTHING
    told.run(2)
    told.field.unwell["short-messages"] = no_network
    told.run(8)
    return unwell(told, "short-messages", NOTHING)


@story
def the_backup_is_overdue(site: Settings) -> Story:
    """Work is under way and goes on: it is a note for maintenance until a backup was made."""
    told = working(site)
    return unwell(told, "backups", Words("最近的备份：2026-11-15 02:41Z", "the newest backup: 2026-11-15 02:41Z"))
