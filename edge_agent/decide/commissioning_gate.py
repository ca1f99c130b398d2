"""What a certificate, or a commissioning under way, is worth now: why no work may start without another. Pure."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.commissioning_items import items
from edge_agent.domain.commissioning import Certificate, Commissioning, Grace, Item, Trial, TrialKind
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse.same import Same
from edge_agent.settings.site import Settings

DAY_S = 86_400.0
MONTH_S = 30 * DAY_S
SESSION_S = 8 * 3600.0  # a shift: a commissioning that goes on for longer opens nothing
TOO_OLD = Words("测试已过期", "was tried too long ago")
RUN_OUT = Words("未通过，安全员的例外已到期", "has failed, and the exception for it has run out")
SHOWN_BY_A_STOP = frozenset({TrialKind.RELAY, TrialKind.SIREN})


def lacking(settings: Settings, kept: Commissioning, instant: Instant) -> Mapping[str, Words]:
    """By device ("" for the unit) why no work may start; nothing where nobody asks for a certificate.

    While a commissioning is under way, work that relies on what was tried well may start without one, for a shift
    and only so often (`graces_left`): only a stop shows that an output falls and that a siren is heard.
    """
    if not settings.site.start.commissioned:
        return {}
    if opened(kept, instant):
        return _untried("all", settings, kept.trials) | _late(settings, kept.trials, instant)
    return certified(settings, kept, instant)


def certified(settings: Settings, kept: Commissioning, instant: Instant) -> Mapping[str, Words]:
    """By device why the certificate does not hold, whether or not anybody asks for one."""
    site, certificate = settings.site.site, kept.certificate
    if certificate is None:
        return {"": Words("本机没有投运证书", "there is no commissioning certificate of this unit")}
    if (certificate.site, certificate.unit) != (site.id, site.unit):
        of = f"{certificate.site}/{certificate.unit}"
        return {"": Words(f"投运证书属于 {of}", f"the commissioning certificate is that of {of}")}
    if instant.utc >= certificate.valid_until_utc:
        return {"": Words("投运证书已过期", "the commissioning certificate has run out")}
    shown = _shown("all", certificate, kept.trials)
    return _void("all", settings, shown) | _over(settings, shown, instant)


def opened(kept: Commissioning, instant: Instant) -> bool:
    """Whether the commissioning under way lets work start that relies on what was tried well."""
    session = kept.session
    return (
        session is not None
        and session.opened_utc is not None
        and 0 <= instant.utc - session.opened_utc < SESSION_S
    )


def graces_left(book: Rulebook, kept: Commissioning, utc: float) -> int:
    """How often a commissioning may still open work by itself; what is dated ahead of now counts as well."""
    day = sum(1 for one in kept.graces if one.at_utc > utc - DAY_S)
    month = sum(1 for one in kept.graces if one.at_utc > utc - MONTH_S)
    return max(
        0, min(int(book.device.graces_day_times.value) - day, int(book.device.graces_month_times.value) - month)
    )


def with_grace(kept: Commissioning, grace: Grace) -> Commissioning:
    """One more; those of long ago are forgotten."""
    recent = tuple(one for one in kept.graces if one.at_utc > grace.at_utc - MONTH_S)
    session = kept.session
    opened = None if session is None else replace(session, opened_utc=grace.at_utc)
    return replace(kept, graces=(*recent, grace), session=opened)


@Same
def _shown(certificate: Certificate, trials: Mapping[str, Trial]) -> dict[str, Trial]:
    """What the certificate rests on, and what has failed since: that counts as well."""
    tried = {one.key: one for one in certificate.trials}
    newer = {key: one for key, one in trials.items() if key in tried and one.at_utc > tried[key].at_utc}
    return tried | {key: one for key, one in newer.items() if one.outcome == "failed"}


@Same
def _untried(settings: Settings, trials: Mapping[str, Trial]) -> dict[str, Words]:
    """By device: what was not tried well of all but what a stop shows."""
    found: dict[str, Words] = {}
    for key, item in items(settings).items():
        why = None if item.kind in SHOWN_BY_A_STOP or not item.device else against(item, trials.get(key))
        if why is not None:
            found.setdefault(item.device, _said(item, why))
    return found


def _late(settings: Settings, trials: Mapping[str, Trial], instant: Instant) -> dict[str, Words]:
    """By device: what was tried so long ago that no certificate would be given on it either."""
    old_utc = instant.utc - settings.site.commissioning.valid_days * DAY_S
    late = {key: one for key, one in trials.items() if one.at_utc < old_utc}
    return {item.device: _said(item, TOO_OLD) for item in _relied_on(settings, late)} | _over(
        settings, trials, instant
    )


def _relied_on(settings: Settings, trials: Mapping[str, Trial]) -> Iterator[Item]:
    known = items(settings)
    for key in trials:
        item = known.get(key)
        if item is not None and item.device and item.kind not in SHOWN_BY_A_STOP:
            yield item


def _over(settings: Settings, trials: Mapping[str, Trial], instant: Instant) -> dict[str, Words]:
    """By device: what had failed and was let be for a time that is over."""
    known = items(settings)
    over = (key for key, one in trials.items() if key in known and has_run_out(one, instant.utc))
    return {known[key].device: _said(known[key], RUN_OUT) for key in over}


def has_run_out(made: Trial, utc: float) -> bool:
    """Whether it has failed, and nobody lets it be any more."""
    return made.outcome == "failed" and made.excepted is not None and utc >= made.excepted.until_utc


def _said(item: Item, why: Words) -> Words:
    return Words(f"{item.name.zh}：{why.zh}", f"{item.name.en}: {why.en}")


@Same
def _void(settings: Settings, tried: Mapping[str, Trial]) -> dict[str, Words]:
    """By device: what was changed, never tried, or failed."""
    found: dict[str, Words] = {}
    for key, item in items(settings).items():
        made = tried.get(key)
        why = against(item, made)
        if why is not None and (item.device or (made is not None and made.outcome == "failed")):
            found.setdefault(item.device, _said(item, why))
    return found


def against(item: Item, made: Trial | None) -> Words | None:
    """Why this trial is worth nothing; that an exception has run out is a matter of the clock (`_over`)."""
    if made is None:
        return Words("未测试", "has not been tried")
    if not item.covered_by(made):
        return Words("测试后设备设置已更改，须重新测试", "was changed since it was tried: try it again")
    if made.outcome == "failed" and made.excepted is None:
        return Words("未通过", "has failed")
    if made.outcome == "not_done":
        return Words(f"未做：{made.note}", f"was not done: {made.note}")
    return None
