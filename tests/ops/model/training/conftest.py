"""The tests of training are collected only where torch is (the extra [train]): see CONTRIBUTING.md."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
