"""Rules about cameras that can turn: one that does not do so is a fault, and stops nothing."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def camera_not_aimed(world: World) -> Iterator[Finding]:
    """A camera did not turn where it was to, does not say where it looks, or was turned by somebody else."""
    for id_, camera in world.cameras.items():
        if camera.aim is not None and not camera.aim.ok:
            name, why = camera.device.name, camera.aim.detail
            yield Finding("", id_, Words(f"{name.zh}：{why.zh}", f"{name.en}: {why.en}"))


RULES = (
    Rule(
        name="camera_not_aimed",
        code="DEV-32",
        find=camera_not_aimed,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=600,
        clause="ledger: level 2 locks the cameras around it onto the place",
        ledger="4-21",
        text=Text(
            title=Words("云台未到位", "A camera did not turn"),
            cause=Words(
                "云台卡住、离线、预置位缺失，或有人在操作",
                "it is stuck, off line, has no such preset, or is steered",
            ),
            consequence=Words("报警地点可能没有画面", "the place of an alarm may not be seen"),
            action=Words("检查云台和预置位；报警处置不必等待", "See to it and its presets; nothing waits for it"),
        ),
    ),
)
