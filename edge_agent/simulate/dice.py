"""Chance that can be repeated: the same seed plays the same field."""

import random


def dice(*seed: object) -> random.Random:
    """A generator of its own for each `seed`; nothing here is a secret."""
    return random.Random(":".join(map(str, seed)))  # noqa: S311 - repeatable noise, not cryptography
