"""Whether a change is noticed: by a scenario that decides otherwise, or by a test of that code that fails."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import coverage
import pytest

from edge_agent.decide.rules.table import RULES
from edge_agent.decide.step import begin, step
from tests.mutation.change import Mutant
from tests.mutation.patch import ROOT, applied
from tests.scenarios.scenario import Scenario, every_scenario
from tests.scenarios.stories import site_of

PURE = ("edge_agent/domain", "edge_agent/fuse", "edge_agent/decide")
UNIT_TESTS = ("tests/domain", "tests/fuse", "tests/decide")
# A change that loops for ever is noticed too. Seconds of this process's own work, so that a busy machine
# convicts nobody: the longest scenario takes one or two, all tests of the deciding code together two hundred.
SCENARIO_S = 30.0
TESTS_S = 600.0


class TooLongError(Exception):
    """The change made it run on."""


class Judge:
    """Knows which scenario and which test runs which line, so that only those are asked."""

    def __init__(self) -> None:
        """Runs everything once, watched."""
        self._scenarios = {scenario.name: scenario for scenario in every_scenario()}
        self._seen_by = _scenario_lines(self._scenarios)
        self._tests_of = _test_lines()

    def noticed_by(self, mutant: Mutant) -> str | None:
        """What fails with this change; None: it survives."""
        with applied(mutant):
            return self._by_scenario(mutant) or self._by_test(mutant)

    def _by_scenario(self, mutant: Mutant) -> str | None:
        for name in self._seen_by.get((mutant.file, mutant.line), ()):
            try:
                with _at_most(SCENARIO_S):
                    if self._scenarios[name].notices(RULES):
                        return f"scenario {name}"
            except Exception as fault:  # noqa: BLE001 (a crash is noticed too, and so is running on and on)
                return f"scenario {name}: {type(fault).__name__}"
        return None

    def _by_test(self, mutant: Mutant) -> str | None:
        tests = self._tests_of.get((mutant.file, mutant.line), ())
        if not tests:
            return None
        child = os.fork()  # what a failing test leaves behind must not meet the next change
        if child == 0:
            signal.setitimer(signal.ITIMER_PROF, TESTS_S)  # nobody catches it: the child ends
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                failed = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]) != pytest.ExitCode.OK
            os._exit(1 if failed else 0)
        _, status = os.waitpid(child, 0)
        return "a test" if status else None


def _scenario_lines(scenarios: dict[str, Scenario]) -> dict[tuple[str, int], list[str]]:
    """Which scenarios run which line, the shortest first."""
    watched = coverage.Coverage(data_file=None, include=[f"{ROOT}/{part}/*" for part in PURE])
    watched.start()
    for name, scenario in scenarios.items():
        watched.switch_context(name)
        site = site_of(name)
        decision = begin(site, scenario.start.instant, scenario.start.kept)
        for inputs in scenario.steps:
            decision = step(site, decision.state, inputs)
    watched.stop()
    lines = _by_line(watched.get_data())
    return {key: sorted(names, key=lambda name: len(scenarios[name].steps)) for key, names in lines.items()}


def _test_lines() -> dict[tuple[str, int], list[str]]:
    """Which tests run which line."""
    with tempfile.TemporaryDirectory() as folder:
        data_file = Path(folder) / "coverage"
        tests = [path for path in UNIT_TESTS if (ROOT / path).exists()]
        watched = [f"--cov={part.replace('/', '.')}" for part in PURE]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--cov-context=test",
            "--cov-report=",
        ]
        subprocess.run(
            [*command, *watched, *tests],
            cwd=ROOT,
            env={**os.environ, "COVERAGE_FILE": str(data_file)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        data = coverage.CoverageData(basename=str(data_file))
        data.read()
        found = _by_line(data)
    return {
        key: sorted({context.split("|")[0] for context in contexts if "::" in context})
        for key, contexts in found.items()
    }


def _by_line(data: coverage.CoverageData) -> dict[tuple[str, int], list[str]]:
    return {
        (str(Path(file).relative_to(ROOT)), line): contexts
        for file in data.measured_files()
        for line, contexts in data.contexts_by_lineno(file).items()
    }


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
