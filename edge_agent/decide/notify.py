"""Who must know, by role (ledger 0-14, 2-26): one table. The centre turns roles into telephones."""

from edge_agent.domain.outcome import Effect

# The three that the ledger names: guard, applicant (the holder) and safety officer.
CONCERNED = ("guard", "holder", "safety_officer")
NOTIFY = {
    Effect.NOTE: (),
    Effect.WARN: ("guard",),
    Effect.BLOCK_START: ("guard", "holder"),
    Effect.PAUSE: CONCERNED,
    Effect.EVACUATE: (*CONCERNED, "shift_lead", "area_owner", "manager"),
}


def whom(effect: Effect) -> tuple[str, ...]:
    """The roles to be told of something with this effect."""
    return NOTIFY[effect]
