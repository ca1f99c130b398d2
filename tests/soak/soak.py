"""Ordinary permit-hours and planted dangers on every core. Workers import this file, so it starts nothing."""

import importlib.metadata
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.bench.table import machine
from tests.soak import dangers, ordinary
from tests.soak.kinds import DANGERS
from tests.soak.report import Report

HOURS_AT_A_TIME = 20.0
DANGERS_AT_A_TIME = 100


def _ordinary(seed: str) -> ordinary.Ordinary:
    return ordinary.play(seed, HOURS_AT_A_TIME)


def _dangers(chunk: Sequence[tuple[int, str]]) -> dangers.Planted:
    return dangers.play_many([(DANGERS[kind], seed) for kind, seed in chunk])


def soak(seed: str, hours: float, planted: int, workers: int, keep: Callable[[Report], None]) -> Report:
    """Play, and gather; `keep` is given what has run so far, so that a run that is cut short is not lost."""
    began_s = time.perf_counter()
    report = Report(seed=seed, workers=workers, machine=machine(("msgspec",)), version=_version())
    plays = -(-hours // HOURS_AT_A_TIME)
    each = [(at % len(DANGERS), f"{seed}/danger/{at}") for at in range(planted)]
    chunks = [each[at : at + DANGERS_AT_A_TIME] for at in range(0, planted, DANGERS_AT_A_TIME)]
    # A worker that dies breaks this pool and the run, instead of leaving it to wait for ever.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for one in pool.map(_ordinary, [f"{seed}/ordinary/{at}" for at in range(int(plays))]):
            report.add_ordinary(one)
            report.took_s = time.perf_counter() - began_s
            keep(report)
            say(f"{report.hours:.0f} permit-hours, {len(report.pauses)} false pauses")
        for many in pool.map(_dangers, chunks):
            report.add_planted(many)
            report.took_s = time.perf_counter() - began_s
            keep(report)
            say(f"{report.planted} dangers, {len(report.missed)} missed")
    return report


def _version() -> str:
    return importlib.metadata.version("edge-agent")


def say(words: str) -> None:
    """How far it is."""
    sys.stderr.write(f"\rsoak: {words}   " if sys.stderr.isatty() else f"soak: {words}\n")
    sys.stderr.flush()
