"""Somebody's own device: a browser with nobody else's cookies and keys, that taps, looks, and counts its taps."""

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import quote

from playwright.sync_api import Browser, ElementHandle, Error, Locator, Page, Playwright, expect

import web_ui

# Chromium's engine without the window around it, which costs a test as much as its page does.
CHROMIUM = shutil.which("chromium-headless-shell")
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio"]
SIZES = {"phone": (360, 740), "tablet": (820, 1180), "panel": (1280, 800), "wall": (1920, 1080)}
SPOKEN = {"zh": "zh-CN", "en": "en"}
CHOSEN = "([person, language]) => localStorage.setItem(`language:${person}`, language)"
WAIT_MS = 45_000
# The accessibility rules of npm's axe-core, in the built tree's own version.
AXE = Path(web_ui.__file__).parent / "front" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("EDGE_AGENT_PICTURES")  # a folder: every look is kept there, for people's eyes
TOUCHED = "a, button, input, summary, .tick"
READER_S, PERSON_S = 0.004, 0.15  # from key to key
SHOWN_LINES = 60
COME = "(where) => [...document.querySelectorAll(where)].every((one) => one.complete)"
SMALL = """(nodes) => nodes.filter((node) => node.checkVisibility() && !node.matches(".tick input"))
    .map((node) => [node.textContent || node.name, node.getBoundingClientRect()])
    .filter(([, box]) => box.width < 63.5 || box.height < 63.5)
    .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""

expect.set_options(timeout=WAIT_MS)


# Of a context that ignores the certificate, Chromium throws away each handshake and makes it anew for each request
# (56 of 92 in six loads of a page), and gives a request up for good after 32 of them: ERR_TOO_MANY_RETRIES.
ANY_CERTIFICATE = "--ignore-certificate-errors"


def launch(playwright: Playwright) -> Browser:
    """A browser to which every certificate is good; who minds has one of his own (trusting.py)."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, ANY_CERTIFICATE])


