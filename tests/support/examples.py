"""How many examples a property is tried with: few in `make test`, always the same; many in `make fuzz`."""

from typing import Any

from hypothesis import settings

TIMES_AS_MANY = 50


def few(examples: int, **more: Any) -> settings:
    """For a property whose examples take long: so many, and in a search so many times as many."""
    searching = settings.get_current_profile_name() == "searching"
    return settings(max_examples=examples * (TIMES_AS_MANY if searching else 1), deadline=None, **more)
