"""Small JSON files that the agent keeps whole (it replaces them in one move)."""

from pathlib import Path
from typing import TypeVar

import msgspec

from edge_agent.domain.words import Words
from web_ui.errors import fail

LARGEST_BYTES = 4_000_000

T = TypeVar("T")


def whole(file: Path, code: str, kind: type[T]) -> T:
    """The file's content as this shape, or the error `code` with what is wrong."""
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.read(LARGEST_BYTES), type=kind)
    except FileNotFoundError:
        fail(code, detail=Words(f"没有 {file.name}", f"there is no {file.name}"))
    except OSError as fault:
        fail(code, detail=Words(f"{file.name} 无法读取", f"{file.name}: {fault.strerror}"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fail(code, detail=Words(f"{file.name} 不完整", f"{file.name} is incomplete or of another shape"))
