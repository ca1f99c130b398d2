"""What the app is made of: everything from outside is handed in here."""

from collections.abc import Callable
from threading import Event

from msgspec import Struct

from web_ui.calculations import Ran
from web_ui.site import Folders, Site
from web_ui.viewers import Bounds


class Parts(Struct, frozen=True, kw_only=True):
    """The site, two clocks in seconds, the end, the bounds, and how this box is known on its network."""

    site: Site
    folders: Folders
    monotonic: Callable[[], float]
    utc: Callable[[], float]
    closing: Event
    reachable: Callable[[], str]  # the name or address that phones reach this box by
    own_names: Callable[[], frozenset[str]]  # names and addresses that a Host header may say, lower case
    authority: Callable[[], bytes | None]  # the certificate (PEM) of the box's own CA; None: the site brings one
    look: Callable[[], bytes]  # the doctor's look at the field, as it writes it (web_ui/look.py)
    calculate: Callable[[tuple[str, ...]], Ran]  # a command of the agent's on recorded inputs
    bounds: Bounds = Bounds()
