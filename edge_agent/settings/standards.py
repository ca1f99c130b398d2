"""The laws that a rulebook may be written after: each with its own ceilings, beside those of the product itself.

A book names its `standard`. Limits of gases and kinds of work are judged by that law; distances, times and
signatures of the product (ceilings.py) hold under every law.
"""

from collections.abc import Iterator

from msgspec import Struct

from edge_agent.settings.ceilings import ALWAYS, AT_LEAST, AT_MOST, Ceiling

OF_A_LAW = ("gases.", "works.", "measures.")
AIR = ("combustible", "o2", "toxic")


class Burning(Struct, frozen=True, kw_only=True):
    """How much of a combustible gas is permitted at most, where its LEL is at least `lel_pct_vol`."""

    lel_pct_vol: float
    most: float
    unit: str
    clause: str


class Standard(Struct, frozen=True, kw_only=True):
    """One law: the book that is shipped for it, its ceilings, and its limits of combustible gas."""

    book: str
    ceilings: tuple[Ceiling, ...]
    burning: tuple[Burning, ...]  # the richest LEL first
    demands: tuple[str, ...] = ()  # what a kind of work must ask for, where the book has that kind
    members: tuple[tuple[str, tuple[str, ...], str], ...] = ()  # lists of it: what each holds at least, and why


def _hot(level: str, longest_h: float, retest_min: float) -> Iterator[Ceiling]:
    key = f'works."hot.{level}"'
    yield Ceiling(f"{key}.longest_s", AT_MOST, longest_h * 3600, "s", "GB 30871-2022 5.1.5", "2-21")
    yield Ceiling(f"{key}.sample_age_s", AT_MOST, 1800, "s", "GB 30871-2022 5.3.1 c", "1-29")
    yield Ceiling(f"{key}.retest_after_s", AT_MOST, retest_min * 60, "s", "GB 30871-2022 5.3.1 d", "2-27")
    yield Ceiling(f"{key}.wind_stop_mps", AT_MOST, 8.0, "m/s", "docs/domain.md 2.6: force 5")


GB_30871 = Standard(
    book="gb30871-2022",
    ceilings=(
        *(row for row in ALWAYS if row.key.startswith(OF_A_LAW)),
        *_hot("special", 8, 30),
        *_hot("1", 8, 30),
        *_hot("2", 72, 60),
        Ceiling("works.confined_space.sample_age_s", AT_MOST, 1800, "s", "GB 30871-2022 6.3 a", "1-29"),
        Ceiling('works."excavation.deep".longest_s', AT_MOST, 86400, "s", "GB 30871-2022 6.10, 11.10", "2-21"),
        Ceiling('works."excavation.deep".sample_age_s', AT_MOST, 1800, "s", "GB 30871-2022 6.3 a, 11.10", "1-29"),
        Ceiling(
            'works."excavation.deep".retest_after_s', AT_MOST, 3600, "s", "GB 30871-2022 6.3 f, 11.10", "2-27"
        ),
        *(
            Ceiling(f'works."height.{level}".longest_s', AT_MOST, 604800, "s", "GB 30871-2022 8.2.11", "2-21")
            for level in "1234"
        ),
        *(
            Ceiling(f'works."height.{level}".wind_stop_mps', AT_MOST, 8.0, "m/s", "GB 30871-2022 8.1.2")
            for level in "1234"
        ),
        *(
            Ceiling(f'works."lifting.{level}".wind_stop_mps', AT_MOST, 10.8, "m/s", "docs/domain.md 2.6: force 6")
            for level in "123"
        ),
        Ceiling("works.temporary_power.longest_s", AT_MOST, 1296000, "s", "GB 30871-2022 10.8: 15 d", "2-21"),
    ),
    burning=(
        Burning(lel_pct_vol=4.0, most=0.5, unit="%vol", clause="GB 30871-2022 5.3.2"),
        Burning(lel_pct_vol=0.0, most=0.2, unit="%vol", clause="GB 30871-2022 5.3.2"),
    ),
    demands=(
        'works."hot.special".video',
        'works."hot.special".jsa',
        'works."hot.1".jsa',
        *(f'works."hot.{level}".daily_sample' for level in ("special", "1", "2")),
        'works."height.4".jsa',
        *(f'works."height.{level}".confirm_after_break' for level in "1234"),
        "works.confined_space.confined",
        'works."excavation.deep".confined',
    ),
    members=(
        *(
            (f"works.{kind}.{what}", AIR, clause)
            for kind in ("confined_space", '"excavation.deep"')
            for what, clause in (("sampled", "GB 30871-2022 6.3"), ("watched", "GB 30871-2022 6.5"))
        ),
        *(
            (f'works."hot.{level}".sampled', ("combustible",), "GB 30871-2022 5.3.1")
            for level in ("special", "1", "2")
        ),
        *(
            (f'works."hot.{level}".start_also', ("shift_lead",), "GB 30871-2022 Annex A.1")
            for level in ("special", "1", "2")
        ),
        ('works."hot.special".watched', ("combustible",), "GB 30871-2022 5.3.1 d"),
    ),
)

OSHA_1910 = Standard(
    book="osha-1910",
    ceilings=(
        Ceiling("gases.o2.stop_low", AT_LEAST, 19.5, "%vol", "29 CFR 1910.146(b)", "1-29"),
        Ceiling("gases.o2.stop_high", AT_MOST, 23.5, "%vol", "29 CFR 1910.146(b)", "1-29"),
        Ceiling("gases.h2s.stop_high", AT_MOST, 20, "ppm", "29 CFR 1910.1000 Table Z-2: ceiling", "1-29"),
        Ceiling("gases.co.stop_high", AT_MOST, 50, "ppm", "29 CFR 1910.1000 Table Z-1: 8-hour average", "1-29"),
        Ceiling("gases.cl2.stop_high", AT_MOST, 1, "ppm", "29 CFR 1910.1000 Table Z-1: ceiling", "4-18"),
        Ceiling("gases.nh3.stop_high", AT_MOST, 50, "ppm", "29 CFR 1910.1000 Table Z-1: check before use", "1-29"),
        Ceiling("gases.so2.stop_high", AT_MOST, 5, "ppm", "29 CFR 1910.1000 Table Z-1: check before use", "1-29"),
        Ceiling("gases.c6h6.stop_high", AT_MOST, 5, "ppm", "29 CFR 1910.1028: STEL: check before use", "1-29"),
        Ceiling(
            "works.hot.fire_watch_s", AT_LEAST, 1800, "s", "29 CFR 1910.252(a)(2)(iii)(B): half an hour", "2-21"
        ),
    ),
    burning=(Burning(lel_pct_vol=0.0, most=10, unit="%LEL", clause="29 CFR 1910.146(b): 10 % of the LFL"),),
    demands=("works.confined_space.confined",),
    members=(("works.confined_space.sampled", AIR, "29 CFR 1910.146(c)(5)(ii)(C)"),),
)

STANDARDS = {"GB 30871-2022": GB_30871, "29 CFR 1910": OSHA_1910}


def ceilings(standard: Standard) -> tuple[Ceiling, ...]:
    """What no book after this law may pass: the law's ceilings, and the product's own."""
    return (*standard.ceilings, *(row for row in ALWAYS if not row.key.startswith(OF_A_LAW)))
