"""`LICENCES.txt`: under which licences a release's parts come, and their own words."""

from collections.abc import Iterable, Iterator

from edge_agent.ops.release.contents import Part

HEAD = """The parts of edge-agent {version} that are not its own, and the licences under which they come, as each
part's own metadata says. edge-agent itself: Apache-2.0 (LICENSE; what the models were trained on: NOTICE). What
Debian brings (packages that are depended on) is not in here: each has its own /usr/share/doc/PACKAGE/copyright.
"""
CARRIED = """
Wheels carry other people's shared libraries beside their own code. What a wheel says of itself does not always
speak of these: whoever distributes a box looks at them (with av: x264 and x265, GPL-2.0-or-later or commercial).
"""
RULE = "=" * 100


def licences(version: str, parts: Iterable[Part]) -> str:
    """The whole file."""
    known = sorted({(one.name, one.version): one for one in parts if one.kind != "deb"}.items())
    return "\n".join(_lines(version, [part for _, part in known])) + "\n"


def _lines(version: str, parts: list[Part]) -> Iterator[str]:
    yield HEAD.format(version=version)
    for one in parts:
        yield f"{one.name:32} {one.version:24} {one.licence or 'says nothing: see its own words below'}"
    yield CARRIED
    for one in parts:
        if one.carries:
            yield f"{one.name}: {', '.join(one.carries)}"
    for one in parts:
        for text in dict.fromkeys(one.texts):
            yield f"\n{RULE}\n{one.name} {one.version}\n{RULE}\n{text}"
