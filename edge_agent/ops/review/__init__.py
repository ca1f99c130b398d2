"""`edge-agent review`: what lies behind: pauses and false ones, shadow mode, coverage, overrides, drills."""
