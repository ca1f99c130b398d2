"""Somebody is in trouble: a fall, and somebody alone who does not stir (docs/domain.md 2.6)."""

from edge_agent.domain.ticket import WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import Story


@story
def a_worker_falls(site: Settings) -> Story:
    told = working(site)
    told.field.worker["fall"] = True
    told.run(2)
    told.field.worker["fall"] = False
    told.run(6)
    return told


@story
def an_only_worker_lies_still(site: Settings) -> Story:
    """Asked first; he answers once by moving, the second time he does not."""
    told = working(site, goes_in=("zhou-qiang",), workers=("zhou-qiang",))
    told.field.worker["moving"] = False
    told.run(8)
    told.field.worker["moving"] = True
    told.run(2)
    told.field.worker["moving"] = False
    told.run(18)
    told.field.worker["moving"] = True
    told.run(3)
    return told


@story
def an_only_worker_outside_goes_on_lying_after_the_stop(site: Settings) -> Story:
    """Nobody is inside, and the stop ends the work: he is still not seen, and the call for him stands."""
    told = working(site, type=WorkType.HEIGHT, level="1", workers=("zhou-qiang",), goes_in=())
    told.field.worker["moving"] = False
    told.run(24)
    told.field.worker["moving"] = True
    told.run(3)
    return told


@story
def an_only_worker_who_has_fallen_or_called_is_not_said_to_lie_still(site: Settings) -> Story:
    """One alarm for each episode: the graver one."""
    told = working(site, goes_in=("zhou-qiang",), workers=("zhou-qiang",))
    for trouble in ("fall", "sos"):
        told.field.worker |= {trouble: True, "moving": False}
        told.run(14)
        told.field.worker |= {trouble: False, "moving": True}
        told.run(6)
    return told


@story
def two_workers_see_each_other(site: Settings) -> Story:
    """One of two sits still: his mate would notice. Nor does a silent or a hung wearable say anything."""
    told = working(site, goes_in=())
    told.field.worker["moving"] = False
    told.run(14)
    return told


@story
def an_only_workers_wearable_hangs_up_or_is_silent(site: Settings) -> Story:
    told = working(site, goes_in=("zhou-qiang",), workers=("zhou-qiang",))
    told.field.worker |= {"moving": False, "worn": False}
    told.run(14)
    told.field.worker |= {"moving": None, "worn": True}  # no IMU: it cannot say that he lies still
    told.run(14)
    told.field.worker["moving"] = True
    told.step()
    told.field.silent.add("tag-worker-1")
    told.run(14)
    return told
