"""A verdict with every field filled in, for tests that care about two of them."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.outcome import Effect, Finding, Priority, Verdict
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words

SAID = Words("气体超限", "gas over limit")


def verdict(**changes: Any) -> Verdict:
    """Dangerous gas at P-1, unless something else is asked for."""
    base = Verdict(
        key="gas|P-1|gas-1",
        rule="gas_dangerous",
        code="GAS-01",
        finding=Finding("P-1", "gas-1", SAID),
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        latch=True,
        retest=True,
        on_delay_s=0.0,
        off_delay_s=60.0,
        act_within_s=10.0,
        blame=Blame.RULE,
        title=SAID,
        cause=SAID,
        consequence=SAID,
        action=SAID,
    )
    return replace(base, **changes)
