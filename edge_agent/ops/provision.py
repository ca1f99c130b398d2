"""`edge-agent provision TEMPLATE CSV OUT`: the settings of many boxes from one folder and one table, a row each.

Wherever a text of the template says `@column@`, the row's value stands. All rows are checked before
anything is written, and every fault is told with its row. Beside the folders: labels with a QR code for
each box (PDF), and a list.
"""

import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from pathlib import Path

import segno

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops import checking
from edge_agent.ops.export.paper import NoFont, labels
from edge_agent.settings.load import load

EX_DATAERR, EX_CANTCREAT, EX_CONFIG = 65, 73, 78  # sysexits.h
UNIT = "unit"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
HOLE = re.compile(r"@([a-z][a-z0-9_]*)@")
NOT_IN_TEXT = re.compile(r'["\\\x00-\x1f]')
MOST_ROWS = 10_000
LEFT = shutil.ignore_patterns("state", "run", "runtime", "web", "__pycache__")
LABELS, LIST = "labels.pdf", "units.csv"


class BadTableError(WordsError):
    """The table does not fit the template; the words say where."""


def provision(template: Path, table: Path, out: Path, root: Path) -> int:
    """Write one folder a row, labels and a list; or nothing, and say why."""
    try:
        rows = _rows(template, table)
        with tempfile.TemporaryDirectory(prefix="edge-agent-provision-") as scratch:
            faults = list(_made(template, rows, Path(scratch), root))
            if faults:
                sys.stdout.writelines(f"{line}\n" for line in faults)
                return EX_CONFIG
            listed = list(_listed(rows, Path(scratch), root))
            sheet = labels([_label(one) for one in listed])
            _put(Path(scratch), out, listed, sheet)
    except BadTableError as fault:
        sys.stderr.write(f"{fault.words.zh}\n{fault.words.en}\n")
        return EX_DATAERR
    except (OSError, NoFont) as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_CANTCREAT
    sys.stdout.write(f"{len(rows)} 台 boxes → {out}（{LABELS}，{LIST}）\n")
    return 0


def _rows(template: Path, table: Path) -> list[dict[str, str]]:
    """The rows, which fill every hole of the template and have no other column. Raises BadTableError, OSError."""
    wanted = set(_holes(template))
    try:
        text = _text(table.read_bytes())
        reader = csv.DictReader(StringIO(text, newline=""), delimiter=_sign(text), strict=True)
        rows = [dict(row) for row in reader]
    except (csv.Error, UnicodeDecodeError) as fault:
        raise BadTableError(Words(f"{table} 读不出：{fault}", f"{table}: {fault}")) from fault
    columns = set(reader.fieldnames or ())
    if UNIT not in wanted or columns != wanted or not rows or len(rows) > MOST_ROWS:
        lacks, more = ", ".join(sorted((wanted | {UNIT}) - columns)), ", ".join(sorted(columns - wanted))
        raise BadTableError(
            Words(
                f"{table}：列应与模板的 @名称@ 一致；缺 {lacks or '无'}；多 {more or '无'}；{len(rows)} 行",
                f"{table}: its columns must be the @names@ of the template; missing: {lacks or 'none'}; "
                f"not in the template: {more or 'none'}; {len(rows)} rows",
            )
        )
    for number, row in enumerate(rows, start=2):
        _sound(table, number, row)
    units = [row[UNIT] for row in rows]
    twice = sorted({unit for unit in units if units.count(unit) > 1})
    if twice:
        raise BadTableError(Words(f"{table}：重复的 unit {twice}", f"{table}: these units stand twice: {twice}"))
    return rows


def _text(raw: bytes) -> str:
    """UTF-8, or what Excel writes on a Chinese machine (GBK). Raises UnicodeDecodeError."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _sign(text: str) -> str:
    """What parts the columns: Excel takes that from the machine's language."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _sound(table: Path, number: int, row: Mapping[str, str | None]) -> None:
    for column, value in row.items():
        if value is None or column is None or NOT_IN_TEXT.search(value):
            raise BadTableError(
                Words(
                    f"{table} 第 {number} 行 {column}：缺值、多值，或含引号、反斜杠",
                    f"{table}, line {number}, {column}: missing, too many, or with a quote or backslash in it",
                )
            )
    if not NAME.fullmatch(row[UNIT] or ""):
        raise BadTableError(
            Words(
                f"{table} 第 {number} 行 unit：只用小写字母、数字和连字符",
                f"{table}, line {number}, unit: small letters, digits and hyphens",
            )
        )


def _holes(template: Path) -> Iterator[str]:
    for path in template.rglob("*.toml"):
        yield from HOLE.findall(path.read_text("utf-8"))


def _made(template: Path, rows: list[dict[str, str]], scratch: Path, root: Path) -> Iterator[str]:
    """Each row's folder, and what is wrong with it."""
    for number, row in enumerate(rows, start=2):
        folder = scratch / row[UNIT]
        shutil.copytree(template, folder, ignore=LEFT)
        for path in folder.rglob("*.toml"):
            path.write_text(_filled(path.read_text("utf-8"), row), "utf-8")
        for fault in checking.faults(folder, root):
            yield f"第 {number} 行 line {number} ({row[UNIT]}): {fault.line('zh')}"
            yield f"    {fault}"


def _filled(text: str, row: Mapping[str, str]) -> str:
    return HOLE.sub(lambda hole: row[hole[1]], text)


class Listed(tuple[str, str, str, str]):
    """Site, unit, name and digest of one box."""

    __slots__ = ()


def _listed(rows: list[dict[str, str]], scratch: Path, root: Path) -> Iterator[Listed]:
    for row in rows:
        settings = load(scratch / row[UNIT], root)
        site = settings.site.site
        yield Listed((site.id, site.unit, f"{site.name.zh}\n{site.name.en}", settings.digest))


def _label(one: Listed) -> tuple[str, str, BytesIO]:
    """What stands on the box: whose it is; the code says the same for whoever has a list."""
    site, unit, name, digest = one
    picture = BytesIO()
    segno.make(f"edge-agent:{site}/{unit}?settings={digest[:16]}", error="m").save(picture, kind="png", scale=6)
    picture.seek(0)
    return f"{site} / {unit}", name, picture


def _put(scratch: Path, out: Path, listed: list[Listed], sheet: bytes) -> None:
    """Nothing that is there is written over. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    for _, unit, _, _ in listed:
        if (out / unit).exists():
            raise FileExistsError(17, "is there already: choose an empty folder", str(out / unit))
    for _, unit, _, _ in listed:
        shutil.copytree(scratch / unit, out / unit)
    (out / LABELS).write_bytes(sheet)
    with (out / LIST).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("site", "unit", "name", "settings"))
        writer.writerows((site, unit, name.replace("\n", " "), digest) for site, unit, name, digest in listed)
