"""The coverage ledger: which feeds were fresh while work was under way."""

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.observation import View
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import Story


def _closes(told: Story) -> Story:
    told.comes_out()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    return told


@story
def the_ledger_of_a_job_with_three_holes(site: Settings) -> Story:
    told = working(site, video_required=False)
    told.run(20)
    told.field.view = View.DARK  # no video required: a warning, and a hole
    told.run(7)
    told.field.view = View.CLEAR
    told.run(10)
    told.field.silent.add("gas-co")  # its last word is good for ten seconds, then blind for three
    told.run(8)
    told.field.silent.clear()
    told.run(10)
    told.field.silent.add("relay-1")  # good for three seconds, then blind for two
    told.run(5)
    told.field.silent.clear()
    told.run(10)
    return _closes(told)


@story
def the_box_was_down_for_a_minute_while_work_went_on(site: Settings) -> Story:
    before = working(site)
    before.run(30)
    permit = before.decisions[-1].state.permits["P-1"]
    kept = Kept(permits=(permit,), seq=before.decisions[-1].state.seq, alive_utc=before.utc)
    told = Story(site, kept=kept, utc=before.utc + 60)
    told.run(2)
    return _closes(told)


@story
def the_box_was_down_and_its_journal_is_gone(site: Settings) -> Story:
    """Blind since the last thing that the ledger itself speaks of: too much rather than too little."""
    before = working(site)
    before.run(30)
    permit = before.decisions[-1].state.permits["P-1"]
    short = replace(permit, ticket=replace(permit.ticket, valid_to_utc=before.utc + 20))
    told = Story(site, kept=Kept(permits=(short,)), utc=before.utc + 60)
    told.run(2)
    return told
