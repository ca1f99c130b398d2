"""Other areas on the real box: refused while work is under way, then taken: the agent begins anew by itself."""

import hashlib
from typing import Any

from tests.system.site import Site

ADMIN, PIN = "he-xin", "9019"


def test_the_agent_begins_anew_with_other_areas(site: Site) -> None:
    file = site.stage.site / "areas.toml"
    old, began = file.read_text("utf-8"), site.last_seq()
    text = old.replace("[90.0, ", "[95.0, ")  # the yard reaches further east
    change = {"file": "areas.toml", "text": text, "before": hashlib.sha256(old.encode()).hexdigest()}
    asked: dict[str, Any] = {"pin": PIN, "permit": "", "settings": change, "reason": "surveyed"}
    site.begin_work()
    assert f"{site.permit} is under way" in site.refused("settings", ADMIN, **asked)
    assert file.read_text("utf-8") == old
    site.end_work()
    site.until_accepted("settings", ADMIN, **asked)
    told = site.event("settings.changed", began, by=ADMIN)
    assert told.data["areas"] == ["yard"]
    site.event("unit.started", told.seq)
    site.stage.agent.check()  # the same process
    assert file.read_text("utf-8") == text
    assert file.with_name("areas.toml.last-good").read_text("utf-8") == old
    site.begin_work()
