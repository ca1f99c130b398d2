"""How the commissioning stands: from what is kept and what the settings ask for now."""

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import commissioning
from edge_agent.domain.commissioning import Commissioning, Item, TrialKind
from edge_agent.settings.site import Settings
from edge_agent.settings.site_start import StartTable
from edge_agent.tell.live_commissioning import LiveCommissioning, ToTry

BY_ITSELF = frozenset({TrialKind.RELAY, TrialKind.UPLINK, TrialKind.POWER, TrialKind.UPS})


def standing(settings: Settings, kept: Commissioning, instant: Instant) -> LiveCommissioning:
    """For the page and the console."""
    made = kept.certificate
    asked = replace(settings, site=replace(settings.site, start=StartTable(commissioned=True)))
    void = (
        () if made is None else tuple(commissioning.lacking(asked, replace(kept, session=None), instant).values())
    )
    return LiveCommissioning(
        demanded=settings.site.start.commissioned,
        begun_by="" if kept.session is None else kept.session.by,
        begun_utc=None if kept.session is None else kept.session.begun_utc,
        items=tuple(_one(item, kept) for item in commissioning.items(settings).values()),
        certificate="" if made is None else made.number,
        issued_utc=None if made is None else made.issued_utc,
        valid_until_utc=None if made is None else made.valid_until_utc,
        certified_by="" if made is None else made.by,
        against=tuple(commissioning.lacking(settings, kept, instant).values()),
        void=void,
    )


def _one(item: Item, kept: Commissioning) -> ToTry:
    trial = kept.trials.get(item.key)
    void = trial is not None and trial.covers != item.covers
    return ToTry(item=item, trial=trial, void=void, by_itself=item.kind in BY_ITSELF)
