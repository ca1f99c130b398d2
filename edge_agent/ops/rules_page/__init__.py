"""`edge-agent rules` and docs/RULES.md: every rule in words, as a safety officer reads, checks and signs it."""
