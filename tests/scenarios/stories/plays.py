"""The plays of the demo plant, on paper: `edge-agent demo zones/demo-plant --scenario NAME` plays the same."""

import tomllib
from functools import partial

from edge_agent.ops.demo.plays import PLAYS
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import STORIES
from tests.support.paper_cast import PaperCast
from tests.support.story import ROOT, scenario_site

PLANT = ROOT / "zones" / "demo-plant"


def on_paper(name: str, _site: Settings) -> PaperCast:
    field = tomllib.loads((PLANT / "field.toml").read_text(encoding="utf-8"))
    cast = PaperCast(scenario_site(PLANT), {tag["provider_id"]: (tag["x"], tag["y"]) for tag in field["tags"]})
    PLAYS[name](cast)
    return cast


for _name in PLAYS:
    STORIES[_name] = partial(on_paper, _name)
