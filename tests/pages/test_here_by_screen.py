"""How a guard is here whose wearable gives no place: by the code on the box's own screen, or by a badge there."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask, Presence
from edge_agent.ops.demo.job import PINS
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LiveGuard, LiveNamed
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served, panel_cookie
from tests.system.site import Site, until
from web_ui.sessions import COOKIE

SCREENS = [("zh", "phone"), ("en", "phone"), ("en", "tablet")]
GUARD = "li-na"


@pytest.fixture
def coarse(site: Site) -> Iterator[Site]:
    """Work is under way; by her wearable the guard may be at her post or 30 m away, and she sits."""
    site.begin_work()
    wearables = site.stage.wearables
    wearables.command("accuracy", tag="tag-guard", m=10.0)
    wearables.command("move", tag="tag-guard", x=6.5, y=20.0, speed=12.0)
    until(
        lambda: (seen := site.live()) and seen.guard_presence and seen.guard_presence.by_screen,
        "her place is doubtful",
    )
    wearables.command("still", tag="tag-guard")
    yield site
    wearables.command("accuracy", tag="tag-guard", m=0.3)
    wearables.command("move", tag="tag-guard", x=6.5, y=0.5, speed=12.0)


def code_of(site: Site) -> str:
    """What stands on the box's screen."""
    shown = json.loads((site.stage.runtime_folder / "presence.json").read_text("utf-8"))
    return str(shown["code"])


@pytest.mark.parametrize("screen", SCREENS[:1] + SCREENS[2:], ids="-".join)
def test_a_guard_whose_wearable_is_coarse_answers_by_the_code(
    coarse: Site, phones: Callable[..., Phone], screen: tuple[str, str]
) -> None:
    guard = phones(f"https://127.0.0.1:{coarse.stage.ports.board}", *screen)
    guard.go(f"/login?then=/p/{coarse.permit}")
    guard.log_in(GUARD, PINS[GUARD])
    expect(guard(".here.asked .countdown")).to_be_visible()
    guard.look("95-here-by-code")
    guard(".here input").fill(code_of(coarse))
    guard.tap(".here [type=submit]")
    expect(guard(".here.asked")).to_have_count(0)
    assert coarse.event("guard.here", guard=GUARD).data["presence"] == "code"
    coarse.until_state(State.ACTIVE)


def asked() -> Live:
    """The guard is asked whether she is there; nothing shows where she is."""
    seen = LiveGuard(state="asked", since_utc=1.8e9, press_by_utc=4e9, by_screen=True)
    own = permit(guard="Li Na", guard_id=GUARD, guards=(LiveNamed(id=GUARD, name="Li Na"),), guard_presence=seen)
    return live(permits=(own,))


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_code_is_typed_whole_and_counts_once(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer, screen: tuple[str, str]
) -> None:
    with folder.kept(asked):
        one = phones(served.url, *screen)
        one.enter(GUARD, "/p/T-2042")
        expect(one(".here [type=submit]")).to_be_disabled()
        code = peer.code
        one.type(code[:5])
        expect(one(".here [type=submit]")).to_be_disabled()
        one.type(code[5:])
        one.tap(".here [type=submit]")
        expect(one(".told p")).to_be_visible()
        expect(one(".here input")).to_have_value("")
        one.type(code)
        one.tap(".here [type=submit]")
        used = "此代码已用过" if screen[0] == "zh" else "has shown you already"
        expect(one(".here .fault")).to_contain_text(used)
        one.look("97-code-used")
    (request,) = peer.requests
    assert (request.ask, request.permit, request.presence) == (Ask.HERE, "T-2042", Presence.CODE)


def test_at_the_boxs_own_screen_a_badge_is_enough(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    with folder.kept(asked):
        wall = phones(served.url, "zh", "panel")
        secret = panel_cookie(served.site)
        cookie = {"name": COOKIE, "value": secret, "url": served.url, "secure": True, "httpOnly": True}
        wall.context.add_cookies([cookie])  # type: ignore[list-item]
        wall.go("/panel")
        wall.badge(f"badge-{GUARD}")
        expect(wall(".top small")).to_be_visible()
        wall.page.evaluate(
            "history.pushState(null, '', '/p/T-2042'); dispatchEvent(new PopStateEvent('popstate'))"
        )
        expect(wall(".here input")).to_have_count(0)
        wall.look("96-here-by-badge")
        wall.tap(".here .main")
        expect(wall(".told p")).to_be_visible()
    (request,) = peer.requests
    assert (request.ask, request.presence) == (Ask.HERE, Presence.BADGE)


def test_with_a_place_one_press_is_enough(coarse: Site, phones: Callable[..., Phone]) -> None:
    """The wearable is exact again: no code is asked for."""
    coarse.stage.wearables.command("accuracy", tag="tag-guard", m=0.3)
    coarse.stage.wearables.command("move", tag="tag-guard", x=6.5, y=0.5, speed=12.0)
    guard = phones(f"https://127.0.0.1:{coarse.stage.ports.board}", "en")
    guard.go(f"/login?then=/p/{coarse.permit}")
    guard.log_in(GUARD, PINS[GUARD])
    until(lambda: (seen := coarse.live()) and seen.guard_presence and not seen.guard_presence.by_screen, "a place")
    coarse.stage.wearables.command("still", tag="tag-guard")
    expect(guard(".here.asked .countdown")).to_be_visible()
    expect(guard(".here input")).to_have_count(0)
    guard.tap(".here .main")
    expect(guard(".here.asked")).to_have_count(0)
    assert coarse.event("guard.here", guard=GUARD).data["presence"] == "tag"
