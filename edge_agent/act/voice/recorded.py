"""The pieces as samples: `VOICES/<language>/<piece>.opus`, decoded once. A piece that is not there is left out."""

from pathlib import Path

import av
from av.error import FFmpegError

from edge_agent.decide.speech import Saying

VOICES = "firmware_configs/voices"
RATE_HZ = 48_000
GAP = b"\0\0" * round(0.12 * RATE_HZ)  # between two pieces
PAUSE = b"\0\0" * round(0.45 * RATE_HZ)  # between two languages


class Recorded:
    """The pieces of one folder."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        """Nothing is read until it is said."""
        self._folder = folder
        self._languages = languages
        self._known: dict[Path, bytes] = {}
        self.missing: set[str] = set()  # pieces that could not be read, "zh/head.leave"

    def samples(self, saying: Saying) -> bytes:
        """One saying in every language, signed 16 bit, one channel."""
        spoken = [self._in(language, saying.pieces) for language in self._languages]
        return PAUSE.join(one for one in spoken if one)

    def _in(self, language: str, pieces: tuple[str, ...]) -> bytes:
        return GAP.join(filter(None, (self._piece(language, piece) for piece in pieces)))

    def _piece(self, language: str, piece: str) -> bytes:
        path = self._folder / language / f"{piece}.opus"
        if path not in self._known:
            try:
                self._known[path] = decoded(path)
            except (OSError, FFmpegError):
                self._known[path] = b""
                self.missing.add(f"{language}/{piece}")
        return self._known[path]


def decoded(path: Path) -> bytes:
    """The samples of a file. Raises OSError or FFmpegError."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    found = bytearray()
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            for one in resampler.resample(frame):
                found += one.to_ndarray().tobytes()
        for one in resampler.resample(None):
            found += one.to_ndarray().tobytes()
    return bytes(found)
