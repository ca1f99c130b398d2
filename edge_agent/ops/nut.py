"""What feeds the box, as a UPS says through Network UPS Tools: `upsd`, on this box or another, over TCP.

One question, "LIST VAR <name>", needs no log-in (RFC 9271). A value that `upsd` calls stale, or that does not
come, is not known, and never "the mains are there".
"""

import re
import socket
import time
from collections.abc import Callable

from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.supply import Supply, supply
from edge_agent.settings.site_itself import PowerTable

ANSWERS_S = 2.0  # for one whole question; a UPS is looked at each second, and nobody else waits for it
MOST_BYTES = 256 * 1024
_VAR = re.compile(r'VAR \S+ (?P<name>\S+) "(?P<value>(?:[^"\\]|\\.)*)"')
# Words of ups.status that make the battery's minutes worth nothing, and what they mean.
WRONG = {
    "RB": Words("UPS 电池须更换", "the UPS wants a new battery"),
    "LB": Words("UPS 电池将尽", "the battery of the UPS is low"),
    "FSD": Words("UPS 即将关断输出", "the UPS is about to switch off"),
    "BYPASS": Words("UPS 处于旁路，没有后备", "the UPS is bypassed: nothing stands behind the mains"),
    "OFF": Words("UPS 输出关闭", "the output of the UPS is off"),
    "OVER": Words("UPS 过载", "the UPS is overloaded"),
    "CAL": Words("UPS 正在校准放电", "the UPS discharges itself to calibrate"),
}


class Nut:
    """Asks one `upsd`. For one thread."""

    def __init__(self, table: PowerTable) -> None:
        """Nothing is asked yet."""
        self._table = table

    def __call__(self) -> Supply:
        """What it says now. Never raises: what does not answer is not known, and says why."""
        table = self._table
        try:
            said = _asked(table.host, table.port, table.ups_name)
        except (OSError, UnicodeDecodeError) as fault:
            where = f"{table.host}:{table.port}"
            return Supply(
                on_mains=None,
                why=Words(f"upsd（{where}）没有应答：{fault}", f"upsd at {where} does not answer: {fault}"),
            )
        return meant(said, table.ups_name)


def asked(table: PowerTable) -> Callable[[], Supply]:
    """Whom [power] ups names: the kernel, or a UPS behind `upsd`."""
    return Nut(table) if table.ups == "nut" else supply


def meant(said: str, name: str) -> Supply:
    """What an answer means."""
    if not said.rstrip().endswith(f"END LIST VAR {name}"):
        code = said.strip().partition("\n")[0][:80]
        return Supply(on_mains=None, why=Words(f"upsd 答复：{code}", f"upsd says: {code}"))
    told = {one["name"]: one["value"] for one in _VAR.finditer(said)}
    status = told.get("ups.status", "").split()
    # "OB" counts first where a UPS says both in changing over.
    on_mains = False if "OB" in status else True if "OL" in status else None
    why = Words("UPS 没有说明供电状态", "the UPS does not say what feeds the box") if on_mains is None else NOTHING
    runtime_s, charge = _number(told.get("battery.runtime")), _number(told.get("battery.charge"))
    return Supply(
        on_mains=on_mains,
        minutes=None if runtime_s is None else runtime_s / 60,
        charge_pct=charge,
        why=why,
        wrong=next((words for token, words in WRONG.items() if token in status), NOTHING),
    )


def _asked(host: str, port: int, name: str) -> str:
    """Every line of one answer. Raises OSError; one deadline counts for all of it."""
    until_s, end = time.monotonic() + ANSWERS_S, f"END LIST VAR {name}\n".encode("ascii")
    said = b""
    with socket.create_connection((host, port), timeout=ANSWERS_S) as line:
        line.sendall(f"LIST VAR {name}\n".encode("ascii"))
        while not said.endswith(end) and not (said.startswith(b"ERR") and said.endswith(b"\n")):
            left_s = until_s - time.monotonic()
            if left_s <= 0 or len(said) > MOST_BYTES:
                raise TimeoutError("timed out")
            line.settimeout(left_s)
            piece = line.recv(4096)
            if not piece:
                break
            said += piece
    return said.decode("utf-8")


def _number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None
