"""How smooth the plan is while it is dragged, and how long until a day of gas is drawn, in a real browser.

500 people who walk, 100 areas, 50 detectors; of each detector a day of minutes. The plan is dragged and turned in
every frame while pictures go on arriving twice a second; the floor of the same run is a frame of an empty page. A
chart's time is from the tap to the last of the charts in sight, over TLS and from the file.
Wanted: 60 frames a second, <= 300 ms. `python -m tests.bench map`
"""

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from edge_agent.domain.words import Words
from edge_agent.ops.folders import DATABASE, HISTORY
from edge_agent.store.history import History, Minute
from edge_agent.store.store import Store
from edge_agent.tell.live import Live
from tests.bench.table import SPREAD, show, spread
from tests.pages.phone import launch
from tests.support.board_world import Folder, channel, live, person
from tests.support.pages import Served, make_site, panel_cookie
from web_ui.sessions import COOKIE

PEOPLE, AREAS, CHANNELS, DAY_MIN = 500, 100, 50, 1440
SIDE_M, ACROSS = 20.0, 10
# Milliseconds from frame to frame, while the plan is turned and dragged (or while nothing is done).
FRAMES = """([selector, frames]) => new Promise((done) => {
    const plan = document.querySelector(selector), found = [];
    const box = plan?.getBoundingClientRect();
    const at = (x, y) => ({ pointerId: 1, clientX: box.x + x, clientY: box.y + y });
    const tell = (kind, x, y) => plan.dispatchEvent(new PointerEvent(kind, at(x, y)));
    if (plan) plan.setPointerCapture = () => {};
    if (plan) tell("pointerdown", 400, 300);
    let last = 0;
    const frame = (now) => {
        if (last) found.push((now - last) / 1000);
        last = now;
        const turn = found.length / 20;
        if (plan) {
            tell("pointermove", 400 + 200 * Math.sin(turn), 300 + 100 * Math.cos(turn));
            const more = { ...at(400, 300), deltaY: 60 * Math.sin(turn / 2), cancelable: true };
            plan.dispatchEvent(new WheelEvent("wheel", more));
        }
        if (found.length < frames) requestAnimationFrame(frame);
        else done(found);
    };
    requestAnimationFrame(frame); })"""
# From a tap on a button to the frame in which every chart in sight is there.
DRAWN = """([word, hours]) => new Promise((done) => {
    const button = [...document.querySelectorAll(".whiles button")].find((one) => one.textContent === word);
    const began = performance.now();
    button.click();
    const near = (one) => {
        const box = one.getBoundingClientRect();
        return box.top < innerHeight && box.bottom > 0;
    };
    const look = () => {
        const seen = [...document.querySelectorAll("figure.curve")].filter(near);
        const there = (one) => one.dataset.hours === hours && one.querySelector("canvas");
        const all = seen.length > 0 && seen.every(there);
        if (all) done((performance.now() - began) / 1000);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look); })"""


def areas() -> str:
    """A hundred squares side by side."""
    rows = []
    for at in range(AREAS):
        x, y = (at % ACROSS) * SIDE_M, (at // ACROSS) * SIDE_M
        corners = [[x, y], [x + SIDE_M, y], [x + SIDE_M, y + SIDE_M], [x, y + SIDE_M]]
        rows.append(
            f'[[areas]]\nid = "a{at}"\nname = {{ zh = "{at} 区", en = "Area {at}" }}\ncorners = {corners}\n'
        )
    return "schema = 1\n" + "\n".join(rows)


def crowd() -> Live:
    """Everybody has gone a little further since the last picture."""
    turn = time.time() / 5
    people = tuple(
        person(
            id=f"p{at}",
            name=f"Person {at}",
            x_m=(at * 7.3 + 3 * math.sin(turn + at)) % (ACROSS * SIDE_M),
            y_m=(at * 3.1 + 3 * math.cos(turn + at)) % (ACROSS * SIDE_M),
            area_id=f"a{at % AREAS}",
        )
        for at in range(PEOPLE)
    )
    gas = tuple(
        channel(id=f"gas-{at}", name=Words(f"检测仪 {at}", f"Detector {at}"), area_id=f"a{at * 2}", level=0.1 * at)
        for at in range(CHANNELS)
    )
    return live(people=people, gas=gas)


def a_day(state: Path) -> None:
    """Of every detector."""
    now_min = int(time.time()) // 60
    history = History(state / HISTORY)
    for at in range(CHANNELS):
        history.keep(
            Minute(
                channel=f"gas-{at}",
                minute=now_min - ago,
                low=math.sin(ago / 90) + 1,
                high=math.sin(ago / 90) + 1.4,
                total=30 * (math.sin(ago / 90) + 1.2),
                numbers=30,
                seconds=60,
                worst="m" if ago % 400 < at else "g",
            )
            for ago in range(1, DAY_MIN)
        )
    history.close()
    Store.open(state / DATABASE).close()


def measured(page: Page, url: str, frames: int, times: int) -> list[tuple[str, ...]]:
    """The rows of the table."""
    page.goto("about:blank")
    floor = page.evaluate(FRAMES, ["#none", frames])
    page.goto(f"{url}map")
    page.locator(".stage .who").nth(PEOPLE - 1).wait_for(state="attached")
    dragged = page.evaluate(FRAMES, [".stage svg", frames])
    page.goto(f"{url}gas")
    page.locator("figure.curve canvas").first.wait_for()
    drawn = []
    for _ in range(times):
        page.evaluate(DRAWN, ["8 h", "8"])
        drawn.append(page.evaluate(DRAWN, ["24 h", "24"]))
    return [
        spread("plan: from frame to frame while it is dragged and turned", dragged, note="wanted 16.7"),
        spread("floor: from frame to frame of an empty page", floor),
        spread("gas: from the tap on 24 h to every chart in sight", drawn, note="wanted <= 300"),
    ]


def main() -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a few of each: does it still measure?")
    frames, times = (30, 2) if parser.parse_args().short else (900, 30)
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name, sync_playwright() as playwright:
        site = make_site(Path(name) / "site")
        (site / "areas.toml").write_text(areas(), encoding="utf-8")
        a_day(site / "state")
        with Served(site) as served, Folder(site / "run").kept(crowd):
            browser = launch(playwright)
            context = browser.new_context(viewport={"width": 1280, "height": 800}, ignore_https_errors=True)
            context.add_init_script("localStorage.setItem('language', 'en')")
            key = {"name": COOKIE, "value": panel_cookie(site), "url": served.url}
            context.add_cookies([{**key, "secure": True, "httpOnly": True}])  # type: ignore[list-item]
            rows = measured(context.new_page(), served.url, frames, times)
            browser.close()
    show(
        f"Plan with {PEOPLE} people and {AREAS} areas; charts of {CHANNELS} detectors, in ms",
        SPREAD,
        rows,
        "playwright",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
