"""For every test: how long a machine takes to make an example is no verdict on the code.

`make test` tries the same examples each time, so that it judges the change and not the luck of the day; `make
fuzz` looks for new ones, twenty times as many.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("same", deadline=None, suppress_health_check=(HealthCheck.too_slow,), derandomize=True)
settings.register_profile("searching", settings.get_profile("same"), derandomize=False, max_examples=2000)
settings.load_profile("same")
