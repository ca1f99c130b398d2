"""What is drawn by chance: gaps, silences, reactions. One place, so that the assumptions can be read."""

import itertools
import math
import random

# (share of all gaps, seconds): one traced BLE/LoRa wristband, 106 fixes (docs/domain.md 2.5 G3).
WRISTBAND_GAPS = ((0.0, 2.0), (0.5, 7.9), (0.9, 23.7), (0.95, 43.5), (1.0, 103.0))
JUMPS = 14 / 106  # fixes more than 20 m from the one before


def dice(seed: str) -> random.Random:
    """What everything here is drawn with: the same seed, the same day."""
    return random.Random(seed)  # noqa: S311 (a soak must be repeatable; nothing secret is drawn)


def wristband_gap_s(rng: random.Random) -> float:
    """The time to the wristband's next word: between two quantiles, even on a logarithmic scale."""
    share = rng.random()
    for (low, low_s), (high, high_s) in itertools.pairwise(WRISTBAND_GAPS):
        if share <= high:
            return float(low_s * (high_s / low_s) ** ((share - low) / (high - low)))
    raise AssertionError("the last quantile is 1")


def log_normal(rng: random.Random, median: float, sigma: float, most: float = math.inf) -> float:
    """A positive time with a long tail; what is beyond `most` is drawn again."""
    while True:
        drawn = rng.lognormvariate(math.log(median), sigma)
        if drawn <= most:
            return drawn


def wait_s(rng: random.Random, mean_s: float) -> float:
    """When something that happens by chance happens next."""
    return rng.expovariate(1 / mean_s)


def spell_s(rng: random.Random, least_s: float, most_s: float) -> float:
    """How long something lasts: even on a logarithmic scale."""
    return least_s * (most_s / least_s) ** rng.random()
