"""Rules about what the work is bound to: cameras, relays, bound devices, wires, stop buttons."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import POWERS, Effect, Finding, Output, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

VIEWS = {
    View.CLEAR: Words("正常", "clear"),
    View.STARTING: Words("启动中", "starting"),
    View.FROZEN: Words("画面冻结", "the picture stands still"),
    View.DARK: Words("画面过暗", "the picture is too dark"),
    View.COVERED: Words("镜头被遮挡", "the lens is covered"),
    View.BLURRED: Words("画面模糊", "the picture is blurred"),
    View.MOVED: Words("摄像机被移动", "the camera was moved"),
    View.DROPPING: Words("丢帧严重", "too many pictures are missing"),
    View.GONE: Words("没有画面", "no picture"),
    View.UNJUDGED: Words("画面未被分析", "pictures are not being judged"),
}


def camera_blind_where_required(world: World) -> Iterator[Finding]:
    """A camera shows nothing that can be trusted, and this job must be seen all the time."""
    for job in world.jobs:
        if job.video:
            yield from _blind(world, job)
            if not job.cameras:
                words = Words("要求视频监控但未绑定摄像机", "video is required and no camera is bound")
                yield Finding(job.permit.ticket.id, "camera", words)


def camera_blind(world: World) -> Iterator[Finding]:
    """A bound camera shows nothing that can be trusted; here it is a hole in the coverage only."""
    for job in world.jobs:
        if not job.video:
            yield from _blind(world, job)


def _blind(world: World, job: Job) -> Iterator[Finding]:
    for camera in job.cameras:
        if camera.view is not View.CLEAR and not _taken_by_the_network(world, camera):
            yield Finding(job.permit.ticket.id, camera.device.id, _camera_words(camera))


def _taken_by_the_network(world: World, camera: Camera) -> bool:
    """Whether it showed a picture until the network went, which is not yet longer ago than the network's grace."""
    since_s = world.network.silent_since_s
    if since_s is None or camera.blind_s is None or world.now_s - since_s > world.rulebook.network.grace_s.value:
        return False
    return since_s - (world.now_s - camera.blind_s) <= camera.device.stale_after_s


def _camera_words(camera: Camera) -> Words:
    why, name = VIEWS[camera.view], camera.device.name
    return Words(f"{name.zh}：{why.zh}", f"{name.en}: not monitored, {why.en}").then(camera.detail)


def device_silent(world: World) -> Iterator[Finding]:
    """A relay module or wearable that the ticket binds has not been heard (ledger 0-11)."""
    for job in world.jobs:
        for relay in job.relays:
            if relay.silent_s is None or relay.silent_s > relay.device.stale_after_s:
                yield Finding(
                    job.permit.ticket.id, relay.device.id, _silent(relay.device.name, relay.silent_s, relay.detail)
                )
        for tag in job.wearables:
            if not tag.heard:
                silent_s = None if tag.heard_s is None else world.now_s - tag.heard_s
                yield Finding(job.permit.ticket.id, tag.device.id, _silent(tag.device.name, silent_s, NOTHING))


def device_unbound(world: World) -> Iterator[Finding]:
    """The ticket names a device that this site does not have (any more)."""
    for job in world.jobs:
        for id_ in job.unbound:
            yield Finding(
                job.permit.ticket.id, id_, Words(f"本站没有设备 {id_}", f"this site has no device {id_}")
            )


def without_permissive(world: World) -> Iterator[Finding]:
    """No bound output could stop this work."""
    for job in world.jobs:
        if not any(wire.does is Output.PERMISSIVE for relay in job.relays for wire in relay.wires):
            words = Words("未绑定可切断作业的输出", "no output is bound that could stop the work")
            yield Finding(job.permit.ticket.id, "permissive", words)


def isolation_failed(world: World) -> Iterator[Finding]:
    """Told to fall, and the mirror contact still says that the load has power (welded contact)."""
    yield from _disagreeing(world, Words("未能断开", "did not open"), wanted_on=False)


def output_not_following(world: World) -> Iterator[Finding]:
    """Told to hold, and the mirror contact says that it is open: the box and the relay disagree."""
    yield from _disagreeing(world, Words("未能吸合", "did not close"), wanted_on=True)


def _disagreeing(world: World, what: Words, *, wanted_on: bool) -> Iterator[Finding]:
    """Outputs that give power whose mirror contact has said the opposite of what is wanted for too long.

    A contact that cannot be read disagrees with nothing: the silence of its module is a finding of its own.
    """
    limit_s = world.rulebook.device.isolation_s.value
    for job in world.jobs:
        for relay in job.relays:
            for wire in relay.wires:
                against = wire.wanted_on is wanted_on and wire.feedback is (not wanted_on)
                if wire.does in POWERS and against and world.now_s - wire.since_s >= limit_s:
                    name = relay.device.name
                    words = Words(f"{name.zh} {wire.channel}：{what.zh}", f"{name.en} {wire.channel}: {what.en}")
                    yield Finding(job.permit.ticket.id, f"{relay.device.id}/{wire.channel}", words)


def stop_pressed(world: World) -> Iterator[Finding]:
    """A stop button is pressed, or its wire is cut: normally closed, so open means stop."""
    for job in world.jobs:
        for relay in job.relays:
            for button in relay.stop_pressed:
                name = relay.device.name
                words = Words(
                    f"{name.zh}：停止按钮已按下或断线", f"{name.en}: stop button pressed, or its wire is cut"
                )
                yield Finding(job.permit.ticket.id, f"{relay.device.id}/{button}", words)


