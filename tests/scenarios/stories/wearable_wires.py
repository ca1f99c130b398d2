"""Traps of positioning platforms, each told from the message on the wire to what becomes of the work.

The guard wears a device of another make than in the other stories; what its platform sends is written from the
maker's document, and read by the profile that the box ships.
"""

from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from edge_agent.simulate.platforms import Message
from tests.scenarios.stories.telling import story, wired, working
from tests.support.story import Story, ticket
from tests.support.wires import Worn

GUARD = "tag-guard"


def worn(site: Settings, platform: str, of: str, *, drawn: str = "wgs84", **more: str) -> Worn:
    """A device of this platform, as the guard wears it."""
    wearable = Worn(site, GUARD, platform, of, **more)
    wearable.draws(drawn)
    return wearable


def at_work(site: Settings, platform: str, of: str, **more: str) -> tuple[Story, Worn]:
    """Work is under way with it: so far its messages are as they should be."""
    wearable = worn(site, platform, of, **more)
    return working(site, {GUARD: wearable}), wearable


@story
def an_old_fix_comes_in_fresh_messages(site: Settings) -> Story:
    """The hub repeats the guard's last place every second: nobody has seen him there since."""
    told, wearable = at_work(site, "omlox", "omlox_wristband")
    for held_s in range(1, 13):
        wearable.tag.held_s = float(held_s)
        told.step()
    wearable.tag.held_s = 0.0
    told.run(3)
    return told


@story
def a_card_is_drawn_on_another_map_than_declared(site: Settings) -> Story:
    """GCJ-02 taken for WGS-84 puts the guard hundreds of metres off: nobody begins; declared, it is his post."""
    told = wired(site, {GUARD: worn(site, "card", "cn_card_platform", crs="wgs84", drawn="gcj02")})
    told.bring(ticket())
    told.run(2)
    told.ready()
    told.wires[GUARD] = worn(site, "card", "cn_card_platform", crs="gcj02", drawn="gcj02")
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    return told


@story
def a_platform_changes_its_map_during_the_work(site: Settings) -> Story:
    """From one second to the next the guard seems to jump by hundreds of metres: the work stops."""
    told, wearable = at_work(site, "card", "cn_card_platform", crs="gcj02", drawn="gcj02")
    wearable.draws("wgs84")
    told.run(9)
    return told


@story
def a_card_that_a_single_beacon_hears_is_in_an_area(site: Settings) -> Story:
    """Its platform writes metres all the same: at the mouth the area is enough; an unknown beacon is nowhere."""
    told, wearable = at_work(site, "card", "cn_card_platform", crs="gcj02", drawn="gcj02")
    wearable.tag.beacons = 1
    wearable.is_at(40.0, 0.0)  # what the platform makes of one beacon
    told.run(6)
    heard = wearable.messages[0]
    wearable.instead = [Message(heard.topic, heard.payload.replace(b"10001", b"10777"))]
    told.run(10)
    return told


@story
def a_wristband_of_a_gateway_is_taken_off(site: Settings) -> Story:
    """A gateway's wristband knows its area and no metres; off the wrist it vouches for nobody."""
    told, wearable = at_work(site, "wristband", "cn_wristband_gateway")
    wearable.tag.worn = False
    told.run(8)
    return told


@story
def a_tracker_without_a_fix_is_not_off_the_coast_of_africa(site: Settings) -> Story:
    """FFFFFFFF is read as -0.000001 degrees by its own maker's decoder: that is no place, and no distance."""
    told, wearable = at_work(site, "at101", "chirpstack_at101")
    wearable.tag.lost_fix = True
    told.run(14)
    wearable.tag.lost_fix = False
    told.run(2)
    return told


@story
def a_fix_that_comes_twice_and_too_late_brings_nobody_back(site: Settings) -> Story:
    """The guard has left; an uplink of his post comes once more, and one that was measured there comes late."""
    told, wearable = at_work(site, "abeeway", "chirpstack_abeeway")
    at_post = wearable.messages
    wearable.tag.held_s = 0.0
    late = wearable.speak(wearable.tag, wearable.tag.locate(told.now_s, told.utc), told.utc, wearable.scene)
    wearable.is_at(60.0, 0.0)
    told.run(2)
    for again in (at_post, late, at_post):
        wearable.instead = again
        told.step()
        wearable.instead = None
        told.step()
    wearable.instead = at_post
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    return told


@story
def a_server_calls_its_own_fix_outdated(site: Settings) -> Story:
    """It forwards the last place with "valid": false, and every other time as milliseconds instead of ISO."""
    told, wearable = at_work(site, "traccar", "traccar_forward")
    wearable.tag.lost_fix = True
    told.run(12)
    return told


@story
def a_phone_sends_null_for_its_place(site: Settings) -> Story:
    """Null is no place, and not the place of metre nought."""
    told, wearable = at_work(site, "traccar_client", "traccar_client")
    for _ in range(12):
        said = wearable.speak(
            wearable.tag, wearable.tag.locate(told.now_s, told.utc), told.utc + 1, wearable.scene
        )
        wearable.instead = [Message(one.topic, _without_place(one.payload)) for one in said]
        told.step()
    return told


def _without_place(payload: bytes) -> bytes:
    head, _, rest = payload.partition(b'"latitude":')
    _, _, tail = rest.partition(b'"accuracy"')
    return head + b'"latitude":null,"longitude":null,"accuracy"' + tail


@story
def a_phone_whose_figures_are_all_text(site: Settings) -> Story:
    """Every figure stands in the query as text: read as figures, the work goes on; "valid=false" is no place."""
    told, wearable = at_work(site, "osmand", "osmand")
    told.run(10)
    wearable.tag.lost_fix = True
    told.run(12)
    return told


@story
def a_beacon_is_carried_over_to_another_gateway(site: Settings) -> Story:
    """Radio flickers: one louder word does not carry the guard to the yard, a walk there does."""
    told, wearable = at_work(site, "minew", "minew_g1")
    told.run(20)
    wearable.is_at(40.0, -20.0)
    told.run(20)
    return told


@story
def a_gateway_that_hears_nobody_is_no_place(site: Settings) -> Story:
    """A gateway that goes on speaking, of others than the guard, says nothing of him."""
    told, wearable = at_work(site, "april", "april_brother_v4")
    mine = bytes.fromhex("C0FFEE000007")
    wearable.instead = [Message(m.topic, m.payload.replace(mine, bytes(6))) for m in wearable.messages]
    told.run(12)
    return told
