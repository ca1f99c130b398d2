"""What an alarm says while its finding is gone and its off-delay runs: what was, what is, what must still pass."""

from edge_agent.decide.alarms import stay_away_s
from edge_agent.decide.rules.gas_words import figure, named
from edge_agent.domain.observation import has_number
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def as_it_is(alarm: Alarm, world: World) -> Words:
    """The finding's words as long as it is there; after it, that it is over, and for how long it must stay so.

    The seconds are the rulebook's and do not count down: whoever asks twice reads the same.
    """
    was = alarm.verdict.finding.detail
    if not alarm.gone:
        return was
    now, stay_s = _now(alarm, world), stay_away_s(alarm, world.rulebook.alarm)
    return Words(
        f"此前 {was.zh}；{now.zh}；须持续正常满 {stay_s:g} 秒（限值表规定）",
        f"it was: {was.en}; {now.en}; it must stay so for {stay_s:g} s (from the rulebook)",
    )


def _now(alarm: Alarm, world: World) -> Words:
    """What a gas detector that it was about shows now; of anything else, that it is over."""
    channel = world.channels.get(alarm.verdict.finding.subject)
    if channel is None:
        return Words("现已消失", "it is over now")
    if channel.level is not None and has_number(channel.quality):
        level = f"{figure(channel.level)} {channel.unit}"
        return Words(f"现 {level}", f"now {level}")
    why = named(channel.quality)
    return Words(f"现 {why.zh}", f"now {why.en}")
