"""The tickets of the demo plant: tank cleaning, welding beside it, a scaffold, work in the chlorine station."""

from edge_agent.domain.ticket import Approval, Measure, MeasureKind, Point, Ticket, WorkType
from edge_agent.domain.words import Words

HOUR_S = 3600.0


def _signed(at_utc: float, *who: tuple[str, str]) -> tuple[Approval, ...]:
    return tuple(Approval(role=role, person=person, at_utc=at_utc) for role, person in who)


def tank(now_utc: float) -> Ticket:
    """Cleaning the inside of the tank: confined space."""
    return Ticket(
        id="TANK-1",
        version=1,
        type=WorkType.CONFINED_SPACE,
        level="",
        area="tank-inside",
        point=Point(6.5, 0.0),
        valid_from_utc=now_utc - 60,
        valid_to_utc=now_utc + 4 * HOUR_S,
        holder="wang-lei",
        guards=("li-na", "chen-jie"),
        workers=("zhou-qiang", "wu-gang"),
        approvals=_signed(now_utc - 600, ("area_owner", "feng-tao")),
        devices=("gas-ch4", "gas-o2", "gas-h2s", "gas-co", "relay-1"),
        content=Words("清罐作业", "Cleaning the tank"),
    )


def weld(now_utc: float, **changes: object) -> Ticket:
    """Welding a bracket six metres from the manhole: level-1 hot work."""
    base = {
        "id": "WELD-1",
        "version": 1,
        "type": WorkType.HOT,
        "level": "1",
        "area": "welding-point",
        "point": Point(10.0, -5.0),
        "valid_from_utc": now_utc - 60,
        "valid_to_utc": now_utc + 4 * HOUR_S,
        "holder": "xu-hui",
        "guards": ("ma-chao",),
        "workers": ("lin-fei",),
        "approvals": _signed(now_utc - 600, ("workshop_manager", "qian-wei"), ("safety_director", "zhao-min")),
        "devices": ("gas-ch4-weld", "relay-2"),
        "jsa": "JSA-2026-118",
        "content": Words("罐壁支架焊接", "Welding a bracket at the tank wall"),
    }
    return Ticket(**(base | changes))  # type: ignore[arg-type]


def scaffold(now_utc: float) -> Ticket:
    """Painting from a scaffold of twelve metres, outdoors: height work level 2."""
    return Ticket(
        id="HEIGHT-1",
        version=1,
        type=WorkType.HEIGHT,
        level="2",
        area="scaffold",
        point=Point(42.0, 11.0),
        valid_from_utc=now_utc - 60,
        valid_to_utc=now_utc + 8 * HOUR_S,
        holder="xu-hui",
        guards=("ma-chao",),
        workers=("lin-fei",),
        approvals=_signed(now_utc - 600, ("specialist_department", "qian-wei")),
        devices=("relay-3",),
        outdoor=True,
        jsa="JSA-2026-131",
        content=Words("脚手架上刷漆", "Painting from the scaffold"),
    )


def chlorine(now_utc: float) -> Ticket:
    """Opening a flange in the chlorine station: temporary power for the tools, chlorine watched."""
    return Ticket(
        id="CL2-1",
        version=1,
        type=WorkType.TEMPORARY_POWER,
        level="",
        area="chlorine-station",
        point=Point(36.0, -17.0),
        valid_from_utc=now_utc - 60,
        valid_to_utc=now_utc + 4 * HOUR_S,
        holder="xu-hui",
        guards=("ma-chao",),
        workers=("lin-fei",),
        approvals=_signed(now_utc - 600, ("power_supplier", "qian-wei")),
        devices=("gas-cl2", "relay-4"),
        measures=(
            Measure(
                id="cl2-online",
                kind=MeasureKind.IOT,
                source="gas-cl2",
                words=Words("氯气在线监测", "chlorine is measured on line"),
            ),
        ),
        content=Words("加氯间检修", "Maintenance in the chlorine station"),
    )
