"""Reads the bundle's files, each once, and says of broken TOML where it breaks and what to look for."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.fault import Fault

FULL_WIDTH = re.compile("[\u201c\u201d\u2018\u2019\uff1d\uff0c\uff1a\uff1b\u3010\u3011\uff08\uff09\u3002\u3000]")

# What tomllib says -> what a person should look for. First match wins.
LOOK_FOR = (
    (
        r"overwrite|twice|Duplicate|immutable",
        Words(
            "同一个键或表写了两次，请删去或改名其一", "the same key or table stands twice: remove or rename one"
        ),
    ),
    (
        r"Unclosed (array|inline)|Invalid value \(at end",
        Words("缺少右括号 ] 或 }", "look for a missing closing ] or }"),
    ),
    (
        r"Expected '='",
        Words(
            "键后缺少 =（或多了一行文字，说明应以 # 开头）",
            "look for a missing = after the key (a remark begins with #)",
        ),
    ),
    (
        r"Invalid value",
        Words(
            "文字要加引号，真假写 true 或 false，数字不带单位",
            "put text in quotes, write true or false in lower case, and numbers without a unit",
        ),
    ),
    (r"Unescaped|escape", Words("引号内的 \\ 要写成 \\\\", "write a backslash inside quotes twice")),
    (
        r"Expected newline.*\n.*= *[-+.\d]+ *[A-Za-z%]",
        Words("数字后不写单位", "write the number without its unit"),
    ),
    (
        r"Expected newline",
        Words(
            "一行只写一个 键 = 值；也请检查引号是否成对",
            "write one key = value per line; look for an unpaired quote",
        ),
    ),
    (r"\]", Words("表头要写成 [表] 或 [[表]]", "write a table's head as [table] or [[table]]")),
)
ELSE = Words(
    "请检查这一行和上一行的引号、括号和等号", "look at the quotes, brackets and = of this line and the one above"
)


class Files:
    """What was read: one fault for each file that could not be, one digest over all that were."""

    def __init__(self, root: Path) -> None:
        """`root` shortens the names that people see."""
        self.faults: list[Fault] = []
        self._root = root
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """sha256 over name, length and bytes of every file that counts, in the order of reading."""
        return self._digest.hexdigest()

    def name(self, path: Path) -> str:
        """The file as people see it: from `root` or from where they stand, if it lies below."""
        whole = path.absolute()
        for base in (self._root.absolute(), Path.cwd()):
            if base != base.parent and whole.is_relative_to(base):  # a service stands at /, where people do not
                return str(whole.relative_to(base))
        return str(whole)

    def table(self, path: Path, *, counts: bool = True) -> dict[str, Any] | None:
        """The file's top table, or None with the fault noted; `counts` = it is part of the digest."""
        name = self.name(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            self._fault(name, "", *_unreadable(error))
            return None
        if counts:
            self._digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            problem = Words("不是 UTF-8 文字", "is not UTF-8 text")
            remedy = Words("用编辑器另存为 UTF-8", "save the file as UTF-8 in the editor")
            self._fault(name, f"line {line}", problem, remedy)
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._fault(name, *_broken(text, str(error)))
            return None

    def _fault(self, name: str, key: str, problem: Words, remedy: Words) -> None:
        self.faults.append(Fault(file=name, key=key, problem=problem, remedy=remedy))


def _unreadable(error: OSError) -> tuple[Words, Words]:
    if isinstance(error, FileNotFoundError):
        return (
            Words("文件不存在", "no such file"),
            Words("请建立此文件，或检查文件夹的路径", "create it, or check the folder's path"),
        )
    why = error.strerror or type(error).__name__
    return (
        Words(f"无法读取：{why}", f"cannot be read: {why}"),
        Words("请检查文件的类型和权限", "check what it is and who may read it"),
    )


def _broken(text: str, said: str) -> tuple[str, Words, Words]:
    """Line and column, what stands there, what to look for. `said` is tomllib's message."""
    lines = text.splitlines() or [""]
    found = re.search(r"line (\d+), column (\d+)", said)
    row, column = (int(found[1]), int(found[2])) if found else (len(lines), len(lines[-1]) + 1)
    line = lines[min(row, len(lines)) - 1]
    why = said.split(" (at ", maxsplit=1)[0]
    problem = Words(f"TOML 语法错误：{why}: {line.strip()[:60]}", f"broken TOML: {why}: {line.strip()[:60]}")
    return f"line {row}, column {column}", problem, _look_for(line, said)


def _look_for(line: str, said: str) -> Words:
    if line.startswith("\ufeff"):
        return Words("请存为不带 BOM 的 UTF-8", "save the file as UTF-8 without a byte order mark")
    bare = line.split("#", maxsplit=1)[0]
    wide = FULL_WIDTH.search(bare)
    if wide:
        return Words(
            f"全角符号 {wide[0]} 请改为半角", f"replace the full-width character {wide[0]} by its ASCII one"
        )
    if bare.count('"') % 2:
        return Words("引号不成对，请补上右引号", 'look for a missing closing quote (")')
    return next((words for pattern, words in LOOK_FOR if re.search(pattern, f"{said}\n{bare}")), ELSE)
