"""What trains with Ultralytics is collected only where the extra [ultralytics] is: see CONTRIBUTING.md."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("ultralytics") else ["test_live_*.py"]
