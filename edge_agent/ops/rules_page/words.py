"""The words of the rules page that are not in rules and rulebook themselves, and how a cell says things."""

from collections.abc import Iterable, Mapping
from typing import Literal

from edge_agent.decide import consent, samples
from edge_agent.decide.rules import gate_ticket, ppe
from edge_agent.domain.outcome import Effect, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words

Language = Literal["zh", "en", "both"]

EFFECTS = {
    Effect.NOTE: Words("记录", "noted"),
    Effect.WARN: Words("警告", "warns"),
    Effect.BLOCK_START: Words("禁止开工", "blocks a start"),
    Effect.PAUSE: Words("暂停作业", "pauses the work"),
    Effect.EVACUATE: Words("暂停并撤离", "pauses the work and evacuates"),
}
CLASSES = {
    PauseClass.EMERGENCY: Words("A 类：紧急", "class A: emergency"),
    PauseClass.INTEGRITY: Words("B 类：监护完整性", "class B: integrity"),
    PauseClass.RULE: Words("C 类：作业条件", "class C: a condition of the work"),
    PauseClass.MANUAL: Words("D 类：人工", "class D: by hand"),
}
PRIORITIES = {
    Priority.CRITICAL: Words("紧急", "critical"),
    Priority.HIGH: Words("高", "high"),
    Priority.MEDIUM: Words("中", "medium"),
    Priority.LOW: Words("低", "low"),
}
BLAMES = {
    Blame.PERSON: Words("人员", "person"),
    Blame.DEVICE: Words("设备", "device"),
    Blame.NETWORK: Words("网络", "network"),
    Blame.RULE: Words("作业条件", "the work's own conditions"),
}
TOPICS = {
    "GAS": Words("气体", "Gas"),
    "GRD": Words("监护人", "The guard"),
    "PPL": Words("人员", "People"),
    "CAM": Words("摄像机", "Cameras"),
    "DEV": Words("设备与切断", "Devices and the stop itself"),
    "ENV": Words("环境", "Surroundings"),
    "SIM": Words("交叉作业", "Works that meet"),
    "PTW": Words("作业票", "The permit"),
    "SYS": Words("主机与规则手册", "The box and its rulebook"),
}

# What the rulebook calls things by, in people's words; what a site adds keeps its own name.
NAMES = {
    **gate_ticket.ROLES,
    **consent.CAPACITIES,
    **samples.KINDS,
    **samples.PLACES,
    **ppe.ITEMS,
    "worker": Words("作业人员", "worker"),
    "*": Words("任何作业", "any work"),
    "hot": Words("动火", "hot work"),
    "confined_space": Words("受限空间", "confined space"),
    "blind_plate": Words("盲板抽堵", "blind plate"),
    "height": Words("高处", "work at height"),
    "lifting": Words("吊装", "lifting"),
    "excavation": Words("动土", "excavation"),
    "low_voltage": Words("低压电工", "low voltage"),
    "painting": Words("涂装", "painting"),
    "solvent": Words("溶剂清洗", "solvent cleaning"),
    "dust_sweeping": Words("粉尘清扫", "dust sweeping"),
    "venting": Words("可燃气体放空", "venting of flammable gas"),
    "draining": Words("可燃液体排放", "draining of flammable liquid"),
    "tank_sampling": Words("储罐采样", "tank sampling"),
    "dewatering": Words("储罐切水", "tank dewatering"),
    "deck": Words("隔离层", "a deck between"),
    "double_deck": Words("双层防护", "a double deck"),
}


COUNTED = {
    "count": "个",
    "counts": "个分度",
    "days": "天",
    "permits": "张",
    "presses": "次",
    "alarms": "条",
    "times": "次",
    "stops": "次",
    "tries": "次",
}


def figure(value: float, unit: str) -> Words:
    """A number with its unit, which is a word where something is counted."""
    return Words(f"{value:g} {COUNTED.get(unit, unit)}", f"{value:g} {unit}")


def named(ids: Iterable[str], between: str = ", ", known: Mapping[str, Words] = NAMES) -> Words:
    """A list of the rulebook's own names: in Chinese as people say them, in English as the book writes them."""
    listed = tuple(ids)
    zh = between.replace(", ", "、").join(known[id_].zh if id_ in known else id_ for id_ in listed)
    return Words(zh, between.join(id_.replace("_", " ") for id_ in listed))


class Voice:
    """Says words in one language, or in both with Chinese first."""

    def __init__(self, language: Language) -> None:
        """`language` of the whole page."""
        self._language = language

    def say(self, words: Words) -> str:
        """One sentence."""
        if self._language == "both":
            return words.zh if words.zh == words.en else f"{words.zh} / {words.en}"
        return str(getattr(words, self._language))

    def head(self, zh: str, en: str) -> str:
        """A heading or a label."""
        return self.say(Words(zh, en))

    def row(self, *cells: str) -> str:
        """A row of a table; what would break it is escaped."""
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    def table(self, heads: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """A table's first two lines."""
        names = [self.head(zh, en) for zh, en in heads]
        return self.row(*names), "|" + "---|" * len(names)
