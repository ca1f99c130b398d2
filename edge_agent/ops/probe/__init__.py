"""`edge-agent probe`: what a gas detector says on the wire, beside what the box makes of it."""
