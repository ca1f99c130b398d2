"""What the kernel or the board says against a GPIO line, as words with a remedy; and gpiod, if it is there."""

import contextlib
import errno
import importlib
from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words, WordsError


class GpioError(WordsError):
    """The kernel or the board refused."""


def real() -> Any:
    """The gpiod package. Raises GpioError where it is not installed."""
    try:
        return importlib.import_module("gpiod")
    except ImportError as missing:
        en = "gpiod is not installed: install edge-agent with the extra [gpio]"
        raise GpioError(Words("未安装 gpiod：请安装附加组件 [gpio]", en)) from missing


@contextlib.contextmanager
def in_words(doing: str) -> Iterator[None]:
    """What the kernel says, as words with a remedy."""
    try:
        yield
    except FileNotFoundError as gone:
        zh = f"GPIO {doing}：设备不存在，请用 gpiodetect 查看"
        raise GpioError(Words(zh, f"GPIO {doing}: no such device; gpiodetect lists them")) from gone
    except PermissionError as refused:
        zh = f"GPIO {doing}：没有权限，请把运行用户加入 gpio 组"
        en = f"GPIO {doing}: not permitted; add the user that runs the agent to the group gpio"
        raise GpioError(Words(zh, en)) from refused
    except OSError as refused:
        why = errno.errorcode.get(refused.errno or 0, "?")
        raise GpioError(Words(f"GPIO {doing}：内核拒绝（{why}）", f"GPIO {doing}: refused ({why})")) from refused
