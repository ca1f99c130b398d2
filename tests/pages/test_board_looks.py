"""What the board looks like: it fits and can be read, a name is only a name, and what is open comes first."""

import time
from collections.abc import Callable

from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from tests.pages.phone import SIZES, Phone
from tests.support.board_world import (
    Folder,
    channel,
    drilling,
    evacuating,
    in_shadow,
    live,
    override,
    permit,
    person,
    stopped,
    warned,
)
from web_ui.words import LANGUAGES

WIDTH_PX = "document.documentElement.scrollWidth"
BACKGROUND = "(node) => getComputedStyle(node).backgroundImage"
# WCAG AA, 4.5:1, for every text; axe-core cannot say what words on stripes are.
CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const own = rgb(style.backgroundColor);
      if (own.length === 3 || own[3] === 1) return own;
      if (style.backgroundImage !== "none") return null;  // words straight on stripes: never readable
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const words = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!words || !node.checkVisibility() || ["SCRIPT", "NOSCRIPT"].includes(node.tagName)) continue;
    const behind = ground(node);
    const both = behind ? [light(rgb(getComputedStyle(node).color)), light(behind)] : [0, 0];
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (ratio < 4.5) poor.push([node.className || node.tagName, ratio, node.textContent.slice(0, 30)].join(" "));
  }
  return poor;
}"""
SMALLEST_PX = """() => Math.min(...[...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility())
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()))
    .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
# What is shown, and the tone by which the page is known to show it: never twice the same in a row.
SCENES: list[tuple[Callable[[], Live], str]] = [
    (live, "may_work"),
    (lambda: live(permits=(warned(),)), "warning"),
    (lambda: live(permits=(stopped(),)), "stopped"),
    (evacuating, "evacuate"),
    (lambda: live(permits=(permit(word="warning", overrides=(override(),)),)), "warning"),
    (drilling, "evacuate"),
    (in_shadow, "shadow"),
]


def test_every_scene_fits_a_phone_and_can_be_read(board: Phone, folder: Folder) -> None:
    board.resize("phone")
    with folder.kept() as picture:
        for language in LANGUAGES:
            board.watch(language)
            for make, tone in SCENES:
                picture.show(make)
                expect(board("#overall")).to_have_attribute("data-tone", tone)
                assert board.page.evaluate(WIDTH_PX) <= SIZES["phone"][0]
                expect(board("#overall .word")).to_be_in_viewport()
                text = board("body").inner_text()
                assert "undefined" not in text
                assert "null" not in text
                assert board.page.evaluate(CONTRAST) == []


def test_text_has_enough_contrast_in_every_state(board: Phone, folder: Folder) -> None:
    states = ["active", "active", "ready", "closed", "expired", "fire_watch", "brand_new"]
    every = tuple(permit(id=f"T-{n}", state=state, near_end=n % 2 == 0) for n, state in enumerate(states))
    shown = evacuating()
    with folder.kept(lambda: replace(shown, permits=(*shown.permits, stopped(id="T-s"), *every))):
        board.watch()
        expect(board(".permit")).to_have_count(12)
        assert board.page.evaluate(CONTRAST) == []
        board.page.emulate_media(reduced_motion="reduce")
        assert board.page.evaluate(CONTRAST) == []
        board.page.emulate_media(reduced_motion="no-preference")


def test_words_can_be_read_on_a_phone_and_from_afar(board: Phone, folder: Folder) -> None:
    """Nothing is smaller than 13 px; the one glance is at least 28 px on a phone, 44 px on a panel."""
    size_px = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    with folder.kept():
        board.watch()
        for size, least_px in (("phone", 28), ("panel", 44)):
            board.resize(size)
            assert board.page.evaluate(SMALLEST_PX) >= 13
            assert board("#overall .word").evaluate(size_px) >= least_px


def test_stopped_is_striped_and_under_way_is_not(board: Phone, folder: Folder) -> None:
    both = (stopped(), permit(id="T-2"))
    with folder.kept(lambda: live(permits=both)):
        board.watch()
        assert "repeating-linear-gradient" in board('[data-permit="T-2042"] .state').evaluate(BACKGROUND)
        assert board('[data-permit="T-2"] .state').evaluate(BACKGROUND) == "none"


HOSTILE = [
    "<img src=x onerror=window.hit=1>",
    "</script><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "{{ 7 * 7 }}",
    "\u202eevil\u202c",
    "長" * 5000,
]


def called(name: str) -> Live:
    """Everything that has a name has this one."""
    evil = Words(name, name)
    cause = replace(stopped().causes[0], title=evil, detail=evil)
    signed = (f"{name}: {name}",)
    one = stopped(holder=name, guard=name, id=name, type=name, signatures=signed, causes=(cause,))
    return live(
        people=(person(name=name, id=name, roles=(name,), area=evil),),
        permits=(one,),
        gas=(channel(id=name, gas=name, unit=name, quality=name, name=evil),),
        name=evil,
        site=name,
        uplink_detail=evil,
    )


def test_a_hostile_name_is_only_a_name(board: Phone, folder: Folder) -> None:
    board.resize("phone")
    with folder.kept(lambda: called(HOSTILE[0])) as picture:
        board.watch()
        for name in HOSTILE:
            picture.show(lambda name=name: called(name))
            expect(board(".person bdi")).to_contain_text(name[:20])
            expect(board(".why")).to_contain_text(name[:20])
            assert board("main img:not(.frame img), main script").count() == 0
            assert board.page.evaluate(WIDTH_PX) <= SIZES["phone"][0]
        assert board.page.evaluate("window.hit") is None  # the first ones have had their time


def test_a_value_that_is_a_javascript_word_is_shown_as_it_is(board: Phone, folder: Folder) -> None:
    with folder.kept() as picture:
        board.watch()
        for key in ("constructor", "__proto__", "toString"):
            picture.show(
                lambda key=key: live(gas=(channel(quality=key, level=None),), permits=(permit(state=key),))
            )
            expect(board("#gas .quality")).to_have_text([key])
            expect(board("#overall")).to_contain_text("STATE UNKNOWN")


def test_the_still_is_shown_and_goes_when_it_is_gone(board: Phone, folder: Folder) -> None:
    folder.put_still()
    with folder.kept():
        board.watch()
        expect(board(".frame img")).to_be_visible()
        (folder.path / "cam-1.jpg").unlink()
        expect(board(".no-picture")).to_be_visible()
        expect(board(".frame img")).to_be_hidden()


def test_a_permit_that_is_not_ready_is_never_called_clear(board: Phone, folder: Folder) -> None:
    paused = permit(id="T-3", state="paused", evacuate=True)
    with folder.kept(lambda: live(permits=(permit(state="received"), permit(id="T-2", state="ready"), paused))):
        board.watch()
        expect(board('[data-permit="T-2"] .clear')).to_have_count(1)
        expect(board(".clear")).to_have_count(1)


def test_what_has_ended_does_not_push_the_open_permits_away(board: Phone, folder: Folder) -> None:
    now = time.time()
    ended = [permit(id=f"T-{n}", state="closed", since_utc=now - 60 * n) for n in range(9)]
    with folder.kept(lambda: live(permits=(*ended, permit(id="T-open")))):
        board.watch()
        expect(board(".permit")).to_have_count(4)
        expect(board(".permit").first).to_have_attribute("data-permit", "T-open")
        expect(board(".permit").nth(1)).to_have_attribute("data-permit", "T-0")
        expect(board("#permits .empty")).to_contain_text("6 more")
        expect(board(".events li").first).to_contain_text("Work started T-2042 under way")
