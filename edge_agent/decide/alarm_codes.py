"""Our stable alarm codes in the scheme of third parties: {type}-{sub}-{severity} (docs/domain.md section 2.6).

Ours never change; this table may, when the scheme is published. Where the scheme's own sub-number is not known
to us the sub is 00: the type as a whole.
"""

from edge_agent.domain.outcome import Priority

SYSTEM = "60"
TYPES = {
    "GAS": "01",
    "DEV": "20",
    "CAM": "20",
    "GRD": "31",
    "PPL": "31",
    "PTW": "40",
    "SIM": "40",
    "ENV": "40",
    "SYS": SYSTEM,
}
SUBS = {
    "GRD-01": "01",  # 31-01 guard absent
    "GRD-05": "01",
    "GRD-06": "01",
    "GRD-07": "01",
    "GRD-08": "01",
    "GRD-09": "01",
    "PTW-01": "03",  # 40-03 work without a permit
}
SIMOPS = "04"  # 40-04


def mapped(code: str, priority: Priority) -> str:
    """One of our codes in the scheme of third parties; its severity is our priority."""
    family = code.split("-", maxsplit=1)[0]
    sub = SIMOPS if family == "SIM" else SUBS.get(code, "00")
    kind = TYPES.get(family, SYSTEM)  # an alarm is told whether or not its code is known
    return f"{kind}-{sub}-{int(priority)}"
