"""The box's voice, on the real aplay into a file instead of a card: nobody waits for it; its silence is told."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from edge_agent.act.voice.aplay import Aplay, SpeakerError
from edge_agent.act.voice.order import AT_MOST, GAP_S, STALE_S, Order
from edge_agent.act.voice.recorded import RATE_HZ, Recorded, decoded
from edge_agent.act.voice.speaker import Voice
from edge_agent.clock import SystemClock
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.speech import Saying, Urgency, pieces
from edge_agent.domain.outcome import Effect, Event, Priority
from edge_agent.domain.words import Words
from edge_agent.ops.voice import manifest
from edge_agent.ops.voice.render import BOOKS, ROOT, said
from edge_agent.settings.one_book import one_book
from tests.act.relay_bench import health
from tests.scenarios.stories.telling import working
from tests.sense.field_fakes import Heard
from tests.support.story import scenario_site

FOLDER = ROOT / "firmware_configs" / "voices"
WANTED = pieces(RULES, [one_book(path, ROOT) for path in sorted(BOOKS.glob("*.toml"))])
NULL = "null"  # ALSA's own device that plays into nothing
MOST_BYTES = 6_000_000


def saying(key: str, urgency: Urgency) -> Saying:
    return Saying(key=key, urgency=urgency, pieces=("head.stop",))


LEAVE, STOP, OTHER = saying("l", Urgency.LEAVE), saying("s", Urgency.STOP), saying("o", Urgency.STOP)
ANSWER, TOLD = saying("a", Urgency.ANSWER), saying("t", Urgency.TOLD)


def spoken(order: Order, now_s: float) -> str | None:
    found = order.take(now_s)
    if found is not None:
        order.ended(found, now_s)
    return None if found is None else found.key


class TestOrder:
    def test_the_most_urgent_is_said_first_and_again_after_its_gap(self) -> None:
        order = Order()
        order.hear((LEAVE, STOP), (), 0.0)
        assert [spoken(order, 0.0), spoken(order, 0.1)] == ["l", None], "nothing else between two calls to leave"
        assert spoken(order, GAP_S[Urgency.LEAVE]) == "l"
        order.hear((STOP,), (), 5.0)
        assert spoken(order, 5.0) == "s"

    def test_those_of_one_urgency_take_turns_and_what_is_less_waits_for_a_gap(self) -> None:
        order = Order()
        order.hear((STOP, OTHER, ANSWER), (TOLD,), 0.0)
        assert [spoken(order, 0.1 * n) for n in range(5)] == ["s", "o", "a", "t", None]
        assert [spoken(order, 20.0), spoken(order, 40.0)] == ["s", "o"]

    def test_of_many_reasons_the_first_few_are_said(self) -> None:
        order = Order()
        order.hear([saying(f"s{n}", Urgency.STOP) for n in range(20)], (), 0.0)
        assert [spoken(order, 0.0) for _ in range(20)] == ["s0", "s1", "s2", *[None] * (20 - AT_MOST)]

    def test_what_is_being_said_ends_for_what_is_worse_and_when_its_reason_has_gone(self) -> None:
        order = Order()
        order.hear((STOP,), (), 0.0)
        assert order.take(0.0) is STOP
        assert not order.overtaken(STOP)
        order.hear((STOP, ANSWER, OTHER), (), 0.1)
        assert not order.overtaken(STOP)
        order.hear((LEAVE, STOP), (), 0.2)
        assert order.overtaken(STOP)
        assert order.overtaken(TOLD)
        order.hear((), (), 0.3)
        assert order.overtaken(STOP)
        assert not order.overtaken(TOLD)

    def test_what_happened_long_ago_is_not_told_and_what_comes_again_is_new(self) -> None:
        order = Order()
        order.hear((STOP,), (TOLD,), 0.0)
        assert spoken(order, 0.0) == "s"
        order.hear((), (), 1.0)
        assert spoken(order, STALE_S) is None
        order.hear((STOP,), (), STALE_S)
        assert spoken(order, STALE_S) == "s"


def samples(seconds: float) -> bytes:
    return (np.sin(np.arange(round(seconds * RATE_HZ)) / 10) * 9000).astype("<i2").tobytes()


class TestAplay:
    def test_what_is_played_reaches_the_device_whole(self, tmp_path: Path) -> None:
        out, sound = tmp_path / "out.raw", samples(1.5)
        Aplay(f"file:FILE={out},FORMAT=raw").play(sound, lambda: False)
        assert out.read_bytes().startswith(sound)

    def test_a_device_that_is_not_there_is_said_with_what_to_do(self) -> None:
        with pytest.raises(SpeakerError) as silent:
            Aplay("hw:9").play(samples(0.1), lambda: False)
        assert "hw:9: the sound device does not open" in silent.value.words.en
        assert "aplay -L" in silent.value.words.zh

    def test_without_aplay_it_is_said_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nonexistent")
        with pytest.raises(SpeakerError, match="install alsa-utils"):
            Aplay(NULL).play(samples(0.1), lambda: False)

    def test_it_ends_at_once_when_interrupted_and_leaves_a_device_that_hangs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "aplay").write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / "aplay").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        began_s = time.monotonic()
        Aplay(NULL).play(samples(30), lambda: time.monotonic() - began_s > 0.1)
        assert time.monotonic() - began_s < 3.0
        monkeypatch.setattr("edge_agent.act.voice.aplay.LATE_S", 0.1)
        with pytest.raises(SpeakerError, match="hangs"):
            Aplay(NULL).play(samples(0.1), lambda: False)


class Device:
    """Takes samples as quickly as it is given them; `hold` makes the next one last until it is interrupted."""

    def __init__(self) -> None:
        self.played: list[bytes] = []
        self.hold = False
        self.interruptions = 0
        self.wrong: SpeakerError | None = None

    def play(self, sound: bytes, interrupted: Callable[[], bool]) -> None:
        if self.wrong is not None:
            raise self.wrong
        self.played.append(sound)
        while self.hold:
            if interrupted():
                self.interruptions += 1
                return
            time.sleep(0.005)


class Spoken(NamedTuple):
    voice: Voice
    device: Device
    heard: Heard
    recorded: Recorded


@pytest.fixture
def speaking() -> Iterator[Spoken]:
    device, heard, stop = Device(), Heard(), threading.Event()
    recorded = Recorded(FOLDER, ("zh", "en"))
    voice = Voice(scenario_site(), SystemClock(declared=True), recorded, device)
    thread = threading.Thread(target=voice.run, args=(heard, stop))
    thread.start()
    try:
        yield Spoken(voice, device, heard, recorded)
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def decision(*events: str) -> Any:
    told = [
        Event(seq=n, type=one, subject="P-1", at_s=0, at_utc=0, priority=Priority.HIGH, data={})
        for n, one in enumerate(events)
    ]
    return SimpleNamespace(state=SimpleNamespace(alarms={}), events=tuple(told))


def until(true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_the_worker_tries_the_device_at_once_and_says_what_happened_in_both_languages(speaking: Spoken) -> None:
    speaking.heard.wait(health(ok=True))
    speaking.voice.beside(decision("permit.resume_refused"))
    said = speaking.recorded.samples(Saying(key="", urgency=Urgency.TOLD, pieces=("head.resume_refused",)))
    until(lambda: said in speaking.device.played)
    assert said.startswith(decoded(FOLDER / "zh" / "head.resume_refused.opus"))
    assert said.endswith(decoded(FOLDER / "en" / "head.resume_refused.opus"))


def test_a_card_that_is_not_there_is_told_and_a_piece_that_is_not_there_too(speaking: Spoken) -> None:
    speaking.heard.wait(health(ok=True))
    speaking.recorded.missing.add("zh/head.stop")
    speaking.voice.beside(decision("permit.started"))
    speaking.heard.wait(health(ok=False, word="zh/head.stop"))
    speaking.device.wrong = SpeakerError(Words("声卡打不开", "does not open"))
    speaking.voice.beside(decision("permit.started"))
    speaking.heard.wait(health(ok=False, word="does not open"))


def test_the_brain_never_waits_for_a_sentence(speaking: Spoken) -> None:
    speaking.device.hold = True
    speaking.voice.beside(decision("permit.started"))
    until(lambda: len(speaking.device.played) > 0)
    began_s = time.monotonic()
    for _ in range(1000):
        speaking.voice.beside(decision("permit.resumed"))
    assert time.monotonic() - began_s < 1.0
    speaking.device.hold = False


def test_a_stop_of_a_job_is_heard_on_the_device(tmp_path: Path) -> None:
    story = working(scenario_site())
    story.field.silent.add("gas-ch4")
    story.run(90)
    out, recorded, stop = tmp_path / "out.raw", Recorded(FOLDER, ("zh", "en")), threading.Event()
    voice = Voice(story.settings, SystemClock(declared=True), recorded, Aplay(f"file:FILE={out},FORMAT=raw"))
    thread = threading.Thread(target=voice.run, args=(Heard(), stop))
    said = ("head.stop", "gas.ch4", "rule.gas_not_good")
    wanted = recorded.samples(Saying(key="", urgency=Urgency.STOP, pieces=said))
    voice.beside(story.decisions[-1])
    thread.start()
    try:
        until(lambda: out.exists() and out.read_bytes().startswith(wanted))
    finally:
        stop.set()
        thread.join(10)
    assert wanted.startswith(decoded(FOLDER / "zh" / "head.stop.opus"))


STILL_TO_SPEAK = 3  # rules that may be there some days before their words: `check` names them
LEAVES = {f"rule.{rule.name}" for rule in RULES if rule.effect is Effect.EVACUATE}
SPOKEN = {name: piece for name, piece in manifest.read(FOLDER).items() if name in WANTED}


def test_everything_is_spoken_and_what_lets_people_leave_above_all() -> None:
    missing = set(WANTED) - set(SPOKEN)
    assert not {one for one in missing if not one.startswith("rule.") or one in LEAVES}
    assert len(missing) <= STILL_TO_SPEAK, f"render them: firmware_configs/voices/README.md: {missing}"


@pytest.mark.parametrize("piece", SPOKEN)
def test_every_piece_is_spoken_in_the_words_that_the_screen_shows(piece: str) -> None:
    known = SPOKEN[piece]
    assert known.words == WANTED[piece], "render it anew: firmware_configs/voices/README.md"
    for language, text in (("zh", known.words.zh), ("en", known.words.en)):
        file = FOLDER / language / f"{piece}.opus"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == known.sha256[language]
        sound = np.frombuffer(decoded(file), dtype="<i2").astype(float) / 32768
        length_s = len(sound) / RATE_HZ
        spoken_text = said(piece, text, language)
        syllables = len(spoken_text) if language == "zh" else len(spoken_text) / 3
        assert 0.1 * syllables < length_s < 0.6 * syllables + 1.5, (language, text, length_s)
        assert 0.04 < np.sqrt(np.mean(sound**2)) < 0.5, "silent, or noise"
        assert np.abs(sound).max() > 0.3
        assert np.mean(np.abs(sound) > 0.99) < 0.001, "clipped"


def test_they_are_small_enough_and_nothing_else_lies_there() -> None:
    files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.glob("*/*")}
    assert set(files) == {f"{language}/{piece}.opus" for language in ("zh", "en") for piece in SPOKEN}
    assert sum(path.stat().st_size for path in files.values()) < MOST_BYTES