class Phone:
    """One person's device, from `with` to its end; any script error or breach of the policy fails there."""

    used: ClassVar[list["Phone"]] = []  # whose screens are shown when a test fails
    audited: ClassVar[set[tuple[str, str]]] = set()  # what axe-core has seen: name and size

    def __init__(
        self, browser: Browser, url: str, language: str = "zh", size: str = "phone", *, warned: bool = False
    ) -> None:
        """`warned`: the browser minds a certificate that it does not trust, as every browser does at first."""
        width, height = SIZES[size]
        self.url, self.language, self.size = url.rstrip("/"), language, size
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            ignore_https_errors=not warned,  # a phone that does not know the box's authority: the person goes on
            timezone_id="Europe/Berlin",  # not the site's: times are the site's all the same
            has_touch=size != "panel",
        )
        self.context.set_default_timeout(WAIT_MS)
        self.context.add_init_script(
            f"localStorage.getItem('language') || localStorage.setItem('language', '{language}')"
        )
        self.page: Page = self.context.new_page()
        self.taps = 0
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda fault: self.wrong.append(str(fault)))
        self.page.on("console", lambda line: self._hear(line.text))
        self._began_s = time.monotonic()
        self._lines: list[str] = []
        self.page.on("request", lambda asked: self._note(f"> {asked.method} {asked.url}"))
        self.page.on("response", lambda answer: self._note(f"< {answer.status} {answer.url}"))
        self.page.on("requestfailed", lambda asked: self._note(f"! {asked.failure} {asked.url}"))

    def _hear(self, line: str) -> None:
        self._note(line)
        if "Content Security" in line:
            self.wrong.append(line)

    def _note(self, line: str) -> None:
        self._lines.append(f"{time.monotonic() - self._began_s:8.3f} {line}")

    def __enter__(self) -> Self:
        self.used.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.used.remove(self)
        self.context.close()
        assert self.wrong == []

    def __call__(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def log_in(self, person: str, pin: str) -> None:
        """By id and keypad; then in the language of this device."""
        self("input[autocomplete=username]").fill(person)
        if pin.isdecimal():
            self.type(pin)
        else:
            self("input.pin").fill(pin)
        self.tap("button[type=submit]")
        expect(self(".top small")).to_be_visible()
        self.speak()

    def enter(self, person: str, path: str) -> None:
        """Log in by badge (DeskPeer's) on the way to a page; this device knows the language of its person."""
        self.go(f"/login?then={quote(path, safe='')}")
        self.page.evaluate(CHOSEN, [person, self.language])
        self.badge(f"badge-{person}")
        self.page.wait_for_url(f"{self.url}{path}")
        expect(self.page.locator("html")).to_have_attribute("lang", SPOKEN[self.language])

    def arrive(self) -> None:
        """From the log-in to the one permit's page: by its card, or back from what waits for me."""
        expect(self(".permit-card, .task").first).to_be_visible()
        self.tap(".task .back" if self(".task").count() else ".permit-card")
        expect(self(".glance")).to_be_visible()

    def log_out(self) -> None:
        self.tap(".top button:not([lang])")
        expect(self(".top small")).to_have_count(0)

    def badge(self, text: str, halfway: Callable[[], object] = lambda: None) -> None:
        """As a reader types it, wherever the cursor stands; `halfway`: what happens meanwhile."""
        expect(self("form, .panel").first).to_be_visible()  # the log-in, or the box's own screen
        self._keys([*text, "Enter"], READER_S, halfway)

    def write(self, text: str) -> None:
        """As a person types it."""
        self._keys([*text], PERSON_S)

    def _keys(self, keys: list[str], gap_s: float, halfway: Callable[[], object] = lambda: None) -> None:
        """Real keys that bring the time at which each was pressed: no busy machine stretches or crowds them."""
        began_utc = time.time() - gap_s * len(keys)
        keyboard = self.context.new_cdp_session(self.page)
        for number, key in enumerate(keys):
            if number == len(keys) // 2:
                halfway()
            pressed = {"key": key, "timestamp": began_utc + gap_s * number}
            more = {"text": "\r", "windowsVirtualKeyCode": 13} if key == "Enter" else {"text": key}
            keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed, **more})
            keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
        keyboard.detach()

    def become(self, language: str, size: str) -> None:
        """As if it were another device, with the same person on the same page."""
        self.resize(size)
        self.language = language
        self.speak()

    def resize(self, size: str) -> None:
        self.size = size
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})

    def watch(self, language: str = "en") -> None:
        """Open the board, live, in this language."""
        self.language = language
        self.go("/board")
        expect(self(".pulse")).to_have_attribute("data-live", "true")
        self.speak()

    def speak(self) -> None:
        """People of the demo speak Chinese; whoever holds an English device says so once."""
        spoken = SPOKEN[self.language]
        if self.page.locator("html").get_attribute("lang") != spoken:
            self.page.locator(".top button[lang]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", spoken)

    def type(self, digits: str) -> None:
        """On the page's own keypad."""
        for digit in digits:
            self.page.locator(".key", has_text=re.compile(f"^{re.escape(digit)}$")).click()

    def tap(self, selector: str) -> None:
        self.taps += 1
        self(selector).first.click()

    def open(self, permit: str) -> None:
        self.go(f"/p/{permit}")

    def do(self, ask: str) -> None:
        """Open one of the steps that the page offers me, where it is folded away or not."""
        expect(self(f'.steps a[href*="do={ask}"]').first).to_be_attached()
        if self(f'.decisions:not([open]) a[href*="do={ask}"]').count():
            self.tap(".decisions summary")
        self.tap(f'.steps a[href*="do={ask}"]')
        expect(self(".task")).to_be_visible()

    def send(self) -> None:
        """The task's own button; then the permit's page is back, or the page says why not."""
        self.tap(".task button[type=submit]")
        expect(self(".told p, .fault").first).to_be_visible()
        refused = self(".fault").all_inner_texts()
        assert not refused, refused
        expect(self(".task")).to_have_count(0)

    def sign(self, ask: str, pin: str) -> None:
        """A step that asks once more who it is."""
        self.do(ask)
        self.type(pin)
        self.send()

    def has_pictures(self, selector: str) -> None:
        """Every picture there has come."""
        self.page.wait_for_function(COME, arg=selector)
        widths = self(selector).evaluate_all("(all) => all.map((one) => one.naturalWidth)")
        assert widths
        assert 0 not in widths, "a picture that did not come"

    def tone(self, tone: str) -> None:
        expect(self(".glance")).to_have_attribute("data-tone", tone)

    def look(self, name: str) -> None:
        """What every screen must be: nothing too small, nothing cut off, no serious fault of accessibility.

        That last is asked once for each screen and size: it takes longer than all the rest.
        """
        if PICTURES:
            file = Path(PICTURES) / f"{name}-{self.language}-{self.size}.png"
            self.page.screenshot(path=file, full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SIZES[self.size][0]
        wrong: list[Any] = self(TOUCHED).evaluate_all(SMALL)
        if (name, self.size) not in self.audited:
            wrong += faults(self.page)
        assert not wrong, f"{name}: {wrong}"
        self.audited.add((name, self.size))

    def told(self) -> str:
        """For whoever asks why a test failed: what stands on the screen, and what was asked of the box."""
        try:
            shown = self("body").inner_text(timeout=2000)
        except Error as fault:  # a page that hangs, or has gone
            shown = str(fault)
        return "\n".join([self.page.url, shown, *self._lines[-SHOWN_LINES:]])

    def focused(self) -> ElementHandle:
        handle = self.page.evaluate_handle("document.activeElement").as_element()
        assert handle is not None
        return handle


def faults(page: Page) -> list[Any]:
    """What axe-core finds serious or worse."""
    page.evaluate(AXE.read_text("utf-8"))  # past the page's policy, which lets no other script in
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", RULES)
    return [
        (one["id"], [node["target"] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
