"""The mutation tool itself: it changes what it says, in the running code, and takes it back."""

import ast
from pathlib import Path

import pytest

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.observation import Position
from edge_agent.domain.words import NOTHING
from edge_agent.domain.zone import Area
from edge_agent.fuse import people
from edge_agent.fuse.gas_average import Average
from edge_agent.fuse.tags import remembered
from tests.mutation.change import Mutant, changed, mutants
from tests.mutation.patch import ROOT, applied

CODE = '''
LIMIT = 3

class Gas:
    @property
    def danger(self):
        """Text."""
        if self.level > 7 and not self.quiet:
            return True
        if self.quiet:
            return False
        return any(x + 1 in self.seen for x in self.more if x != 2)

def told(events, now_s):
    for event in events:
        events.append(f"{now_s + 1}")
        yield event
    return min(now_s, 5) if events else None
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "code.py"
    path.write_text(CODE)
    return path


def test_every_change_is_named_with_its_place(file: Path) -> None:
    found = {(one.function, one.line, one.what) for one in mutants(file, "code.py")}
    assert {
        ("Gas.danger", 8, "not (self.level > 7 and (not self.quiet))"),
        ("Gas.danger", 8, "Gt -> GtE in self.level > 7"),
        ("Gas.danger", 8, "7 -> 8"),
        ("Gas.danger", 8, "without the not: not self.quiet"),
        ("Gas.danger", 9, "return None instead of True"),
        ("Gas.danger", 12, "not (x != 2)"),
        ("told", 16, "dropped: events.append(f'{now_s + 1}')"),
        ("told", 17, "dropped: yield event"),
        ("told", 18, "min -> max in min(now_s, 5)"),
    } <= found
    assert not [what for _, line, what in found if line in {2, 7}], "rows and words are not changed"
    assert {what for _, line, what in found if line == 11} == {"False -> True"}, (
        "nothing instead of nothing is none"
    )


def test_each_change_changes_the_code_once(file: Path) -> None:
    every = mutants(file, "code.py")
    texts = {ast.unparse(changed(file, one)) for one in every}
    assert len(texts) == len(every)
    assert ast.unparse(ast.parse(CODE)) not in texts


def test_a_property_runs_the_changed_code_and_then_the_real_one_again() -> None:
    name = "edge_agent/fuse/gas_average.py"
    wanted = next(
        one
        for one in mutants(ROOT / name, name)
        if one.function == "Average.complete" and one.what.startswith("return None instead of self.known")
    )
    whole = Average(value=1.0, known=15, minutes=15)
    with applied(wanted):
        assert whole.complete is None
    assert whole.complete is True


def test_what_the_real_code_made_is_not_handed_out_again() -> None:
    name = "edge_agent/fuse/people.py"
    wanted = next(
        one
        for one in mutants(ROOT / name, name)
        if one.function == "_tag" and one.what.startswith("return None instead")
    )
    device = Device(id="tag-1", kind=DeviceKind.WEARABLE, name=NOTHING, period_s=1.0, stale_after_s=10.0)
    memory = remembered(None, Position(source="tag-1", at_s=1.0, zone="here"), 3.0, 600.0)
    assert people.tag(device, memory, (), 1.0).area == "here"
    with applied(wanted):
        assert people.tag(device, memory, (), 1.0) is None
    assert people.tag(device, memory, (), 1.0).area == "here"


def test_a_function_imported_elsewhere_runs_the_changed_code() -> None:
    name = "edge_agent/fuse/people.py"
    for wanted in mutants(ROOT / name, name):
        if wanted.function == "area_of" and wanted.what.startswith("return None instead of held"):
            assert _where() == "here"
            with applied(wanted):
                assert _where() is None
            return
    raise AssertionError("the function has changed: choose another")


def _where() -> str | None:
    here = Area(id="here", name=NOTHING, corners=((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)))
    return people.area_of(1.0, 1.0, (here,))


def test_what_cannot_be_changed_in_place_is_said() -> None:
    odd = Mutant(file="edge_agent/domain/observation.py", line=1, function="Quality", number=0, what="")
    with pytest.raises(TypeError), applied(odd):
        pass
