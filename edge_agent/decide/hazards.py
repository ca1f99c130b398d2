"""What anybody can report in three taps (ledger 2-47, 4-11): the frequent hazards of the eight special works.

Each has a code for its guide card, words, the name of its picture, the works that it belongs to (none: all of
them), and what whoever stands there does first. `effect` is how urgent it is and whose card holds. A report itself
stops nothing: whoever sees danger presses stop.
"""

from msgspec import Struct

from edge_agent.domain.outcome import Effect, Priority
from edge_agent.domain.ticket import WorkType
from edge_agent.domain.words import Words

PRIORITIES = {
    Effect.EVACUATE: Priority.CRITICAL,
    Effect.PAUSE: Priority.HIGH,
    Effect.WARN: Priority.MEDIUM,
}


class Hazard(Struct, frozen=True):
    """One kind of thing that somebody may see."""

    kind: str
    code: str
    icon: str
    effect: Effect
    title: Words
    first: Words  # what to do at once
    works: tuple[WorkType, ...] = ()


E, P, W = Effect.EVACUATE, Effect.PAUSE, Effect.WARN
HOT, SPACE, BLIND, HEIGHT = WorkType.HOT, WorkType.CONFINED_SPACE, WorkType.BLIND_PLATE, WorkType.HEIGHT
LIFT, POWER, DIG, ROAD = WorkType.LIFTING, WorkType.TEMPORARY_POWER, WorkType.EXCAVATION, WorkType.ROAD_CLOSURE

