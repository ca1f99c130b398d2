"""Somebody's hands at a device: what is typed and tapped, by rates; how long each part of a job takes."""

import os
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.pages.phone import Phone
from web_ui.words import TABLES

KEY_S = 0.35  # a character typed on a phone: 34 words a minute
TAP_S = 1.5  # a button found and pressed
READ_S = 3.0  # a page that is new


class Hands:
    """Somebody at a device: what he types and taps, and how long a person takes for that."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.person_s, self.looked_s = phone, 0.0, 0.0

    @property
    def words(self) -> Any:
        return TABLES[self.phone.language]

    def fill(self, label: str, text: str) -> None:
        self.into(self.phone.page.get_by_label(label, exact=True), text)

    def completes(self, label: str, text: str) -> None:
        """A field in which the page has begun to write: what stands there already is not typed."""
        field = self.phone.page.get_by_label(label)
        there = field.input_value()
        assert text.startswith(there), f"{label}: {there} is no beginning of {text}"
        self.into(field, text)
        self.person_s -= KEY_S * len(there)

    def into(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.person_s += TAP_S + KEY_S * len(text)

    def command(self, line: str) -> None:
        """At the console, and Enter."""
        self.person_s += KEY_S * (len(line) + 1)

    def choose(self, file: Path) -> None:
        """A file that lies on the phone: the field, the file, and a look at what the page makes of it."""
        self.phone("input[type=file]").set_input_files(file)
        self.person_s += 2 * TAP_S + READ_S

    def press(self, name: str | re.Pattern[str]) -> None:
        exact = isinstance(name, str)
        self.phone.page.get_by_role("button", name=name, exact=exact).first.click()
        self.person_s += TAP_S

    def link(self, to: str) -> None:
        self.phone(f"a[href='{to}']").first.click()
        self.person_s += TAP_S + READ_S

    def comes_to(self, path: str) -> None:
        """A page that comes by itself."""
        self.phone.page.wait_for_url(self.phone.url + path)
        self.person_s += READ_S

    def logs_in(self, person: str, pin: str) -> None:
        self.phone.go("/")
        self.phone.log_in(person, pin)
        self.person_s += 2 * TAP_S + KEY_S * len(person + pin)

    def is_waited_for(self, permit: str, ask: str) -> None:
        """After the log-in the page of what waits for this person alone is there."""
        self.phone.page.wait_for_url(f"{self.phone.url}/p/{permit}?do={ask}*")
        self.person_s += READ_S

    def pin(self, pin: str) -> None:
        self.phone.type(pin)
        self.person_s += KEY_S * len(pin)

    def submit(self) -> None:
        self.phone.tap("button[type=submit]")
        self.person_s += TAP_S

    def opens(self, ask: str) -> None:
        """A step of a permit, on its page."""
        self.phone.do(ask)
        self.person_s += TAP_S + READ_S

    def sends(self) -> None:
        """The task's own button."""
        self.phone.send()
        self.person_s += TAP_S

    def signs(self, ask: str, pin: str) -> None:
        """A step of a permit that asks for nothing but PIN: the keypad unfolds on the permit's page."""
        self.phone.do(ask)
        expect(self.phone(".glance")).to_be_visible()
        self.person_s += TAP_S
        self.pin(pin)
        self.sends()

    def does(self, ask: str) -> None:
        self.opens(ask)
        self.sends()


class Times:
    """How long each part takes: the machine without the looks at its screens, and people by the rates above."""

    def __init__(self, aim_s: float) -> None:
        self._aim_s = aim_s
        self._hands: list[Hands] = []
        self._last, self._lines = (time.monotonic(), 0.0), [""]
        self._sums = [0.0, 0.0]

    def watched(self, hands: Hands) -> Hands:
        self._hands.append(hands)
        return hands

    def told(self, part: str) -> None:
        now = (
            time.monotonic() - sum(one.looked_s for one in self._hands),
            sum(one.person_s for one in self._hands),
        )
        machine_s, person_s = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        self._sums = [self._sums[0] + machine_s, self._sums[1] + person_s]
        self._lines.append(f"{part}: machine {machine_s:.0f} s, people {person_s:.0f} s")

    def kept(self) -> None:
        """Into the file that EDGE_AGENT_TIMES names; no test of time: the machine may be busy."""
        machine_s, person_s = self._sums
        self._lines.append(
            f"together {machine_s + person_s:.0f} s (machine {machine_s:.0f}, people {person_s:.0f}); "
            f"aim {self._aim_s:.0f} s; load {os.getloadavg()[0]:.1f}"
        )
        if "EDGE_AGENT_TIMES" in os.environ:
            with Path(os.environ["EDGE_AGENT_TIMES"]).open("a", encoding="utf-8") as file:
                file.write("\n".join(self._lines[1:]) + "\n")
