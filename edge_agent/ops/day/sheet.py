"""The day's table on paper and for a spreadsheet: Chinese first, English below it."""

from collections.abc import Iterator

from edge_agent.domain.words import Words
from edge_agent.ops.export.paper import Cover, sheet
from edge_agent.ops.export.table import spreadsheet
from edge_agent.tell.live_office import DayTable, Indicator

TITLE = Words("班组安全健康度日度表", "Daily safety table of the team")
HEADS = (
    Words("编号", "row"),
    Words("指标", "indicator"),
    Words("目标", "target"),
    Words("当日", "this day"),
    Words("前一日", "day before"),
    Words("达标", "met"),
    Words("本机数据", "what this box knows"),
    Words("本机不掌握", "what it does not know"),
)
WIDTHS = (11, 33, 15, 15, 15, 12, 46, 43)  # of 190 mm
MET = {True: Words("是", "yes"), False: Words("否", "no"), None: Words("-", "-")}


def as_csv(day: DayTable) -> bytes:
    """UTF-8 for any spreadsheet."""
    columns = ("date", *(f"{head.zh} {head.en}" for head in HEADS))
    return spreadsheet(columns, ((day.date, *row) for row in _rows(day, " / ")))


def as_pdf(day: DayTable) -> bytes:
    """One page, A4. Raises NoFont."""
    lines = (
        ("站点 site", f"{day.site.zh} / {day.site.en} ({day.unit})"),
        ("日期 date", day.date + (" （当日未结束 the day is not over）" if day.running else "")),
        *((("统计范围 counted", f"{day.whole.zh} / {day.whole.en}"),) if day.whole else ()),
        *((("演示 DEMO", "演示限值，不提供保护 demo limits, nothing is protected"),) if day.demo else ()),
    )
    heads = tuple(f"{head.zh}\n{head.en}" for head in HEADS)
    return sheet(Cover(title=TITLE, lines=lines), heads, WIDTHS, _rows(day, "\n"))


def _rows(day: DayTable, joint: str) -> Iterator[tuple[str, ...]]:
    for one in day.indicators:
        yield tuple(_both(cell, joint) for cell in _cells(one))


def _cells(one: Indicator) -> tuple[Words | str, ...]:
    return (
        one.row,
        one.name,
        one.target,
        _pct(one.value_pct),
        _pct(one.before_pct),
        MET[one.met],
        one.counts,
        one.lacks,
    )


def _pct(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %"


def _both(cell: Words | str, joint: str) -> str:
    if isinstance(cell, str):
        return cell
    return cell.zh if cell.zh == cell.en else f"{cell.zh}{joint}{cell.en}"
