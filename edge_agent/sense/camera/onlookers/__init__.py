"""Live pictures for whoever looks on: a program of its own, behind everything else, that nobody waits for."""
