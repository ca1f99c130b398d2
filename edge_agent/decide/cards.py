"""Response cards: who does what when an alarm comes (ledger 0-25, 0-34). One table, by effect and role.

They hold offline and without a meeting. What the rule itself says to do stands first, for everybody.
"""

from edge_agent.domain.outcome import Effect
from edge_agent.domain.words import Words

CARDS: dict[Effect, dict[str, Words]] = {
    Effect.EVACUATE: {
        "worker": Words(
            "放下工具，向上风向撤离，到集合点报到", "drop tools, leave upwind, report at the muster point"
        ),
        "guard": Words(
            "喊停并召集撤离，清点人数，守住入口，不得自行进入救援，呼叫救援",
            "call everybody out, count them, hold the entry, never go in yourself, call rescue",
        ),
        "holder": Words(
            "核对人数，报告应急电话，切断能源", "check the count, call the emergency number, cut the energy"
        ),
        "safety_officer": Words(
            "到现场指挥，核实未撤出人员，通知应急和负责人",
            "take command on site, find who is missing, call emergency services and the manager",
        ),
    },
    Effect.PAUSE: {
        "worker": Words("停止作业，离开作业点，等待通知", "stop work, step away from the point, wait to be told"),
        "guard": Words(
            "确认全员停止，清点人数，留在岗位", "see that everybody has stopped, count them, stay at the post"
        ),
        "holder": Words("查明原因，消除后申请恢复", "find the cause, remove it, then ask to resume"),
        "safety_officer": Words("核实原因和恢复条件", "check the cause and what a resume needs"),
    },
    Effect.BLOCK_START: {
        "worker": Words("不得开工", "do not begin"),
        "guard": Words("不得放行，等待条件满足", "let nobody begin until what is missing is there"),
        "holder": Words("补齐所缺条件", "bring what is missing"),
        "safety_officer": Words("需要时协助补齐", "help where it is needed"),
    },
    Effect.WARN: {
        "worker": Words("提高警惕，准备停止", "take care, be ready to stop"),
        "guard": Words("查看情况并处置，准备叫停", "look and see to it, be ready to call a stop"),
        "holder": Words("与监护人核实", "check with the guard"),
        "safety_officer": Words("知悉", "be aware"),
    },
    Effect.NOTE: {
        "worker": Words("继续作业", "carry on"),
        "guard": Words("知悉", "be aware"),
        "holder": Words("知悉", "be aware"),
        "safety_officer": Words("知悉", "be aware"),
    },
}


def card(effect: Effect) -> dict[str, Words]:
    """What each role does now."""
    return CARDS[effect]
