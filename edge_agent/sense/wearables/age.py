"""How old a fix is on arrival, by the times that its platform wrote. Pure: what is now is handed in.

A message of this second may bear the place of an hour ago: only the time of the fix counts.
"""

from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.fields import number

# Clocks of platform and box may differ by this much before a fix counts as from the future.
CLOCKS_DIFFER_S = 2.0
NO_TIME = Words("定位不带时间，按收到时刻计", "the fix bears no time of its own: taken as of its arrival")
OUR_CLOCK = Words(
    "本机时钟不可信，定位按发送时刻计", "the box's clock is not trusted: the fix is taken as of its sending"
)
# Seconds since 1970 stay below this for 3,000 years, and milliseconds have been above it since 1973.
MILLISECONDS_FROM = 1e11
LATEST_UTC = 253_402_300_799.0  # the year 9999: no datetime is later


class Age(Struct, frozen=True):
    """Age of the fix on arrival, whether its time may order messages, and a word about doubts."""

    age_s: float
    orders: bool
    note: Words = NOTHING


def age(generated: float | None, sent: float | None, received: Instant) -> Age:
    """By the second of the fix and of its sending, UTC.

    Where the two clocks cannot be compared, the platform's own two times still tell how long it held
    the fix back.
    """
    if generated is None:
        return Age(0.0, orders=False, note=NO_TIME)
    if not received.trusted:
        return Age(held_s(generated, sent), orders=True, note=OUR_CLOCK)
    age_s = received.utc - generated
    if age_s < -CLOCKS_DIFFER_S:
        ahead_s = -age_s
        zh = f"定位时间超前 {ahead_s:.0f} 秒，请校准定位平台时钟"
        en = f"the fix bears a time {ahead_s:.0f} s in the future: set the platform's clock"
        return Age(held_s(generated, sent), orders=False, note=Words(zh, en))
    return Age(max(age_s, 0.0), orders=True)


def held_s(generated: float, sent: float | None) -> float:
    """How long the platform says that it held the fix back."""
    return 0.0 if sent is None else max(0.0, sent - generated)


def utc(sent: object, utc_offset_h: float = 0.0) -> float | None:
    """Seconds since 1970 of a time as platforms write it; None where it is none.

    ISO 8601 (without a zone it is `utc_offset_h` from UTC), or a number: seconds, or milliseconds from 1e11 on.
    """
    figure = number(sent)
    if figure is not None:
        seconds = figure / 1000 if figure >= MILLISECONDS_FROM else figure
        return seconds if 0 < seconds <= LATEST_UTC else None
    if not isinstance(sent, str) or not sent:
        return None
    try:
        moment = datetime.fromisoformat(sent)
        zone = timezone(timedelta(hours=utc_offset_h)) if utc_offset_h else UTC
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        return None
