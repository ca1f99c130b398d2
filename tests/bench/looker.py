"""A page in a real browser that notes by itself when it has painted what: no question is put to it meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.pages.phone import Phone

# `painted` runs after the frame that holds what was just changed: a frame's callbacks come before its painting, a
# message that one of them posts comes after it. Date.now() is the machine's clock, which the box has too.
PAINTED = """const painted = (heard) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => heard(performance.now(), Date.now() / 1000);
    after.port2.postMessage(null);
});"""
NOTES = (
    """(() => {"""
    + PAINTED
    + """
    const noted = (window.noted = { events: {}, words: [], paints: [] });
    const Real = window.EventSource;
    window.EventSource = class extends Real {
        constructor(...of) {
            super(...of);
            this.addEventListener("picture", () => {
                const came = performance.now();
                painted((now) => noted.paints.push((now - came) / 1000));
            });
        }
    };
    new MutationObserver(() => {
        const news = [...document.querySelectorAll(".events li[data-seq]")].map((one) => one.dataset.seq)
            .filter((seq) => !(seq in noted.events));
        const word = document.querySelector(".glance")?.dataset.tone;
        const other = word && word !== noted.words.at(-1)?.[0] ? [word, 0] : null;
        if (other) noted.words.push(other);
        for (const seq of news) noted.events[seq] = 0;
        if (news.length || other) painted((_, at) => {
            for (const seq of news) noted.events[seq] = at;
            if (other) other[1] = at;
        });
    }).observe(document, { subtree: true, childList: true, attributes: true });
})();"""
)
BARE = (
    "(times) => new Promise((done) => {"
    + PAINTED
    + """
    const found = [], line = document.body.appendChild(document.createElement("p"));
    const once = () => {
        const began = performance.now();
        line.textContent = String(found.length);
        painted((now) => {
            found.push((now - began) / 1000);
            if (found.length < times) setTimeout(once, 40 + 10 * (found.length % 5)); else done(found);
        });
    };
    once();
})"""
)
WORD_AFTER = """({ words, since, within_ms }) => new Promise((done) => {
    const until = performance.now() + within_ms;
    const look = () => {
        const found = noted.words.find(([word, at]) => at > since && words.includes(word));
        if (found || performance.now() > until) done(found ? found[1] : null); else setTimeout(look, 50);
    };
    look();
})"""


class Looker:
    """One device, logged in, on one page."""

    def __init__(self, phone: Phone) -> None:
        self.page: Page = phone.page

    def events(self) -> dict[int, float]:
        """The Unix second at which each event was painted."""
        return {int(seq): at for seq, at in self._noted("events").items() if at}

    def paints(self) -> list[float]:
        """Seconds from each picture's arrival in the page to the frame that shows it."""
        found: list[float] = self._noted("paints")
        return found

    def word_after(self, words: tuple[str, ...], since: float, within_s: float) -> float | None:
        """The Unix second at which one of the guard's words was painted after `since`, if it comes in time."""
        wish = {"words": words, "since": since, "within_ms": within_s * 1000}
        found: float | None = self.page.evaluate(WORD_AFTER, wish)
        return found

    def shows(self, words: tuple[str, ...], within_s: float) -> bool:
        """Whether one of the guard's words stands there, or comes soon."""
        last = self.page.evaluate("noted.words.at(-1) ?? ['', 0]")
        return last[0] in words or self.word_after(words, last[1], within_s) is not None

    def _noted(self, what: str) -> Any:
        return self.page.evaluate(f"noted.{what}")


@contextmanager
def looking(browser: Browser, url: str, who: tuple[str, str], path: str, size: str) -> Iterator[Looker]:
    """Somebody (id, PIN) before a page; it is live."""
    with Phone(browser, url, "en", size) as phone:
        phone.go("/login")
        phone.log_in(*who)
        phone.context.add_init_script(NOTES)
        phone.go(path)
        expect(phone(".glance, .overall, .events").first).to_be_visible()
        expect(phone(".notlive")).to_have_count(0)
        yield Looker(phone)


def bare_paints(browser: Browser, times: int) -> list[float]:
    """The floor: one line of text in an empty page, from its change to the frame that shows it."""
    page = browser.new_page()
    found: list[float] = page.evaluate(BARE, times)
    page.close()
    return found
