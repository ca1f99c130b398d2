"""What happens in each scenario folder, told in the field's own words: one file per topic.

`python -m tests.scenarios.write [NAME ...]` writes `inputs.jsonl` and `expected.jsonl` from these;
read the difference of `expected.jsonl` before you commit it, because it is what the box decides.
"""

import importlib
import pkgutil

from tests.scenarios.stories.telling import STORIES, site_of

for _module in pkgutil.iter_modules(__path__):  # a file of stories is told by existing
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["STORIES", "site_of"]
