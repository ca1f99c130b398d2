"""What every kind of store is asked: begin a file, take a part of it, end it."""

from typing import Protocol

from msgspec import Struct


class Parcel(Struct, frozen=True, kw_only=True):
    """One file on its way. `seq` is that of the event which told of it; `parts` its bytes, part by part."""

    name: str
    sha256: str
    size: int
    seq: int
    parts: tuple["Part", ...]


class Part(Struct, frozen=True, kw_only=True):
    """Some bytes of a file, numbered from 1."""

    number: int
    offset: int
    length: int
    sha256: str


class Way(Protocol):
    """One kind of store. Every method raises Later, Refused or Anew."""

    def greet(self) -> None:
        """Ask for nothing: only whether we are let in."""

    def address(self, parcel: Parcel) -> str:
        """Where it will lie, without anything secret; "" where only the centre knows."""

    def begin(self, parcel: Parcel) -> str:
        """A name for what is begun, for the calls after it; may be empty."""

    def put(self, parcel: Parcel, upload: str, part: Part, body: bytes) -> str:
        """Send one part; what it is known by there (ETag)."""

    def end(self, parcel: Parcel, upload: str, etags: tuple[str, ...]) -> None:
        """All parts are there."""
