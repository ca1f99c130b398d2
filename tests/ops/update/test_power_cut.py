"""The power goes, or the updater is killed, at any instant: one whole version boots, and it is one that may."""

from tests.ops.update.cuts import cuts
from tests.ops.update.killed import kills


def test_a_power_cut_at_any_call_leaves_one_whole_version_that_boots(tmp_path) -> None:
    (tmp_path / "ours").mkdir()
    left = cuts(tmp_path / "ours", 40, "an update")
    assert [one for one in left if not one.good] == []
    assert len({one.boots for one in left}) >= 3, "cuts before, between and after the updates"


def test_with_fewer_syncs_something_is_lost(tmp_path) -> None:
    """Else the replay would prove nothing."""
    (tmp_path / "control").mkdir()
    assert any(not one.good for one in cuts(tmp_path / "control", 15, "an update", careless=True))


def test_a_killed_updater_leaves_one_whole_version_that_boots(tmp_path) -> None:
    assert kills(tmp_path, 2, "an update") == []
