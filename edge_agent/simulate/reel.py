"""What one client of a simulated camera is shown, picture by picture, with timestamps that run on."""

from collections.abc import Iterator

from edge_agent.simulate.h264 import AccessUnit, Film


class Reel:
    """What one client is shown: the film in its rhythm, or what the mode puts in its place."""

    def __init__(self, film: Film, first: int) -> None:
        """Begins at the key frame `first` of the film, at tick 0."""
        self.tick = 0
        self._film = film
        self._next = first
        self._anchor = -film.units[first].dts
        self._last_key = film.units[first]
        self._astray = False
        self._scene = 0  # which scene is or was shown last
        self._shown: Iterator[tuple[int, AccessUnit]] = iter(())

    def film(self) -> AccessUnit:
        """The next picture of the film, its times in ticks of this reel."""
        if self._astray:  # after another mode: on from the next key frame, timestamps running on
            self._next, self._astray = self._film.key_after(self._next), False
            self._anchor = self.tick - self._film.units[self._next].dts
        unit = self._film.units[self._next]
        if unit.key:
            self._last_key = unit
        placed = _at(unit, self._anchor + unit.dts)
        self._next += 1
        if self._next == len(self._film.units):
            self._next, self._anchor = 0, self._anchor + self._film.period
        self.tick = self._anchor + self._film.units[self._next].dts
        return placed

    def instead(self, unit: AccessUnit | None = None) -> AccessUnit:
        """`unit`, or the last key frame, in the place of the film's next picture."""
        self._astray = True
        placed = _at(unit or self._last_key, self.tick)
        self.tick += self._film.frame_ticks
        return placed

    def skip(self, ticks: int) -> None:
        """Time has passed without pictures."""
        self._astray = True
        self.tick += ticks

    def scene(self, number: int, film: Film) -> tuple[int, AccessUnit] | None:
        """The next picture of scene `number`, and which of its pictures it is; None once it is over."""
        if number != self._scene:
            self._scene, self._shown = number, enumerate(film.units)
        following = next(self._shown, None)
        return None if following is None else (following[0], self.instead(following[1]))


def _at(unit: AccessUnit, tick: int) -> AccessUnit:
    """The same picture at another time."""
    return AccessUnit(nals=unit.nals, pts=tick + unit.pts - unit.dts, dts=tick, key=unit.key)
