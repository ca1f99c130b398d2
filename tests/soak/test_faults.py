"""`make faults` in small: a while without the centre. (Kills: tests/tell/test_forwarder; cuts: tests/store.)"""

from pathlib import Path

import pytest

from tests.soak import faults


def test_after_a_while_without_the_centre_it_has_every_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(faults, "QUIET_S", "1")
    faults.offline(tmp_path, 0.02)
    assert "0.02 days offline" in capfd.readouterr().out
