"""The permit's life as one table. It knows triggers only: never a rule's name, never a person's."""

from enum import StrEnum

from edge_agent.domain.permit import TERMINAL, State


class Trigger(StrEnum):
    """What can happen to a permit."""

    GATE_OPENS = "gate_opens"  # everything that a start needs is good at this moment
    GATE_SHUTS = "gate_shuts"
    START = "start"  # the people who must agree to a start have agreed
    RULE_PAUSES = "rule_pauses"
    STOP = "stop"  # anyone may stop
    ASK_RESUME = "ask_resume"
    RESUME_LAPSES = "resume_lapses"  # the signatures did not come together in time
    RESUME = "resume"  # the people who must agree to a resume have agreed
    RESUME_WATCH = "resume_watch"  # they have, and the work itself had ended before the stop
    END_WORK = "end_work"  # hot work ends, the fire watch begins
    END_STOPPED = "end_stopped"  # hot work that is stopped ends: its watch begins when people have looked
    CLOSE = "close"
    EXPIRE = "expire"
    REVOKE = "revoke"
    RESTART = "restart"  # the box came up again


_ENDINGS: dict[tuple[State, Trigger], State] = {
    (state, trigger): end
    for state in State
    if state not in TERMINAL
    for trigger, end in ((Trigger.EXPIRE, State.EXPIRED), (Trigger.REVOKE, State.REVOKED))
}

TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (State.RECEIVED, Trigger.GATE_OPENS): State.READY,
    (State.READY, Trigger.GATE_SHUTS): State.RECEIVED,
    (State.READY, Trigger.START): State.ACTIVE,
    (State.ACTIVE, Trigger.RULE_PAUSES): State.PAUSED,
    (State.FIRE_WATCH, Trigger.RULE_PAUSES): State.PAUSED,
    (State.SUSPENDED, Trigger.RULE_PAUSES): State.PAUSED,
    (State.RESUME_CHECK, Trigger.RULE_PAUSES): State.PAUSED,
    (State.ACTIVE, Trigger.STOP): State.SUSPENDED,
    (State.FIRE_WATCH, Trigger.STOP): State.SUSPENDED,
    (State.RESUME_CHECK, Trigger.STOP): State.SUSPENDED,
    (State.PAUSED, Trigger.STOP): State.PAUSED,
    (State.SUSPENDED, Trigger.STOP): State.SUSPENDED,
    (State.PAUSED, Trigger.ASK_RESUME): State.RESUME_CHECK,
    (State.SUSPENDED, Trigger.ASK_RESUME): State.RESUME_CHECK,
    (State.RESUME_CHECK, Trigger.RESUME_LAPSES): State.PAUSED,
    (State.RESUME_CHECK, Trigger.RESUME): State.ACTIVE,
    (State.RESUME_CHECK, Trigger.RESUME_WATCH): State.FIRE_WATCH,
    (State.ACTIVE, Trigger.END_WORK): State.FIRE_WATCH,
    # No way from a stop into the watch but RESUME_WATCH: a watch without its guard would be none.
    (State.PAUSED, Trigger.END_STOPPED): State.PAUSED,
    (State.SUSPENDED, Trigger.END_STOPPED): State.SUSPENDED,
    (State.ACTIVE, Trigger.CLOSE): State.CLOSED,
    (State.FIRE_WATCH, Trigger.CLOSE): State.CLOSED,
    (State.PAUSED, Trigger.CLOSE): State.CLOSED,
    (State.SUSPENDED, Trigger.CLOSE): State.CLOSED,
    (State.READY, Trigger.RESTART): State.RECEIVED,
    (State.ACTIVE, Trigger.RESTART): State.PAUSED,
    (State.RESUME_CHECK, Trigger.RESTART): State.PAUSED,
    (State.FIRE_WATCH, Trigger.RESTART): State.PAUSED,
    **_ENDINGS,
}

# Work is permitted in this state alone, and only people lead into it.
PERMITTED = frozenset({State.ACTIVE})
ONLY_PEOPLE = frozenset({Trigger.START, Trigger.RESUME, Trigger.RESUME_WATCH})


def after(state: State, trigger: Trigger) -> State | None:
    """The state after this trigger, or None where the trigger means nothing in this state."""
    return TRANSITIONS.get((state, trigger))
