"""Keeps the box's names and its certificate up to date: the site's own, or one of the box's own authority."""

import ipaddress
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from web_ui.site import NotASite, Site
from web_ui.tls.authority import CA_CERT, CA_KEY, Authority, Pair, authority, issue
from web_ui.tls.names import LOCALHOST, own

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (recognised, not bound)
NAMES_HOLD_S = 5.0  # how long the machine's addresses are taken as unchanged

log = logging.getLogger(__name__)


class Keeper:
    """What the TLS side and the pages ask about who this box is."""

    def __init__(self, folder: Path, site: Site, web: Path, utc: Callable[[], float]) -> None:
        """`folder` is the site's, `web` the pages' own. Raises NotASite for a certificate that cannot be used."""
        self._site = site
        self._web = web
        self._utc = utc
        self._own = _brought(folder, site)
        self._names = own(site.board.names)
        self._looked_utc = utc()
        self._told: tuple[str, ...] = ()

    def own_names(self) -> frozenset[str]:
        """Names and addresses as they are now (looked at again when they are older than some seconds)."""
        if abs(self._utc() - self._looked_utc) > NAMES_HOLD_S:
            self._names, self._looked_utc = own(self._site.board.names), self._utc()
        return self._names.all

    def reachable(self) -> str:
        """The name or address that phones reach this box by: what the settings say first, then an address."""
        self.own_names()
        outward = (one for one in self._names.addresses if not ipaddress.ip_address(one).is_loopback)
        named = (*self._site.board.names, *sorted(outward, key=lambda one: ":" in one), LOCALHOST)
        return named[0] if self._site.board.host in EVERYWHERE else self._site.board.host

    def authority(self) -> bytes | None:
        """The certificate that phones must trust; None where the site brings its own."""
        return None if self._own else self._mine().pem

    def certificate(self) -> Pair:
        """The certificate for now."""
        if self._own:
            return self._own
        self.own_names()
        mine = self._mine()
        names, outside = mine.vouches(self._names)
        self._tell(outside)
        return issue(self._web, mine, names, self._utc())

    def _mine(self) -> Authority:
        return authority(self._web, self._site.site.unit, self._names, self._utc())

    def _tell(self, outside: tuple[str, ...]) -> None:
        if outside and outside != self._told:
            log.warning(
                "%s: the box's authority may not vouch for these, so browsers warn there. To change that "
                "remove %s and %s; then every phone must be enrolled anew.",
                ", ".join(outside),
                self._web / CA_CERT,
                self._web / CA_KEY,
            )
        self._told = outside


def _brought(folder: Path, site: Site) -> Pair | None:
    """The site's own certificate, tried before anything depends on it."""
    cert, key = site.board.cert, site.board.key
    if cert is None or key is None:
        return None
    pair = Pair(cert=folder / cert, key=folder / key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pair.cert, pair.key)
    except (OSError, ssl.SSLError) as fault:
        raise NotASite(
            f"[board] cert, key: {pair.cert} and {pair.key} cannot be used together ({fault}). Give a PEM chain "
            "and its key, readable for this service, or leave both out: the box then makes its own."
        ) from fault
    return pair
