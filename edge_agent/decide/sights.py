"""What people have seen of outputs that no contact reads back, and for how long that counts. Pure."""

from edge_agent.decide.commissioning_items import covers_output
from edge_agent.domain.commissioning import Commissioning, Sight
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import RelayTable

DAY_S = 86_400.0
JUST_NOW_S = 600.0  # within this long after it sounded or went on somebody says that he heard or saw it


def just_now(at_utc: float, utc: float) -> bool:
    """Whether this was within the last minutes; what lies ahead of a clock that was set back was not."""
    return 0 <= utc - at_utc <= JUST_NOW_S


def read_back(relay: RelayTable, channel: str) -> bool:
    """Whether a contact shows what this output does: then that is measured, and nobody's word counts."""
    return any(row.kind == "feedback" and row.of == channel for row in relay.contacts.values())


def until_utc(settings: Settings, sight: Sight) -> float:
    """As long as the site lets any trial count that a person makes (a walk test, too)."""
    return sight.at_utc + settings.site.commissioning.valid_days * DAY_S


def sight(settings: Settings, kept: Commissioning, key: str, utc: float) -> Sight | None:
    """Who saw this output ("module/output") go on, as it is now; None where nobody has, or too long ago."""
    made = kept.seen.get(key)
    module, _, channel = key.partition("/")
    relay = settings.site.relays.get(module)
    if made is None or relay is None or channel not in relay.outputs or read_back(relay, channel):
        return None
    holds = made.covers == covers_output(relay, channel) and made.at_utc <= utc < until_utc(settings, made)
    return made if holds else None