def _silent(name: Words, silent_s: float | None, detail: Words) -> Words:
    words = Words(f"{name.zh}：没有信号", f"{name.en}: not heard")
    if silent_s is not None:
        words = Words(f"{name.zh}：{silent_s:.0f} 秒没有信号", f"{name.en}: silent for {silent_s:.0f} s")
    return words.then(detail)


NOT_SEEN = Words("作业点没有视频监控", "nobody sees the work point by video")
CHECK_CAMERA = Words("检查摄像机电源、镜头和网络", "See to the camera's power, lens and network")

RULES = (
    Rule(
        name="camera_required_not_monitored",
        code="DEV-01",
        find=camera_blind_where_required,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.camera.not_monitored_s.value,
        clause="GB 30871-2022 5.2.11; site or permit requires video",
        ledger="0-11",
        text=Text(
            title=Words("视频监控中断", "Camera not monitored"),
            cause=Words(
                "画面丢失、冻结、过暗、模糊、被遮挡或移位", "picture gone, frozen, dark, blurred, covered or moved"
            ),
            consequence=NOT_SEEN,
            action=CHECK_CAMERA,
        ),
    ),
    Rule(
        name="camera_not_monitored",
        code="DEV-02",
        find=camera_blind,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.camera.not_monitored_s.value,
        act_within_s=600,
        clause="docs/domain.md 7",
        ledger="0-11",
        text=Text(
            title=Words("摄像机画面不可用", "Camera shows nothing"),
            cause=Words(
                "画面丢失、冻结、过暗、模糊、被遮挡或移位", "picture gone, frozen, dark, blurred, covered or moved"
            ),
            consequence=NOT_SEEN,
            action=CHECK_CAMERA,
        ),
    ),
    Rule(
        name="device_silent",
        code="DEV-03",
        find=device_silent,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        clause="docs/domain.md 7: a silent bound device pauses",
        ledger="0-11",
        text=Text(
            title=Words("绑定设备失联", "A bound device is silent"),
            cause=Words("设备断电、断网或故障", "no power, no network, or a fault"),
            consequence=Words("作业条件无法核实", "the conditions of the work cannot be verified"),
            action=Words("停止作业，检查设备", "Stop work and see to the device"),
        ),
    ),
    Rule(
        name="device_unbound",
        code="DEV-04",
        find=device_unbound,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        clause="docs/domain.md 2.3 UNBOUND",
        ledger="0-09, 0-10",
        text=Text(
            title=Words("绑定的设备不存在", "A bound device does not exist"),
            cause=Words("设备已拆除或编号错误", "it was removed, or its id is wrong"),
            consequence=Words("作业条件无法核实", "the conditions of the work cannot be verified"),
            action=Words("更正作业票的设备绑定", "Correct the ticket's bindings"),
        ),
    ),
    Rule(
        name="no_permissive_output",
        code="DEV-05",
        find=without_permissive,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        act_within_s=1800,
        clause="docs/domain.md 3: physical pause",
        ledger="0-10",
        text=Text(
            title=Words("未配置切断输出", "Nothing could stop this work"),
            cause=Words("作业票未绑定可切断作业的继电器", "the ticket binds no relay"),
            consequence=Words("暂停不会切断电源", "a pause would not cut the power"),
            action=Words("为作业票绑定继电器", "Bind a relay to the ticket"),
        ),
    ),
    Rule(
        name="isolation_failed",
        code="DEV-06",
        find=isolation_failed,
        effect=Effect.PAUSE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.DEVICE,
        latch=True,
        ends_heartbeat=True,
        act_within_s=10,
        clause="docs/domain.md 3: feedback: off not seen in 2 s",
        ledger="2-41",
        text=Text(
            title=Words("切断失败", "Isolation failed"),
            cause=Words("触点粘连或接线错误", "a welded contact or wrong wiring"),
            consequence=Words("设备仍然带电", "the load still has power"),
            action=Words("手动断电，撤离", "Cut the power by hand; leave"),
        ),
    ),
    Rule(
        name="output_not_following",
        code="DEV-07",
        find=output_not_following,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        clause="docs/domain.md 3: feedback",
        ledger="2-41",
        text=Text(
            title=Words("输出不一致", "The output does not follow"),
            cause=Words("模块看门狗动作或触点故障", "the module's watchdog fell, or a contact is broken"),
            consequence=Words("无法证明作业可被切断", "it cannot be proved that the work can be stopped"),
            action=Words("检查继电器模块", "See to the relay module"),
        ),
    ),
    Rule(
        name="stop_button",
        code="DEV-08",
        find=stop_pressed,
        effect=Effect.PAUSE,
        pause_class=PauseClass.MANUAL,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        latch=True,
        act_within_s=10,
        clause="docs/domain.md 3: anyone may stop",
        ledger="2-46",
        text=Text(
            title=Words("停止按钮按下", "Stop button pressed"),
            cause=Words("有人按下停止按钮，或线路断开", "somebody pressed it, or its wire is cut"),
            consequence=Words("现场有人认为不安全", "somebody on site thinks that it is not safe"),
            action=Words("停止作业，询问原因", "Stop work; ask why"),
        ),
    ),
)
