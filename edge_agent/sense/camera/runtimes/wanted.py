"""Which runtime is wanted: said by the agent, which loads none itself."""

from msgspec import Struct

PLAIN = "onnx-cpu"  # what every board has


class Wanted(Struct, frozen=True, kw_only=True):
    """Which runtime, with how many threads, and where what is built on this device is kept."""

    runtime: str = PLAIN
    threads: int = 1
    engines_folder: str = ""
