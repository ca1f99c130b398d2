"""`report.pdf`: what happened, to be read by people; the proof is in the other files."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from fpdf import FPDF, FontFace
from fpdf.enums import Align, WrapMode, XPos, YPos
from msgspec import Struct

from edge_agent.domain.outcome import Event
from edge_agent.domain.words import Words
from edge_agent.ops.export.table import Telling, row

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")  # Debian's fonts-wqy-microhei
NAME = "hei"
GREY = (225, 225, 225)
WIDTHS = (11, 33, 22, 22, 9, 93)  # of 190 mm: A4 without its margins
HEADS = ("序号 no.", "时间 time", "对象 of", "谁 who", "级 pri.", "内容 what")
FIELD_MM = 52
MOST_PICTURES = 60  # a page each two; the others are in the folder beside


class NoFont(Exception):  # noqa: N818 (it says what is missing)
    """The font is not installed."""


class Cover(Struct, frozen=True, kw_only=True):
    """What stands on top: field and value."""

    title: Words
    lines: tuple[tuple[str, str], ...]


def paper(cover: Cover, events: Iterable[Event], stills: Iterable[Path], telling: Telling) -> bytes:
    """The report, A4. Raises NoFont."""
    pdf = _begun(cover)
    _table(pdf, HEADS, WIDTHS, (_event(event, telling) for event in events))
    _stills(pdf, stills)
    return bytes(pdf.output())


class Sheet(Struct, frozen=True, kw_only=True):
    """One table below its title; `widths` in mm."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(cover: Cover, tables: Iterable[Sheet]) -> bytes:
    """A cover and some tables, A4. Raises NoFont."""
    pdf = _begun(cover)
    for one in tables:
        pdf.set_font(NAME, size=11)
        pdf.cell(0, 9, one.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if one.rows:
            _table(pdf, one.heads, one.widths, one.rows)
        pdf.ln(3)
    return bytes(pdf.output())


HAN = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])(?![\u3001-\u3002\uff00-\uffef\s]|$)", re.MULTILINE
)


def wrapping(text: str) -> str:
    """Lines may end after any Chinese sign, but never within an English word or before a comma."""
    return HAN.sub("\u200b", text)


class Loud(str):
    """Words that nobody may overlook: white on black, because the font has no bold."""

    __slots__ = ()


LOUD = FontFace(family=NAME, emphasis="", color=255, fill_color=0)


def sheet(cover: Cover, heads: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """A cover and one table, A4; `widths` in mm. Raises NoFont."""
    pdf = _begun(cover)
    _table(pdf, heads, widths, rows)
    return bytes(pdf.output())


LABEL_MM, ACROSS, DOWN = (90.0, 50.0), 2, 5  # ten on a page


def labels(told: Iterable[tuple[str, str, BytesIO]]) -> bytes:
    """A4 with ten labels a page, each a heading, a line below it and a picture (PNG). Raises NoFont."""
    if not FONT.is_file():
        raise NoFont(f"没有字体 {FONT}，请安装 fonts-wqy-microhei / no font: install fonts-wqy-microhei")
    pdf = FPDF(format="A4")
    pdf.add_font(NAME, fname=FONT)
    pdf.set_auto_page_break(auto=False)
    for number, (heading, below, picture) in enumerate(told):
        if number % (ACROSS * DOWN) == 0:
            pdf.add_page()
        row, column = divmod(number % (ACROSS * DOWN), ACROSS)
        x, y = 12 + column * (LABEL_MM[0] + 6), 15 + row * (LABEL_MM[1] + 4)
        pdf.rect(x, y, *LABEL_MM)
        pdf.image(picture, x=x + 2, y=y + 2, h=LABEL_MM[1] - 4)
        pdf.set_xy(x + LABEL_MM[1], y + 6)
        pdf.set_font(NAME, size=11)
        pdf.multi_cell(LABEL_MM[0] - LABEL_MM[1] - 2, 6, heading, wrapmode=WrapMode.CHAR, align=Align.L)
        pdf.set_xy(x + LABEL_MM[1], pdf.get_y() + 2)
        pdf.set_font(NAME, size=8)
        pdf.multi_cell(LABEL_MM[0] - LABEL_MM[1] - 2, 4.5, below, align=Align.L)
    return bytes(pdf.output())


def _begun(cover: Cover) -> FPDF:
    if not FONT.is_file():
        raise NoFont(f"没有字体 {FONT}，请安装 fonts-wqy-microhei / no font: install fonts-wqy-microhei")
    pdf = _Paper(cover.title)
    pdf.add_font(NAME, fname=FONT)
    pdf.set_auto_page_break(auto=True, margin=16)
    pdf.add_page()
    _cover(pdf, cover)
    return pdf


class _Paper(FPDF):
    """Every page says what it is of, and how many there are."""

    def __init__(self, title: Words) -> None:
        super().__init__(format="A4")
        self._title = title

    def footer(self) -> None:
        """The title again, and the page's number."""
        self.set_y(-12)
        self.set_font(NAME, size=7)
        self.cell(0, 5, f"{self._title.zh} / {self._title.en}    {self.page_no()} / {{nb}}", align="C")


def _cover(pdf: FPDF, cover: Cover) -> None:
    pdf.set_font(NAME, size=16)
    pdf.cell(0, 10, cover.title.zh, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font(NAME, size=11)
    pdf.cell(0, 7, cover.title.en, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(2)
    pdf.set_font(NAME, size=9)
    for field, value in cover.lines:
        pdf.cell(FIELD_MM, 5.5, field)
        with pdf.local_context():
            loud = isinstance(value, Loud)
            if loud:
                pdf.set_fill_color(0)
                pdf.set_text_color(255)
            text = wrapping(value)
            pdf.multi_cell(0, 5.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L, fill=loud)
    pdf.ln(3)


def _event(event: Event, telling: Telling) -> tuple[str, ...]:
    seq, when, _, subject, who, priority, zh, en = row(event, telling)
    return seq, when, subject, who, priority, "\n".join(filter(None, (zh, en)))


def _table(pdf: FPDF, heads: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[str, ...]]) -> None:
    pdf.set_font(NAME, size=8)
    face = FontFace(family=NAME, emphasis="", fill_color=GREY)  # the font has no bold
    with pdf.table(
        col_widths=widths, line_height=4, text_align=Align.L, wrapmode=WrapMode.WORD, headings_style=face
    ) as table:
        table.row(tuple(wrapping(head) for head in heads))
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(wrapping(cell), style=LOUD if isinstance(cell, Loud) else None)


def _stills(pdf: FPDF, stills: Iterable[Path]) -> None:
    found = list(stills)
    for number, path in enumerate(found[:MOST_PICTURES]):
        if number % 2 == 0:
            pdf.add_page()
        pdf.set_font(NAME, size=8)
        pdf.cell(0, 5, path.name, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.image(BytesIO(path.read_bytes()), w=pdf.epw, h=115, keep_aspect_ratio=True)
        pdf.ln(4)
    if len(found) > MOST_PICTURES:
        pdf.cell(0, 5, f"另有 {len(found) - MOST_PICTURES} 张见 pictures/ ... more in pictures/")
