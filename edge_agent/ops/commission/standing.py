"""How the commissioning stands: from what is kept and what the settings ask for now."""

from edge_agent.clock import Instant
from edge_agent.decide.commissioning_gate import certified, graces_left, lacking
from edge_agent.decide.commissioning_items import items
from edge_agent.domain.cite import cited
from edge_agent.domain.commissioning import Commissioning, Item, TrialKind
from edge_agent.domain.words import NOTHING
from edge_agent.settings.site import Settings
from edge_agent.tell.live_commissioning import LiveCommissioning, ToTry

OURS = ("ledger ", "docs/", "models/")  # no standard, and nothing that whoever stands on the ladder could look up
BY_ITSELF = frozenset({TrialKind.RELAY, TrialKind.UPLINK, TrialKind.POWER, TrialKind.UPS})


def standing(settings: Settings, kept: Commissioning, instant: Instant) -> LiveCommissioning:
    """For the page and the console."""
    made = kept.certificate
    void = () if made is None else tuple(certified(settings, kept, instant).values())
    session = kept.session
    return LiveCommissioning(
        demanded=settings.site.start.commissioned,
        begun_by="" if session is None else session.by,
        begun_utc=None if session is None else session.begun_utc,
        opened_utc=None if session is None else session.opened_utc,
        graces_left=graces_left(settings.rulebook, kept, instant.utc),
        centre=settings.site.uplink.centre,
        items=tuple(_one(item, kept) for item in items(settings).values()),
        certificate="" if made is None else made.number,
        issued_utc=None if made is None else made.issued_utc,
        valid_until_utc=None if made is None else made.valid_until_utc,
        certified_by="" if made is None else made.by,
        against=tuple(lacking(settings, kept, instant).values()),
        void=void,
    )


def _one(item: Item, kept: Commissioning) -> ToTry:
    trial = kept.trials.get(item.key)
    void = trial is not None and not item.covered_by(trial)
    source = NOTHING if item.clause.startswith(OURS) else cited(item.clause)
    return ToTry(item=item, trial=trial, void=void, source=source, by_itself=item.kind in BY_ITSELF)
