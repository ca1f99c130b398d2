"""A box that has given up says so aloud, whatever is wrong with its settings, until a person ends it."""

import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from edge_agent.act.voice.aplay import Aplay
from edge_agent.act.voice.recorded import Recorded
from edge_agent.decide.speech import Saying, Urgency
from edge_agent.ops.down import say_it

ROOT = Path(__file__).parents[2]
VOICES = ROOT / "firmware_configs" / "voices"


def stop_work(*languages: str) -> bytes:
    return Recorded(VOICES, languages).samples(Saying(key="down", urgency=Urgency.STOP, pieces=("head.stop",)))


def a_site(folder: Path, extra: str = "") -> Path:
    shutil.copytree(ROOT / "zones" / "demo-tank", folder)
    site = folder / "site.toml"
    site.write_text(re.sub(r"(?ms)^\[voice\].*?(?=^\[)", "", site.read_text("utf-8")) + extra, encoding="utf-8")
    return folder


def test_the_sites_own_device_and_language_say_stop_work_again_and_again(tmp_path: Path) -> None:
    out = tmp_path / "out.raw"
    site = a_site(tmp_path / "site", f'\n[voice]\ndevice = "file:FILE={out},FORMAT=raw"\nlanguages = ["zh"]\n')
    ended = threading.Event()
    worker = threading.Thread(target=say_it, args=(site, ROOT, ended, 0.01))
    worker.start()
    whole = stop_work("zh")
    while not out.exists() or len(out.read_bytes()) < len(whole):
        assert worker.is_alive()
        ended.wait(0.05)
    first = out.stat().st_ino, out.read_bytes()[: len(whole)]
    out.unlink()
    while not out.exists():
        ended.wait(0.05)
    ended.set()
    worker.join()
    assert first[1] == whole


@pytest.mark.parametrize("spoil", ["nonsense = [", None])
def test_settings_that_cannot_be_read_do_not_silence_it(
    tmp_path: Path, spoil: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual device and both languages are taken where site.toml is broken or gone."""
    folder, said = tmp_path / "site", []
    if spoil is not None:
        a_site(folder, spoil)
    ended = threading.Event()

    def play(sounds: Aplay, samples: bytes, _: object) -> None:
        said.append((sounds._device, samples))
        ended.set()

    monkeypatch.setattr(Aplay, "play", play)
    assert say_it(folder, ROOT, ended) == 0
    assert said == [("default", stop_work("zh", "en"))]


def test_the_log_says_it_in_both_languages_with_the_remedy_and_sigterm_ends_it(tmp_path: Path) -> None:
    """Also where no sound device is at all."""
    command = [sys.executable, "-m", "edge_agent", "down", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as box:
        assert box.stderr is not None
        line = box.stderr.readline()
        box.send_signal(signal.SIGTERM)
        assert box.wait(30) == 0
    assert "本机已停止监护" in line
    assert "does not guard" in line
    assert "reset-failed" in line