HAZARDS = (
    Hazard(
        "fire",
        "RPT-01",
        "flame",
        E,
        Words("着火或冒烟", "Fire or smoke"),
        Words("喊停，撤到上风向，报警", "call a stop, leave upwind, raise the alarm"),
    ),
    Hazard(
        "leak",
        "RPT-02",
        "leak",
        E,
        Words("泄漏或异味", "A leak, or a smell"),
        Words("停止动火和用电，撤到上风向", "no flames, no switches; leave upwind"),
    ),
    Hazard(
        "injured",
        "RPT-03",
        "injured",
        E,
        Words("有人受伤或不适", "Somebody is hurt or unwell"),
        Words("停止作业，呼叫救援，不盲目施救", "stop the work, call rescue, do not rush in"),
    ),
    Hazard(
        "no_guard",
        "RPT-04",
        "guard",
        P,
        Words("监护人不在岗", "The guard is not at his post"),
        Words("停止作业，等监护人回岗", "stop the work until the guard is back"),
    ),
    Hazard(
        "ppe",
        "RPT-05",
        "helmet",
        W,
        Words("未戴安全帽等防护用品", "Protective equipment is not worn"),
        Words("提醒并戴好再作业", "have it put on before work goes on"),
    ),
    Hazard(
        "stranger",
        "RPT-06",
        "stranger",
        W,
        Words("无关人员进入", "Somebody who does not belong here"),
        Words("请其离开，拦住入口", "ask him to leave, hold the entry"),
    ),
    Hazard(
        "not_as_permitted",
        "RPT-07",
        "ticket",
        P,
        Words("作业与票面不符", "The work is not what the permit says"),
        Words("停止作业，核对作业票", "stop the work, compare it with the permit"),
    ),
    Hazard(
        "belt_guard",
        "RPT-08",
        "belt",
        P,
        Words("皮带机等转动部位无防护", "A belt or rotating part without its guard"),
        Words("停机挂牌，装好防护再开", "stop and lock the machine, fit the guard"),
    ),
    Hazard(
        "flammables",
        "RPT-11",
        "flammable",
        P,
        Words("动火点周边有可燃物", "Something that burns near hot work"),
        Words("停止动火，清除或遮盖", "stop the hot work, clear or cover it"),
        (HOT,),
    ),
    Hazard(
        "no_extinguisher",
        "RPT-12",
        "extinguisher",
        P,
        Words("灭火器缺失或失压", "The extinguisher is missing or has no pressure"),
        Words("停止动火，换上有效的", "stop the hot work, bring one that works"),
        (HOT,),
    ),
    Hazard(
        "flashback_arrestor",
        "RPT-13",
        "acetylene",
        P,
        Words("乙炔瓶没有回火阀", "Acetylene without a flashback arrestor"),
        Words("关闭气瓶，装好再用", "close the cylinder, fit one first"),
        (HOT,),
    ),
    Hazard(
        "cylinders",
        "RPT-14",
        "cylinder",
        W,
        Words("气瓶间距不足、倒放或暴晒", "Gas cylinders too near, lying, or in the sun"),
        Words(
            "氧气、乙炔相距 5 米，离火 10 米，直立固定",
            "5 m between oxygen and acetylene, 10 m from fire, upright",
        ),
        (HOT,),
    ),
    Hazard(
        "sparks",
        "RPT-15",
        "sparks",
        P,
        Words("火花未遮挡，地漏未封", "Sparks fly free, or a drain is open"),
        Words("停止动火，挂防火布，封堵地漏", "stop the hot work, hang a fire blanket, seal the drain"),
        (HOT,),
    ),
    Hazard(
        "no_ventilation",
        "RPT-21",
        "fan",
        E,
        Words("受限空间通风中断", "Ventilation of the space has stopped"),
        Words("里面的人立即出来", "everybody inside comes out at once"),
        (SPACE,),
    ),
    Hazard(
        "no_rescue_gear",
        "RPT-22",
        "rescue",
        P,
        Words("救援器材、呼吸器不在位", "Rescue gear or breathing sets are not at hand"),
        Words("停止进入，备齐再进", "nobody goes in until they are there"),
        (SPACE,),
    ),
    Hazard(
        "no_blind_tag",
        "RPT-31",
        "blind_plate",
        P,
        Words("盲板未加、错加或无挂牌", "A blind is missing, wrong, or not tagged"),
        Words("停止作业，核对盲板图", "stop the work, compare with the blind list"),
        (BLIND, SPACE),
    ),
    Hazard(
        "residual_pressure",
        "RPT-32",
        "pressure",
        E,
        Words("管道仍有压力或物料", "The pipe still holds pressure or product"),
        Words("停止拆法兰，撤到侧面上风向", "leave the flange, stand aside and upwind"),
        (BLIND,),
    ),
    Hazard(
        "no_harness",
        "RPT-41",
        "harness",
        P,
        Words("高处未系安全带", "No harness at height"),
        Words("停止作业，系挂牢再作业", "stop the work, hook on first"),
        (HEIGHT,),
    ),
    Hazard(
        "open_edge",
        "RPT-42",
        "edge",
        P,
        Words("临边、洞口没有护栏盖板", "An edge or hole without rail or cover"),
        Words("拦住，装好护栏或盖板", "keep people away, fit rail or cover"),
        (HEIGHT,),
    ),
    Hazard(
        "scaffold",
        "RPT-43",
        "scaffold",
        P,
        Words("脚手架缺陷或未验收", "A scaffold with a defect, or not accepted"),
        Words("停止使用，下架等验收", "come down, nobody uses it until it is accepted"),
        (HEIGHT,),
    ),
    Hazard(
        "falling_objects",
        "RPT-44",
        "falling",
        W,
        Words("有物体可能坠落", "Something may fall"),
        Words("下方清场，工具系绳", "clear the ground below, tie the tools"),
        (HEIGHT, LIFT),
    ),
    Hazard(
        "under_load",
        "RPT-51",
        "load",
        P,
        Words("吊物下有人", "Somebody is under the load"),
        Words("停止起吊，人员离开再放下", "stop the lift, clear people, then lower"),
        (LIFT,),
    ),
    Hazard(
        "sling",
        "RPT-52",
        "hook",
        P,
        Words("吊索、吊钩破损或裂纹", "A sling or hook is worn or cracked"),
        Words("放下载荷，停用该吊具", "lower the load, take it out of use"),
        (LIFT,),
    ),
    Hazard(
        "outrigger",
        "RPT-53",
        "outrigger",
        P,
        Words("支腿未伸足或地面下沉", "An outrigger is not out, or the ground gives way"),
        Words("放下载荷，重新支设", "lower the load, set it up again"),
        (LIFT,),
    ),
    Hazard(
        "cable",
        "RPT-61",
        "cable",
        P,
        Words("电缆破损、泡水或拖地", "A cable is damaged, in water or in the way"),
        Words("断电，换线或架空", "switch it off, replace or hang it"),
        (POWER,),
    ),
    Hazard(
        "panel",
        "RPT-62",
        "panel",
        W,
        Words("配电箱无漏保、未接地或未上锁", "A panel without RCD, earth or lock"),
        Words("断电，请电工处理", "switch it off, call the electrician"),
        (POWER,),
    ),
    Hazard(
        "slope",
        "RPT-71",
        "slope",
        E,
        Words("坑壁开裂、渗水或塌方", "The pit wall cracks, seeps or slides"),
        Words("坑内人员立即上来", "everybody out of the pit at once"),
        (DIG,),
    ),
    Hazard(
        "pit_barrier",
        "RPT-72",
        "barrier",
        W,
        Words("坑边无围挡或堆土过近", "No barrier at the pit, or soil too near"),
        Words("设围挡，土堆离坑边 1 米", "put up a barrier, keep soil 1 m away"),
        (DIG,),
    ),
    Hazard(
        "fire_lane",
        "RPT-81",
        "road",
        W,
        Words("消防通道堵塞或断路无警示", "A fire lane is blocked, or a closed road has no signs"),
        Words("让出通道，摆好警示和夜灯", "clear the lane, put up signs and lights"),
        (ROAD,),
    ),
    Hazard(
        "other",
        "RPT-99",
        "other",
        W,
        Words("其他隐患", "Something else"),
        Words("离开危险处，写清看到了什么", "step away, say what you saw"),
    ),
)
BY_KIND = {one.kind: one for one in HAZARDS}
