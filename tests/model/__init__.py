"""A second, deliberately naive account of what must hold, and a machine that tries to break the real step."""
